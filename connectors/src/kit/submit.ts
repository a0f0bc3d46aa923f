import { createHash } from 'node:crypto'
import type { Finding, Kind, Problem, Receipt, Trust } from '@socle/schemas'
import { errorOf, isObject, listOf, readObject, readProblem } from './answers.ts'
import type { Caller } from './caller.ts'
import { HubClientError } from './hub-client-error.ts'
import { proved } from './receipt-check.ts'
import type { ReceiptStore } from './receipt-store.ts'
import type { Answer } from './transport.ts'

export interface SubmitOptions {
  /** 1 to 128 visible characters: new for each document, the same at each retry. `keyFor` makes one. */
  readonly key: string
  /** SIRET of the buyer, when the document carries none. */
  readonly buyer?: string
  /** Id of the consultation, when the document carries none. */
  readonly consultation?: string
  readonly mediaType?: string
  readonly signal?: AbortSignal
}

/** What became of a deposit. Either way the receipt was proved, and kept when there is a store. */
export type Submission =
  | { readonly state: 'accepted'; readonly receipt: Receipt; readonly replayed: boolean }
  | {
      readonly state: 'refused'
      readonly receipt: Receipt
      readonly problem: Problem
      readonly findings: readonly Finding[]
    }

export interface Rehearsal {
  readonly verdict: 'accepted' | 'refused'
  readonly findings: readonly Finding[]
}

interface Needs {
  readonly call: Caller
  readonly trust: () => Promise<Trust>
  readonly account: string
  readonly receipts: ReceiptStore | undefined
}

/** A key that follows from what is sent: whoever starts over after a crash sends the same document under the same key. */
export function keyFor(kind: Kind, bytes: Uint8Array): string {
  return `${kind}-${createHash('sha256').update(bytes).digest('hex')}`
}

/**
 * Deposits the bytes under their key, as often as it takes within the limits, and resolves once the receipt is proved
 * and kept. A crash, a time-out or an error of this function loses nothing: call it again with the same key and bytes.
 * @throws HubClientError; `curable` tells whether another try later can succeed
 */
export async function submit(
  needs: Needs,
  kind: Kind,
  bytes: Uint8Array,
  { key, ...options }: SubmitOptions,
): Promise<Submission> {
  // Trust first: without it nothing that comes back could be relied upon.
  const trust = await needs.trust()
  const answer = await needs.call({
    method: 'POST',
    path: `/v1/${kind}s`,
    headers: { ...headersOf(bytes, options), 'idempotency-key': key },
    body: bytes,
    repeatable: true,
    expect: [200, 201, 422],
    signal: options.signal,
  })
  const expected = { trust, kind, content: bytes, account: needs.account }
  const submission = answer.status === 422 ? refusedOf(answer, expected) : acceptedOf(answer, expected)
  await needs.receipts?.put({ key, kind, receipt: submission.receipt })
  return submission
}

type Expected = Omit<Parameters<typeof proved>[1], 'state'>

function acceptedOf(answer: Answer, expected: Expected): Submission {
  const receipt = proved(readObject(answer), { ...expected, state: 'recorded' })
  return { state: 'accepted', receipt, replayed: answer.status === 200 }
}

function refusedOf(answer: Answer, expected: Expected): Submission {
  const problem = readProblem(answer)
  if (!problem || problem.receipt === undefined) throw errorOf(answer)
  const receipt = proved(problem.receipt, { ...expected, state: 'refused' })
  return { state: 'refused', receipt, problem, findings: problem.errors ?? [] }
}

/** Judged by the hub, recorded nowhere. @throws HubClientError */
export async function rehearse(
  call: Caller,
  kind: Kind,
  bytes: Uint8Array,
  options: Omit<SubmitOptions, 'key'>,
): Promise<Rehearsal> {
  const answer = await call({
    method: 'POST',
    path: `/v1/${kind}s?dryRun=true`,
    headers: headersOf(bytes, options),
    body: bytes,
    repeatable: true,
    expect: [200],
    signal: options.signal,
  })
  const body = readObject(answer)
  const { verdict } = body
  if (body['dryRun'] !== true || (verdict !== 'accepted' && verdict !== 'refused'))
    throw new HubClientError('ANSWER_INVALID', { status: answer.status, reason: 'no verdict of a dry run' })
  return { verdict, findings: listOf(body, 'findings').filter(isObject) as unknown as readonly Finding[] }
}

function headersOf(bytes: Uint8Array, options: Omit<SubmitOptions, 'key'>): Record<string, string> {
  const { buyer, consultation, mediaType = mediaTypeOf(bytes) } = options
  return {
    'content-type': mediaType,
    ...(buyer === undefined ? {} : { 'hub-buyer': buyer }),
    ...(consultation === undefined ? {} : { 'hub-consultation': consultation }),
  }
}

/** Said by the first significant byte; the hub judges the format by itself. */
function mediaTypeOf(bytes: Uint8Array): string {
  const first = bytes.find((byte) => byte > 0x20 && byte < 0x80)
  if (first === 0x3c) return 'application/xml'
  return first === 0x7b || first === 0x5b ? 'application/json' : 'application/octet-stream'
}
