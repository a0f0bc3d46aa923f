import { readTime, type TimeSettings } from './config-time.ts'
import { address, type Env, integer, list, oneOf, text } from './config-values.ts'
import { readWitnesses, type WitnessSettings } from './config-witness.ts'

/** PostgreSQL in place of the embedded store. */
export interface PostgresSettings {
  readonly url: string
  /** Role that owns the schema; undefined: the schema must be up to date already. */
  readonly migrationUrl: string | undefined
  /** Connections for queries; appends have their own beside them. */
  readonly poolSize: number
  /** The longest that one statement may take. */
  readonly timeoutMs: number
}

/** Kafka in place of the bus of this process. */
export interface KafkaSettings {
  readonly brokers: readonly string[]
  readonly tls: boolean
  /** File with the authority of the brokers' certificates (PEM); undefined: those that Node knows. */
  readonly caFile: string | undefined
  readonly sasl: SaslSettings | undefined
  readonly partitions: number
  readonly replication: number
  readonly minInSync: number
}

export interface SaslSettings {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
  readonly username: string
  readonly password: string
}

/** What a hub stands on beside its own process; each undefined in the embedded default. */
export interface Servers {
  readonly postgres: PostgresSettings | undefined
  readonly kafka: KafkaSettings | undefined
  readonly redisUrl: string | undefined
  readonly time: TimeSettings
  readonly watch: WitnessSettings
}

export const serverSettings = [
  'HUB_STORE_URL',
  'HUB_STORE_MIGRATION_URL',
  'HUB_STORE_POOL',
  'HUB_STORE_TIMEOUT_MS',
  'HUB_KAFKA_BROKERS',
  'HUB_KAFKA_TLS',
  'HUB_KAFKA_CA',
  'HUB_KAFKA_SASL_MECHANISM',
  'HUB_KAFKA_SASL_USER',
  'HUB_KAFKA_SASL_PASSWORD',
  'HUB_KAFKA_PARTITIONS',
  'HUB_KAFKA_REPLICATION',
  'HUB_KAFKA_MIN_ISR',
  'HUB_REDIS_URL',
] as const

export function readServers(env: Env, problems: string[]): Servers {
  return {
    postgres: readPostgres(env, problems),
    kafka: readKafka(env, problems),
    redisUrl: address(env, 'HUB_REDIS_URL', ['redis:', 'rediss:'], problems),
    time: readTime(env, problems),
    watch: readWitnesses(env, problems),
  }
}

function readPostgres(env: Env, problems: string[]): PostgresSettings | undefined {
  const protocols = ['postgres:', 'postgresql:']
  const url = address(env, 'HUB_STORE_URL', protocols, problems)
  const migrationUrl = address(env, 'HUB_STORE_MIGRATION_URL', protocols, problems)
  const poolSize = integer(env, 'HUB_STORE_POOL', [10, 2, 100], problems)
  const timeoutMs = integer(env, 'HUB_STORE_TIMEOUT_MS', [10_000, 500, 120_000], problems)
  if (url === undefined && migrationUrl !== undefined)
    problems.push('HUB_STORE_MIGRATION_URL is of no use without HUB_STORE_URL')
  return url === undefined ? undefined : { url, migrationUrl, poolSize, timeoutMs }
}

function readKafka(env: Env, problems: string[]): KafkaSettings | undefined {
  const brokers = list(env, 'HUB_KAFKA_BROKERS')
  const wrong = brokers.filter((broker) => !/^(?:[\w.-]+|\[[0-9a-f:.]+\]):\d{1,5}$/i.test(broker))
  if (wrong.length > 0) problems.push(`HUB_KAFKA_BROKERS must be host:port, comma-separated; not ${wrong.join(', ')}`)
  const replication = integer(env, 'HUB_KAFKA_REPLICATION', [3, 1, 7], problems)
  const minInSync = integer(env, 'HUB_KAFKA_MIN_ISR', [Math.max(1, replication - 1), 1, 7], problems)
  if (minInSync > replication) problems.push('HUB_KAFKA_MIN_ISR must not be more than HUB_KAFKA_REPLICATION')
  const tls = oneOf(env, 'HUB_KAFKA_TLS', ['off', 'on'], problems) === 'on'
  const caFile = text(env, 'HUB_KAFKA_CA')
  // Whoever names the authority believes that the connection is encrypted.
  if (caFile !== undefined && !tls) problems.push('HUB_KAFKA_CA is of no use without HUB_KAFKA_TLS=on')
  const settings = {
    brokers,
    tls,
    caFile,
    sasl: readSasl(env, problems),
    partitions: integer(env, 'HUB_KAFKA_PARTITIONS', [12, 1, 1_000], problems),
    replication,
    minInSync,
  }
  return brokers.length === 0 ? undefined : settings
}

function readSasl(env: Env, problems: string[]): SaslSettings | undefined {
  const given = ['HUB_KAFKA_SASL_USER', 'HUB_KAFKA_SASL_PASSWORD'].some((name) => text(env, name) !== undefined)
  if (text(env, 'HUB_KAFKA_SASL_MECHANISM') === undefined) {
    if (given)
      problems.push('HUB_KAFKA_SASL_USER and HUB_KAFKA_SASL_PASSWORD are of no use without HUB_KAFKA_SASL_MECHANISM')
    return undefined
  }
  const mechanisms = ['scram-sha-512', 'scram-sha-256', 'plain'] as const
  const mechanism = oneOf(env, 'HUB_KAFKA_SASL_MECHANISM', mechanisms, problems)
  const username = env['HUB_KAFKA_SASL_USER'] ?? ''
  const password = env['HUB_KAFKA_SASL_PASSWORD'] ?? ''
  if (username === '' || password === '')
    problems.push('HUB_KAFKA_SASL_USER and HUB_KAFKA_SASL_PASSWORD go with HUB_KAFKA_SASL_MECHANISM')
  return { mechanism, username, password }
}
