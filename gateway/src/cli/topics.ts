import type { Command } from 'commander'
import { openTopicAdmin, settingsOf, type TopicAdmin, type TopicState } from '../adapters/kafka-topics.ts'
import { readConfig } from '../config.ts'
import type { KafkaSettings } from '../config-servers.ts'
import { topicsOf } from '../publish/topics.ts'
import { exitCodes, Unusable } from './exit.ts'

/** Shown for whoever plans how long a consumer may be away. Never wrong: it is the operator's choice. */
const shown = ['retention.ms', 'retention.bytes']

export function topicsCommand(program: Command): void {
  program
    .command('topics')
    .option('--check', 'create nothing: only compare')
    .description(
      'create the Kafka topics of this environment where missing, and compare those that are there with the settings ' +
        '(HUB_KAFKA_*): partitions, replication, what the promise of the bus hangs on. Never alters one. Exit 1: something differs',
    )
    .action(async ({ check }: { readonly check?: true }) => {
      const { environment, servers } = readConfig(process.env)
      const { kafka } = servers
      if (!kafka) throw new Unusable('HUB_KAFKA_BROKERS manque / HUB_KAFKA_BROKERS is not set')
      const admin = await openAdmin(kafka)
      try {
        const differs = await compareAll(admin, kafka, { topics: topicsOf(environment), create: check !== true })
        if (differs) process.exitCode = exitCodes.failed
      } finally {
        await admin.close()
      }
    })
}

async function openAdmin(kafka: KafkaSettings): Promise<TopicAdmin> {
  try {
    return await openTopicAdmin(kafka)
  } catch (cause) {
    const brokers = kafka.brokers.join(', ')
    throw new Unusable(`Kafka ne répond pas / Kafka does not answer: ${brokers}: ${String(cause)}`, { cause })
  }
}

async function compareAll(
  admin: TopicAdmin,
  kafka: KafkaSettings,
  { topics, create }: { readonly topics: readonly string[]; readonly create: boolean },
): Promise<boolean> {
  const before = await admin.partitions(topics)
  const missing = topics.filter((topic) => !before.has(topic))
  if (create) await admin.create(missing)
  let differs = false
  for (const topic of topics) {
    if (missing.includes(topic) && !create) {
      print(topic, ['il manque : lancez socle topics / is missing: run socle topics'])
      differs = true
      continue
    }
    const state = await admin.read(topic)
    const differences = differencesOf(kafka, state)
    const settings = shown.map((name) => `${name}=${state.settings[name] ?? '?'}`).join(' ')
    const created = missing.includes(topic) ? ', créé / created' : ''
    const what = `${state.partitions} partitions, ${state.replicas} copies / replicas, ${settings}${created}`
    print(topic, differences.length === 0 ? [what] : [what, ...differences])
    differs ||= differences.length > 0
  }
  return differs
}

function print(topic: string, [first = '', ...differences]: readonly string[]): void {
  process.stdout.write(`${topic}  ${first}\n${differences.map((each) => `  ${each}\n`).join('')}`)
}

/** What stands there otherwise than the settings ask, each with what to do. */
function differencesOf(kafka: KafkaSettings, state: TopicState): readonly string[] {
  const differences: string[] = []
  if (state.partitions !== kafka.partitions)
    differences.push(
      `${state.partitions} partitions au lieu de ${kafka.partitions} : réglez HUB_KAFKA_PARTITIONS, n’en ajoutez pas / ` +
        `${state.partitions} partitions, not ${kafka.partitions}: set HUB_KAFKA_PARTITIONS; never add any, consultations would move`,
    )
  if (state.replicas < kafka.replication)
    differences.push(
      `${state.replicas} copies au lieu de ${kafka.replication} : réaffectez les partitions / ` +
        `${state.replicas} replicas, not ${kafka.replication}: reassign the partitions`,
    )
  for (const [name, wanted] of Object.entries(settingsOf(kafka))) {
    const found = state.settings[name] ?? ''
    const isRight = leasts.includes(name) ? Number(found) >= Number(wanted) : found === wanted
    if (isRight) continue
    const least = leasts.includes(name) ? ['au moins ', 'at least '] : ['', '']
    differences.push(
      `${name}=${found}, attendu ${least[0] ?? ''}${wanted} : kafka-configs.sh --alter / ` +
        `expected ${least[1] ?? ''}${wanted}: kafka-configs.sh --alter`,
    )
  }
  return differences
}

/** Safer when larger. */
const leasts: readonly string[] = ['max.message.bytes', 'min.insync.replicas']
