import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as path, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { join } from '../flow/party.ts'
import { type KafkaCluster, startKafka } from '../servers/kafka.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'
import { clientOf, consume, readBack } from './kafka-records.ts'

let kafka: KafkaCluster
const directory = mkdtempSync(path(tmpdir(), 'socle-kafka-hub-'))
const topic = 'tncp.sandbox.awards.v1'
beforeAll(async () => {
  kafka = await startKafka({ nodes: 1 })
}, 120_000)
afterAll(async () => {
  await kafka.stop()
  rmSync(directory, { recursive: true, force: true })
})

const settings = (): Record<string, string> => ({
  HUB_KAFKA_BROKERS: kafka.brokers.join(),
  HUB_KAFKA_REPLICATION: '1',
  HUB_KAFKA_MIN_ISR: '1',
})

/** The command as operators run it. */
async function socleTopics(
  env: Readonly<Record<string, string>>,
  ...words: readonly string[]
): Promise<{ readonly status: number | null; readonly text: string }> {
  const bin = resolve(import.meta.dirname, '../../../gateway/bin/socle.mjs')
  const child = spawn(process.execPath, [bin, 'topics', ...words], { env: { PATH: process.env['PATH'], ...env } })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return await new Promise((done) => child.on('close', (status) => done({ status, text })))
}

describe('socle topics', () => {
  test('creates what is missing, then finds nothing to say', async () => {
    const before = await socleTopics(settings(), '--check')
    expect([before.status, before.text.match(/run socle topics/g)?.length]).toEqual([1, 5])
    const made = await socleTopics(settings())
    expect([made.status, made.text.match(/12 partitions.*retention\.ms=\d+.*créé \/ created/g)?.length]).toEqual([0, 5])
    const after = await socleTopics(settings(), '--check')
    expect([after.status, after.text.includes('created')]).toEqual([0, false])
  }, 60_000)

  test('says what differs, in both languages, and alters nothing', async () => {
    const admin = clientOf(kafka.brokers).admin()
    await admin.connect()
    const configEntries = [
      { name: 'unclean.leader.election.enable', value: 'true' },
      { name: 'cleanup.policy', value: 'compact' },
      { name: 'max.message.bytes', value: '100000' },
    ]
    await admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: 2, name: 'tncp.sandbox.outcomes.v1', configEntries }],
    })
    const ask = async () => await socleTopics({ ...settings(), HUB_KAFKA_PARTITIONS: '6', HUB_KAFKA_REPLICATION: '3' })
    // The broker tells of its new settings a moment after it took them.
    await expect.poll(async () => (await ask()).text, { timeout: 20_000 }).toContain('max.message.bytes=100000')
    const other = await ask()
    expect(other.status).toBe(1)
    expect(other.text.match(/12 partitions au lieu de 6 .*12 partitions, not 6/g)?.length).toBe(5)
    expect(other.text.match(/1 copies au lieu de 3 .*1 replicas, not 3/g)?.length).toBe(5)
    for (const line of [
      'unclean.leader.election.enable=true, attendu false',
      'cleanup.policy=compact, attendu delete',
      'max.message.bytes=100000, attendu au moins 1048588',
    ])
      expect(other.text.match(new RegExp(line, 'g'))?.length).toBe(1)
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
    expect(topics[0]?.partitions.length).toBe(12)
    await admin.disconnect()
  }, 60_000)

  test('cannot work without brokers: exit 2, in both languages', async () => {
    const none = await socleTopics({})
    expect([none.status, none.text]).toEqual([2, expect.stringMatching(/HUB_KAFKA_BROKERS manque .* is not set/)])
    const away = await socleTopics({ HUB_KAFKA_BROKERS: '127.0.0.1:9' })
    expect([away.status, away.text]).toEqual([2, expect.stringMatching(/ne répond pas .* does not answer/)])
  }, 60_000)
})

describe('a hub on Kafka', () => {
  test('publishes what it records, chained across a stop, each tied to its leaf', async () => {
    const leaves = new Map<number, string>()
    for (const round of [0, 1]) {
      await using hub = await startHub({}, { directory, env: settings() })
      const party = await join(hub, `profil-${round}`, { buyers: [buyerSiret] })
      for (let n = 0; n < 10; n++) {
        const headers = { 'hub-consultation': `consultation-${n % 5}` }
        await party.sent('award', anAward({ id: `2026-${round}${n}` }), { headers })
      }
      await expect
        .poll(async () => (await readBack(kafka.brokers, topic)).length, { timeout: 20_000 })
        .toBe(10 * round + 10)
      for (const { idx, leaf } of await hub.hub.store.reader.selectFrom('entries').select(['idx', 'leaf']).execute())
        leaves.set(idx, createHash('sha256').update(Buffer.of(0)).update(leaf).digest('hex'))
    }
    const { kept, repeated, gaps } = consume(await readBack(kafka.brokers, topic))
    expect([kept.length, repeated, gaps]).toEqual([20, 0, []])
    for (const { sequence, leaf, headers, data } of kept) {
      expect(leaf).toBe(leaves.get(sequence))
      expect(headers).toMatchObject({
        'content-type': 'application/json',
        ce_specversion: '1.0',
        ce_type: 'fr.tncp.award.recorded.v1',
        ce_hubseq: String(sequence),
        ce_hubenvironment: 'sandbox',
      })
      const event = JSON.parse(Buffer.from(data).toString('utf8')) as { document: { id: string; consultation: string } }
      expect(event.document.id).toBe(headers['ce_id'])
      expect(event.document.consultation).toBe(headers['ce_partitionkey'])
    }
  }, 120_000)

  test('accepts and says it is ready while Kafka is away, and catches up', async () => {
    await kafka.kill()
    await using hub = await startHub({}, { directory, env: settings() })
    const party = await join(hub, 'profil-seul', { buyers: [buyerSiret] })
    const { id } = await party.sent('award', anAward({ id: '2026-seul' }))
    const ready = (await (await fetch(`${hub.url}/health/ready`)).json()) as {
      log: { size: number; published: number }
    }
    expect(ready).toMatchObject({ status: 'ready' })
    expect(ready.log.published).toBeLessThan(ready.log.size)
    await kafka.start()
    const ids = async () => (await readBack(kafka.brokers, topic)).map(({ headers }) => headers['ce_id'])
    await expect.poll(ids, { timeout: 30_000, interval: 300 }).toContain(id)
    expect(consume(await readBack(kafka.brokers, topic)).gaps).toEqual([])
  }, 120_000)
})
