import type { Environment } from '@socle/schemas'
import { countOf, errorOf, isEnvironment, readObject, textOf } from './answers.ts'
import type { Clock } from './connector.ts'
import { HubClientError } from './hub-client-error.ts'
import type { ClientLimits } from './limits.ts'
import type { Answer, Transport } from './transport.ts'

export interface TokenSettings {
  readonly transport: Transport
  readonly clientId: string
  readonly clientSecret: string
  /** When given, a hub of another environment gets nothing but the question for a token. */
  readonly environment?: Environment | undefined
  readonly limits: ClientLimits
  readonly clock: Clock
}

/** Access tokens by client_credentials (RFC 6749 section 4.4). Callers that need one at once share one request. */
export interface TokenSource {
  /**
   * @throws HubClientError UNAUTHORIZED, WRONG_ENVIRONMENT, ANSWER_INVALID, UNAVAILABLE; NetworkFailure
   */
  get(): Promise<string>
  /** The hub refused this token: the next `get` asks for another one. A newer token stays. */
  forget(token: string): void
}

/** An answer of the token endpoint that time may cure; it carries the answer so that Retry-After is honoured. */
export class TokenDelayed extends Error {
  override readonly name = 'TokenDelayed'
  readonly answer: Answer

  constructor(answer: Answer) {
    super(`no token: HTTP ${answer.status}`)
    this.answer = answer
  }
}

const maxTokenAnswerBytes = 65_536

interface Token {
  readonly text: string
  readonly renewAt: number
}

export function createTokenSource(settings: TokenSettings): TokenSource {
  const { clock } = settings
  let current: Token | undefined
  let asked: Promise<Token> | undefined
  return {
    async get() {
      if (current && clock().getTime() < current.renewAt) return current.text
      asked ??= askToken(settings).finally(() => (asked = undefined))
      current = await asked
      return current.text
    },
    forget(token) {
      if (current?.text === token) current = undefined
    },
  }
}

async function askToken({ transport, limits, clock, ...settings }: TokenSettings): Promise<Token> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: settings.clientId,
    client_secret: settings.clientSecret,
  })
  const answer = await transport.exchange({
    method: 'POST',
    path: '/oauth/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
    timeoutMs: limits.tryMs,
    maxBytes: maxTokenAnswerBytes,
  })
  if (isPassing(answer.status)) throw new TokenDelayed(answer)
  if (answer.status !== 200) throw refused(answer)
  const body = readObject(answer)
  const { environment } = body
  if (settings.environment !== undefined && environment !== settings.environment)
    throw new HubClientError('WRONG_ENVIRONMENT', {
      reason: `${isEnvironment(environment) ? environment : 'no environment'} instead of ${settings.environment}`,
    })
  const lifeMs = countOf(body, 'expires_in') * 1_000
  // A token that lives less than the margin is used for half its life rather than asked for at every call.
  const usableMs = Math.max(lifeMs - limits.renewTokenBeforeMs, lifeMs / 2)
  return { text: textOf(body, 'access_token'), renewAt: clock().getTime() + usableMs }
}

/** Statuses that say "not now" rather than "no". */
export function isPassing(status: number): boolean {
  return status === 408 || status === 429 || status >= 500
}

function refused(answer: Answer): HubClientError {
  const error = errorOf(answer)
  return error.code === 'ANSWER_INVALID' ? error : new HubClientError('UNAUTHORIZED', error.details)
}
