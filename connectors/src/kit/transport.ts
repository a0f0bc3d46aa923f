import { Agent, type Dispatcher, request } from 'undici'
import { HubClientError } from './hub-client-error.ts'

export interface Request {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Path and query, from `/`. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
  /** Time for the whole exchange. */
  readonly timeoutMs: number
  /** A larger answer is cut off and refused. */
  readonly maxBytes: number
  readonly signal?: AbortSignal | undefined
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly bytes: Buffer
}

/** `sent`: the hub may have seen the request, `not-sent`: it certainly has not. */
export class NetworkFailure extends Error {
  override readonly name = 'NetworkFailure'
  readonly reached: 'sent' | 'not-sent'

  constructor(reached: 'sent' | 'not-sent', cause: unknown) {
    super(cause instanceof Error ? cause.message : 'no answer', { cause })
    this.reached = reached
  }
}

/** One HTTP exchange with one hub. Redirects are not followed: a token is for the address that was set. */
export interface Transport extends AsyncDisposable {
  readonly url: string
  /** @throws NetworkFailure, HubClientError ABORTED or ANSWER_INVALID (too large) */
  exchange(request: Request): Promise<Answer>
}

/** Codes of failures that come before the first byte of the request. */
const beforeSending = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']

const connectMs = 5_000

/** @param dispatcher replaces the own connections, which are closed on disposal; a given one stays its owner's */
export function createTransport(url: string, dispatcher?: Dispatcher): Transport {
  const base = readBase(url)
  const agent = dispatcher ?? new Agent({ connect: { timeout: connectMs }, connections: 16 })
  return {
    url: base,
    async exchange({ method, path, headers, body, timeoutMs, maxBytes, signal }) {
      const timeout = AbortSignal.timeout(timeoutMs)
      try {
        const answer = await request(`${base}${path}`, {
          method,
          headers: { 'user-agent': 'socle-connector/1', ...headers },
          ...(body === undefined ? {} : { body }),
          dispatcher: agent,
          headersTimeout: timeoutMs,
          bodyTimeout: timeoutMs,
          signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        })
        const bytes = await readUpTo(answer.body, maxBytes)
        return { status: answer.statusCode, headers: flat(answer.headers), bytes }
      } catch (error) {
        if (error instanceof HubClientError) throw error
        if (signal?.aborted === true) throw new HubClientError('ABORTED', {}, error)
        throw new NetworkFailure(beforeSending.includes(codeOf(error)) ? 'not-sent' : 'sent', error)
      }
    },
    async [Symbol.asyncDispose]() {
      if (!dispatcher) await agent.destroy()
    },
  }
}

/** @throws HubClientError ANSWER_INVALID: an address that no hub can have */
function readBase(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.search !== '')
    throw new HubClientError('ANSWER_INVALID', {
      reason: 'the address of the hub must be http(s)://host[:port][/path]',
    })
  return url.href.replace(/\/+$/, '')
}

async function readUpTo(body: AsyncIterable<Buffer> & { destroy(): unknown }, limit: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of body) {
    size += part.length
    if (size > limit) {
      body.destroy()
      throw new HubClientError('ANSWER_INVALID', { reason: `answer larger than ${limit} bytes` })
    }
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Answer['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
