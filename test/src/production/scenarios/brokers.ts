import { Kafka, logLevel } from 'kafkajs'
import type { Rig } from '../rig/rig.ts'
import type { Scenario } from '../rig/scenario.ts'
import { topics } from '../rig/topics.ts'
import { until } from '../rig/until.ts'

/** Three brokers, each topic on all of them, two of which must have a record before it counts. */
export const clusterFaults: Scenario = {
  fault: 'F10',
  what: 'three brokers: a leader killed, each restarted in turn, all three killed',
  async act(rig) {
    // It goes on for minutes: few senders, so that the evidence stays small.
    const senders = rig.load({ senders: 4, pauseMs: [100, 300] })
    const { kafka } = rig.servers
    if (!kafka) throw new Error('this scenario needs Kafka')
    await senders.more(20)
    const leader = await someLeader(kafka.brokers)
    await kafka.node(leader).kill()
    await published(rig, senders.more)
    await kafka.node(leader).start()
    await kafka.ready()
    for (const id of [1, 2, 3]) {
      await kafka.node(id).stop()
      await senders.more(5)
      await kafka.node(id).start()
      await kafka.ready()
    }
    await senders.more(20)
    await kafka.kill()
    await senders.more(20)
    await kafka.start()
    await published(rig, senders.more)
    return { loads: [senders], seen: `leader was broker ${leader}` }
  },
}

async function someLeader(brokers: readonly string[]): Promise<number> {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  const metadata = await admin.fetchTopicMetadata({ topics: [...topics] })
  await admin.disconnect()
  return metadata.topics[0]?.partitions[0]?.leader ?? 1
}

/** Deposits go on, and what they bring reaches the topics again within half a minute. */
async function published(rig: Rig, more: (count: number) => Promise<void>): Promise<void> {
  const relayed = async (): Promise<number> => {
    const [row] = await rig.servers.postgres.query(`select position from cursors where name = 'relay'`, rig.database)
    return Number(row?.['position'] ?? 0)
  }
  const before = await relayed()
  await more(10)
  const again = await until(async () => (await relayed()) > before, 30_000)
  if (!again) throw new Error('nothing was published for half a minute')
}
