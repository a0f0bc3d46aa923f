import { type Env, integer, list, oneOf, text } from './config-values.ts'

/** Outside clocks, and how long the hub goes on without them. */
export interface TimeSettings {
  /** In the order in which they are asked; none: the sandbox's own clock. */
  readonly authorities: readonly AuthoritySettings[]
  /** Object identifiers of the timestamp policies that are good enough. */
  readonly policies: readonly string[]
  /** File with one more authority for their TLS certificates (PEM). */
  readonly tlsCaFile: string | undefined
  /** The longest that one answer may take. */
  readonly timeoutMs: number
  /** How far an authority's clock may be from ours; its token is refused beyond. */
  readonly windowMs: number
  /** For how long documents are accepted although their turn to be stamped has passed. */
  readonly outageMs: number
  /** The same for documents with a legal deadline. */
  readonly urgentOutageMs: number
  /** Whose seals have a timestamp of their own by the time that their day is archived; others have it when they are exported. */
  readonly seals: 'all' | 'urgent'
}

export interface AuthoritySettings {
  readonly url: string
  /** SHA-256 (hex) of the certificate in trust/tsa-ca.pem that its tokens must lead to; undefined: any of them. */
  readonly anchor: string | undefined
}

export const timeSettings = [
  'HUB_TSA_URLS',
  'HUB_TSA_ANCHORS',
  'HUB_TSA_POLICIES',
  'HUB_TSA_TLS_CA',
  'HUB_TSA_TIMEOUT_MS',
  'HUB_TSA_WINDOW',
  'HUB_TSA_OUTAGE',
  'HUB_TSA_OUTAGE_URGENT',
  'HUB_SEAL_TIMESTAMPS',
] as const

const weekSeconds = 604_800

export function readTime(env: Env, problems: string[]): TimeSettings {
  const outage = integer(env, 'HUB_TSA_OUTAGE', [14_400, 1, weekSeconds], problems)
  return {
    authorities: readAuthorities(env, problems),
    policies: readPolicies(env, problems),
    tlsCaFile: text(env, 'HUB_TSA_TLS_CA'),
    timeoutMs: integer(env, 'HUB_TSA_TIMEOUT_MS', [5_000, 100, 60_000], problems),
    windowMs: 1_000 * integer(env, 'HUB_TSA_WINDOW', [30, 1, 3_600], problems),
    outageMs: 1_000 * outage,
    urgentOutageMs: 1_000 * integer(env, 'HUB_TSA_OUTAGE_URGENT', [outage, 1, weekSeconds], problems),
    seals: oneOf(env, 'HUB_SEAL_TIMESTAMPS', ['all', 'urgent'], problems),
  }
}

/** An address may carry a password: it is never repeated. */
function readAuthorities(env: Env, problems: string[]): readonly AuthoritySettings[] {
  const urls = list(env, 'HUB_TSA_URLS')
  if (!urls.every(isAddress)) problems.push('HUB_TSA_URLS must be http or https addresses, comma-separated')
  const anchors = list(env, 'HUB_TSA_ANCHORS').map((text) => text.replaceAll(':', '').toLowerCase())
  const isGiven = anchors.length > 0
  if (isGiven && anchors.length !== urls.length)
    problems.push('HUB_TSA_ANCHORS must give one fingerprint for each of HUB_TSA_URLS, in the same order')
  if (!anchors.every((text) => /^[0-9a-f]{64}$/.test(text)))
    problems.push('HUB_TSA_ANCHORS must be SHA-256 fingerprints of certificates, comma-separated')
  return urls.map((url, at) => ({ url, anchor: anchors[at] }))
}

function isAddress(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol)
}

function readPolicies(env: Env, problems: string[]): readonly string[] {
  const policies = list(env, 'HUB_TSA_POLICIES')
  if (!policies.every((text) => /^[0-2](?:\.(?:0|[1-9]\d*)){1,30}$/.test(text)))
    problems.push('HUB_TSA_POLICIES must be object identifiers, comma-separated')
  if (policies.length > 0 !== list(env, 'HUB_TSA_URLS').length > 0)
    problems.push('HUB_TSA_URLS and HUB_TSA_POLICIES go together')
  return policies
}
