import { errorOf, readProblem } from './answers.ts'
import type { Surroundings } from './connector.ts'
import { HubClientError } from './hub-client-error.ts'
import type { ClientLimits } from './limits.ts'
import { nextTry, readRetryAfter } from './retry.ts'
import { isPassing, TokenDelayed, type TokenSource } from './token-source.ts'
import { type Answer, NetworkFailure, type Request, type Transport } from './transport.ts'

export interface Call extends Pick<Request, 'method' | 'path' | 'headers' | 'body' | 'signal'> {
  /** Statuses that are answers; any other becomes an error. */
  readonly expect: readonly number[]
  /**
   * True when doing it twice is doing it once: readings, and deposits under their key. Anything else is sent again only
   * when the hub certainly did not do it.
   */
  readonly repeatable: boolean
  readonly maxBytes?: number
  /** Time that the hub was asked to wait, on top of the time of a try. */
  readonly waitMs?: number
}

/** One call with token, tries, waits and limits. @throws HubClientError */
export type Caller = (call: Call) => Promise<Answer>

export interface CallerNeeds extends Surroundings {
  readonly transport: Transport
  readonly tokens: TokenSource
  readonly limits: ClientLimits
}

/** A try that failed in a way that time may cure. */
interface Setback {
  readonly error: HubClientError
  readonly retryAfterMs: number | undefined
  /** The hub may have done what was asked although no answer says so. */
  readonly maybeDone: boolean
}

export function createCaller(needs: CallerNeeds): Caller {
  const { clock, sleep, random, limits } = needs
  return async (call) => {
    const started = clock().getTime()
    for (let tries = 1; ; tries += 1) {
      const outcome = await tryOnce(needs, call)
      if ('status' in outcome) return expected(call, outcome)
      const { error, retryAfterMs, maybeDone } = outcome
      if (maybeDone && !call.repeatable) throw error
      const next = nextTry({ tries, elapsedMs: clock().getTime() - started, retryAfterMs }, limits, random())
      if (next.do === 'give-up') throw error
      await sleep(next.afterMs, call.signal)
      if (call.signal?.aborted === true) throw new HubClientError('ABORTED', {}, error)
    }
  }
}

/** One try: the answer as it came, or what stood in its way. A refused token is renewed once within the try. */
async function tryOnce(needs: CallerNeeds, call: Call): Promise<Answer | Setback> {
  try {
    const token = await needs.tokens.get()
    let answer = await send(needs, call, token)
    if (answer.status === 401) {
      needs.tokens.forget(token)
      answer = await send(needs, call, await needs.tokens.get())
    }
    return isPassing(answer.status) && !call.expect.includes(answer.status) ? setbackOf(needs, answer) : answer
  } catch (error) {
    if (error instanceof TokenDelayed) return { ...setbackOf(needs, error.answer), maybeDone: false }
    if (error instanceof NetworkFailure) {
      const cause = new HubClientError('UNREACHABLE', { reason: error.message }, error)
      return { error: cause, retryAfterMs: undefined, maybeDone: error.reached === 'sent' }
    }
    throw error
  }
}

async function send({ transport, limits }: CallerNeeds, call: Call, token: string): Promise<Answer> {
  return await transport.exchange({
    method: call.method,
    path: call.path,
    headers: { ...call.headers, authorization: `Bearer ${token}` },
    ...(call.body === undefined ? {} : { body: call.body }),
    timeoutMs: limits.tryMs + (call.waitMs ?? 0),
    maxBytes: call.maxBytes ?? limits.maxAnswerBytes,
    signal: call.signal,
  })
}

/** Problems with which the hub says that it did nothing. */
const nothingDone = ['OVERLOADED', 'STOPPING']

function setbackOf({ clock }: CallerNeeds, answer: Answer): Setback {
  const { status } = answer
  const problem = readProblem(answer)
  const retryAfterMs = readRetryAfter(answer.headers['retry-after'], clock())
  const details = { status, ...(problem ? { problem } : {}), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
  return {
    error: new HubClientError('UNAVAILABLE', details),
    retryAfterMs,
    maybeDone: status !== 429 && !nothingDone.includes(problem?.code ?? ''),
  }
}

function expected(call: Call, answer: Answer): Answer {
  if (!call.expect.includes(answer.status)) throw errorOf(answer)
  return answer
}
