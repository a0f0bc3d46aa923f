import { randomUUID } from 'node:crypto'
import type { Scope } from '@socle/gateway'
import { type Envelope, type Kind, parseTrust, type Problem, type Receipt, type Trust } from '@socle/schemas'
import type { TestHub } from '../support/hub.ts'

/** An HTTP answer, read to its end. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Buffer
  readonly text: string
  /** The body as JSON; what it holds is the caller's claim. */
  json<T>(): T
}

export interface AskOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly signal?: AbortSignal
}

export interface DepositOptions {
  /** A new one unless told. */
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly query?: string
}

/** A technical account that talks plain HTTP to a hub. */
export interface Party {
  readonly id: string
  readonly secret: string
  readonly token: string
  ask(path: string, options?: AskOptions): Promise<Answer>
  post(path: string, body: unknown): Promise<Answer>
  deposit(kind: Kind, bytes: string | Uint8Array, options?: DepositOptions): Promise<Answer>
  /** Deposits and insists on a 201. */
  sent(kind: Kind, bytes: string | Uint8Array, options?: DepositOptions): Promise<Receipt>
  feed(query?: string): Promise<FeedPage>
}

export interface FeedPage {
  readonly events: readonly FeedEvent[]
  readonly next: string
}

export interface FeedEvent {
  readonly id: string
  readonly type: string
  readonly hubseq: number
  readonly data: {
    readonly document: { readonly id: string; readonly kind: string; readonly consultation: string }
    readonly canonical?: unknown
    readonly outcome?: { readonly by: string; readonly result: string; readonly reason?: string; readonly url?: string }
  }
}

export interface Rights {
  readonly buyers?: readonly string[]
  readonly scopes?: readonly Scope[]
}

/** Any request to a hub, without a token. */
export async function ask(hub: Pick<TestHub, 'url'>, path: string, options: AskOptions = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, signal } = options
  const answer = await fetch(`${hub.url}${path}`, {
    method,
    headers: { ...headers },
    redirect: 'manual',
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    ...(signal === undefined ? {} : { signal }),
  })
  const bytes = Buffer.from(await answer.arrayBuffer())
  const text = bytes.toString('utf8')
  return { status: answer.status, headers: answer.headers, bytes, text, json: <T>() => JSON.parse(text) as T }
}

/** A token as the API gives it, for a client id and its secret in the form. */
export async function tokenOf(hub: Pick<TestHub, 'url'>, id: string, secret: string, scope?: string): Promise<string> {
  const form = { grant_type: 'client_credentials', client_id: id, client_secret: secret }
  const body = new URLSearchParams(scope === undefined ? form : { ...form, scope }).toString()
  const answer = await ask(hub, '/oauth/token', { method: 'POST', headers: formHeaders, body })
  return answer.json<{ access_token: string }>().access_token
}

export const formHeaders: Readonly<Record<string, string>> = { 'content-type': 'application/x-www-form-urlencoded' }

/** Creates the account with its mandates (for a year from now), gets its token, and speaks for it. */
export async function join(hub: TestHub, id: string, rights: Rights = {}): Promise<Party> {
  const { clientSecret } = await hub.account(id, rights)
  return speakAs(hub, { id, secret: clientSecret, token: await tokenOf(hub, id, clientSecret) })
}

export function speakAs(
  hub: Pick<TestHub, 'url'>,
  who: { readonly id: string; readonly secret: string; readonly token: string },
): Party {
  const party: Party = {
    ...who,
    async ask(path, options = {}) {
      return await ask(hub, path, { ...options, headers: { authorization: `Bearer ${who.token}`, ...options.headers } })
    },
    async post(path, body) {
      const headers = { 'content-type': 'application/json' }
      return await this.ask(path, { method: 'POST', headers, body: JSON.stringify(body) })
    },
    async deposit(kind, bytes, { key = randomUUID(), headers = {}, query = '' } = {}) {
      const type = kind === 'award' ? 'application/json' : 'application/xml'
      return await this.ask(`/v1/${kind}s${query}`, {
        method: 'POST',
        headers: { 'idempotency-key': key, 'content-type': type, ...headers },
        body: bytes,
      })
    },
    async sent(kind, bytes, options) {
      const answer = await this.deposit(kind, bytes, options)
      if (answer.status !== 201) throw new Error(`HTTP ${answer.status} instead of 201: ${answer.text}`)
      return answer.json<Receipt>()
    },
    async feed(query = '') {
      const answer = await this.ask(`/v1/feed${query}`)
      if (answer.status !== 200) throw new Error(`HTTP ${answer.status} instead of 200: ${answer.text}`)
      return answer.json<FeedPage>()
    },
  }
  return party
}

/** Status, code and media type of a problem, and that it says in both languages what to do. */
export function problemIn(answer: Answer): Problem {
  const problem = answer.json<Problem>()
  const type = answer.headers.get('content-type') ?? 'no type'
  if (!type.startsWith('application/problem+json'))
    throw new Error(`not a problem: ${type} ${answer.text.slice(0, 200)}`)
  if (problem.status !== answer.status) throw new Error(`the problem says ${problem.status}, HTTP ${answer.status}`)
  if (!/\S \/ \S/.test(problem.hint ?? '') || !/\S \/ \S/.test(problem.title))
    throw new Error(`one language only: ${answer.text}`)
  return problem
}

export interface LoggedEntry {
  readonly index: number
  readonly kind: string
  readonly envelope: Envelope
}

/** Entries of some kinds, oldest first, with the envelopes that the log itself only commits to. */
export async function entriesOf(hub: TestHub, ...kinds: readonly string[]): Promise<readonly LoggedEntry[]> {
  const rows = await hub.hub.store.reader.selectFrom('entries').selectAll().orderBy('idx').execute()
  return rows
    .filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
    .map(({ idx, kind, envelope }) => ({
      index: idx,
      kind,
      envelope: JSON.parse(Buffer.from(envelope).toString('utf8')) as Envelope,
    }))
}

/** What the hub publishes to be verified with. */
export async function trustOf(hub: Pick<TestHub, 'url'>): Promise<Trust> {
  const text = async (name: string): Promise<string> => (await ask(hub, `/log/${name}`)).text
  return parseTrust({
    logVkey: await text('log.vkey'),
    sealCa: await text('seal-ca.pem'),
    tsaCa: await text('tsa-ca.pem'),
  })
}
