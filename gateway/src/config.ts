import { join, resolve } from 'node:path'
import { proxyList } from './authenticate/client-certificate.ts'
import { readSeal, type SealSettings, sealSettings } from './config-seal.ts'
import { type Retention, retentionOf } from './config-retention.ts'
import { readServers, type Servers, serverSettings } from './config-servers.ts'
import { timeSettings } from './config-time.ts'
import { witnessSettings } from './config-witness.ts'
import { type Env, integer, list, oneOf } from './config-values.ts'
import { defaultPacksFolder } from './packs/folder.ts'

/** Test data never meets production (the environment stands in the token, the envelope, the topic and the origin). */
export type Environment = 'sandbox' | 'production'

export interface Config {
  readonly environment: Environment
  readonly host: string
  readonly port: number
  /** Address that others use to reach this hub; written in events and links. */
  readonly publicUrl: string
  readonly dataDirectory: string
  /** Private keys; replicas share them. */
  readonly keysDirectory: string
  /** Where the official schemas and rules are installed. */
  readonly packsDirectory: string
  /** Name of the log and of its key; one shard a half-year. */
  readonly logOrigin: string
  readonly maxBodyBytes: number
  readonly maxQueuedEntries: number
  readonly maxQueuedBytes: number
  readonly timestampEverySeconds: number
  readonly tokenLifetimeSeconds: number
  readonly webhookPrivateAddresses: boolean
  readonly webhookTimeoutMs: number
  readonly logLevel: string
  /** How long a replica that died keeps its loops from the others. */
  readonly leaseMs: number
  /** Deposits a second and technical account, and how many at once; 0: no limit. */
  readonly rate: { readonly perSecond: number; readonly burst: number }
  /** Peers whose word on the client's certificate is taken (addresses or CIDR blocks). */
  readonly trustedProxies: readonly string[]
  readonly retention: Retention
  readonly seal: SealSettings
  readonly servers: Servers
}

/** Every setting that is wrong, at once: an operator mends a file in one go. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The settings cannot be used:\n- ${problems.join('\n- ')}`)
    this.problems = problems
  }
}

/**
 * Reads HUB_* settings (listed with what each trusts in the README). Pure.
 * @throws ConfigError naming every bad setting.
 */
export function readConfig(env: Env): Config {
  const problems: string[] = []
  const environment = oneOf(env, 'HUB_ENVIRONMENT', ['sandbox', 'production'], problems)
  const host = env['HUB_HOST'] ?? '127.0.0.1'
  const port = integer(env, 'HUB_PORT', [8080, 0, 65_535], problems)
  const publicUrl = addressOf(env, host, port, problems)
  const privateAddresses = oneOf(
    env,
    'HUB_WEBHOOK_PRIVATE',
    environment === 'sandbox' ? ['allow', 'refuse'] : ['refuse', 'allow'],
    problems,
  )
  const logOrigin = env['HUB_LOG_ORIGIN'] ?? `socle.invalid/${environment}/2026h2`
  if (!/^[!-*,-~]{1,120}$/.test(logOrigin))
    problems.push('HUB_LOG_ORIGIN must be visible characters without + or space')
  const dataDirectory = resolve(env['HUB_DATA'] ?? '.socle')
  const perSecond = integer(env, 'HUB_RATE', [0, 0, 100_000], problems)
  const config: Config = {
    environment,
    host,
    port,
    publicUrl: publicUrl.replace(/\/+$/, ''),
    dataDirectory,
    keysDirectory: resolve(env['HUB_KEYS_DIR'] ?? join(dataDirectory, 'keys')),
    packsDirectory: resolve(env['HUB_PACKS_DIR'] ?? defaultPacksFolder),
    logOrigin,
    maxBodyBytes: integer(env, 'HUB_MAX_BODY_BYTES', [10_485_760, 1_024, 104_857_600], problems),
    maxQueuedEntries: integer(env, 'HUB_MAX_QUEUED', [2_000, 1, 100_000], problems),
    maxQueuedBytes: integer(env, 'HUB_MAX_QUEUED_BYTES', [134_217_728, 1_048_576, 4_294_967_296], problems),
    timestampEverySeconds: integer(env, 'HUB_TIMESTAMP_EVERY', [60, 1, 14_400], problems),
    tokenLifetimeSeconds: integer(env, 'HUB_TOKEN_LIFETIME', [3_600, 60, 86_400], problems),
    webhookPrivateAddresses: privateAddresses === 'allow',
    webhookTimeoutMs: integer(env, 'HUB_WEBHOOK_TIMEOUT_MS', [15_000, 100, 120_000], problems),
    logLevel: oneOf(env, 'HUB_LOG_LEVEL', ['info', 'debug', 'warn', 'error', 'silent'], problems),
    leaseMs: integer(env, 'HUB_LEASE_MS', [10_000, 500, 120_000], problems),
    rate: { perSecond, burst: integer(env, 'HUB_RATE_BURST', [Math.max(1, perSecond), 1, 100_000], problems) },
    trustedProxies: proxies(env, problems),
    retention: retentionOf(env, problems),
    seal: readSeal(env, problems),
    servers: readServers(env, problems),
  }
  const known = new Set<string>(settings)
  for (const name of Object.keys(env)) {
    if (name.startsWith('HUB_') && !known.has(name))
      problems.push(`${name} is not a setting; known: ${settings.join(', ')}`)
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze(config)
}

const settings = [
  'HUB_ENVIRONMENT',
  'HUB_HOST',
  'HUB_PORT',
  'HUB_PUBLIC_URL',
  'HUB_DATA',
  'HUB_RETENTION',
  'HUB_PACKS_DIR',
  'HUB_LOG_ORIGIN',
  'HUB_MAX_BODY_BYTES',
  'HUB_MAX_QUEUED',
  'HUB_MAX_QUEUED_BYTES',
  'HUB_TIMESTAMP_EVERY',
  'HUB_TOKEN_LIFETIME',
  'HUB_WEBHOOK_PRIVATE',
  'HUB_WEBHOOK_TIMEOUT_MS',
  'HUB_LOG_LEVEL',
  'HUB_KEYS_DIR',
  'HUB_LEASE_MS',
  'HUB_RATE',
  'HUB_RATE_BURST',
  'HUB_TRUSTED_PROXIES',
  ...sealSettings,
  ...serverSettings,
  ...timeSettings,
  ...witnessSettings,
] as const

function proxies(env: Env, problems: string[]): readonly string[] {
  const words = list(env, 'HUB_TRUSTED_PROXIES')
  try {
    proxyList(words)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    problems.push(`HUB_TRUSTED_PROXIES: ${error.message}`)
  }
  return words
}

function addressOf(env: Env, host: string, port: number, problems: string[]): string {
  if (host === '') problems.push('HUB_HOST must not be empty')
  const address = env['HUB_PUBLIC_URL'] ?? `http://${host.includes(':') ? `[${host}]` : host || 'localhost'}:${port}`
  if (!isBaseUrl(address)) problems.push('HUB_PUBLIC_URL must be an http or https address without query')
  return address
}

function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, search, hash, username } = new URL(text)
  return ['http:', 'https:'].includes(protocol) && search === '' && hash === '' && username === ''
}
