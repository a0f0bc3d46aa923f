import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'
import type { Document } from './documents.ts'
import type { History } from './history.ts'

/** One deposit, or report of an outcome, under its key. */
export interface Deposit {
  readonly account: string
  readonly token: string
  readonly key: string
  readonly document: Document
}

/** What one attempt came to. `ok` carries the receipt to the letter, or the answer to an outcome. */
export interface Attempt {
  readonly type: 'ok' | 'fail' | 'info'
  readonly status?: number
  readonly receipt?: string
  readonly reason?: string
}

export interface Sender {
  /** One request and its line of history. Never throws: a broken connection is `info`. */
  attempt(deposit: Deposit): Promise<Attempt>
  /** Attempts under the same key until the answer is clear, as a real connector does. Undefined: not before `until`. */
  settle(deposit: Deposit, until: number): Promise<Attempt | undefined>
  close(): Promise<void>
}

/** The longest wait for an answer. A gateway that says nothing for so long is treated as gone. */
const patienceMs = 10_000

export function createSender(url: string, name: string, connections: number, history: History): Sender {
  const patience = { headersTimeout: patienceMs, bodyTimeout: patienceMs, connect: { timeout: patienceMs } }
  const agent = new Agent({ connections, pipelining: 1, ...patience })
  const begun = new Set<string>()

  async function ask({ token, key, document }: Deposit): Promise<Attempt> {
    const { kind, mediaType, consultation, body, about } = document
    const path = kind === 'outcome' ? `documents/${about}/outcomes` : `${kind}s`
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': mediaType,
      'idempotency-key': key,
      'hub-consultation': consultation,
    }
    try {
      const answer = await request(`${url}/v1/${path}`, { dispatcher: agent, method: 'POST', headers, body })
      return read(answer.statusCode, await answer.body.text())
    } catch (error) {
      return { type: 'info', reason: codeOf(error) }
    }
  }

  async function attempt(deposit: Deposit): Promise<Attempt> {
    const { account, key, document } = deposit
    const { kind, consultation, body, secrets } = document
    const op = kind === 'outcome' ? 'outcome' : 'deposit'
    const step = { process: name, op, account, key } as const
    const id = `${op} ${account} ${key}`
    const content = body.toString('base64')
    const sent = begun.has(id) ? {} : { sent: { kind, consultation, content, ...(secrets ? { secrets } : {}) } }
    begun.add(id)
    history.write({ ...step, type: 'invoke', ...sent })
    const result = await ask(deposit)
    history.write({ ...step, ...result })
    return result
  }

  return {
    attempt,
    async settle(deposit, until) {
      for (let wait = 50; ; wait = Math.min(wait * 2, 800)) {
        const result = await attempt(deposit)
        if (result.type !== 'info') return result
        if (Date.now() + wait > until) return undefined
        await sleep(wait)
      }
    },
    close: async () => await agent.destroy(),
  }
}

/** "Not now", of the hub or of the balancer before it. 500 is none: it is a bug, and a fault of the run. */
const notNow: ReadonlySet<number> = new Set([429, 502, 503, 504])

/** 201 and 200 are receipts, and so is a refusal; "not now" leaves everything open; anything else is a clear no. */
function read(status: number, text: string): Attempt {
  if (status === 200 || status === 201) return { type: 'ok', status, receipt: text }
  const problem = parse(text)
  if (status === 422 && problem['receipt'] !== undefined)
    return { type: 'ok', status, receipt: JSON.stringify(problem['receipt']) }
  const reason = typeof problem['code'] === 'string' ? problem['code'] : text.slice(0, 200)
  return { type: notNow.has(status) ? 'info' : 'fail', status, reason }
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function codeOf(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message?: string }
  return code ?? message ?? 'no answer'
}
