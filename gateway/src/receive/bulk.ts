import { createHash } from 'node:crypto'
import { type StreamItem, streamRecords } from '@socle/mappings'
import { type Finding, finding, type Problem, type Receipt } from '@socle/schemas'
import type { Caller } from '../authenticate/caller.ts'
import { HubError } from '../errors.ts'
import { accept, judge } from '../flow.ts'
import type { Hub } from '../hub.ts'
import { problemOf } from '../http/problem.ts'
import { unpack, UnpackError } from '../unpack.ts'
import type { Admission } from './admission.ts'
import { bulkLimits } from './bulk-limits.ts'
import type { Incoming } from './incoming.ts'
import { ordered } from '../ordered.ts'

/** One line of the answer: what became of one record. */
export interface BulkLine {
  /** 0-based number in the stream; absent from a line about what stands around records. */
  readonly index?: number
  /** Of the record's first byte, in the stream as unpacked. */
  readonly offset: number
  readonly length?: number
  /** `accepted`: what a rehearsal says instead of `recorded`. `failed`: nothing was recorded, the problem says why. */
  readonly state: 'recorded' | 'refused' | 'replayed' | 'accepted' | 'failed'
  readonly receipt?: Receipt
  readonly findings?: readonly Finding[]
  readonly problem?: Problem
}

/** The last line, always: whether the whole stream was read, and how to go on when it was not. */
export interface BulkEnd {
  readonly end: true
  readonly complete: boolean
  readonly records: number
  readonly recorded: number
  readonly refused: number
  readonly replayed: number
  readonly accepted: number
  readonly failed: number
  /** Where reading stopped, in the stream as unpacked; when it was not complete. */
  readonly stoppedAt?: number
  readonly findings?: readonly Finding[]
  readonly problem?: Problem
  readonly resume?: { readonly fr: string; readonly en: string }
}

export interface BulkRequest {
  readonly admission: Admission
  /** The rights that hold now; asked again while the stream runs. @throws HubError */
  readonly caller: () => Promise<Caller>
  /** What the sender said of the whole file; its key makes the keys of the records. */
  readonly file: Omit<Incoming, 'bytes'>
  readonly chunks: AsyncIterable<Uint8Array>
  /** Judge only. */
  readonly isRehearsal: boolean
  readonly instance: string
}

const resume = {
  fr: 'Renvoyez le fichier entier avec la même clé d’idempotence : ce qui est enregistré répond « replayed » et n’entre pas deux fois.',
  en: 'Send the whole file again with the same idempotency key: what is recorded answers “replayed” and does not enter twice.',
}

/**
 * Each record of a stream takes the way of a deposit of its own: judged, recorded, sealed, once in effect under a key made
 * of the file's key and its number. A record that is refused or fails has its line, and the next one goes on. Never
 * throws: whatever stops the stream is told in the last line.
 */
export async function* bulk(hub: Hub, request: BulkRequest): AsyncGenerator<BulkLine | BulkEnd> {
  const counts = { recorded: 0, refused: 0, replayed: 0, accepted: 0, failed: 0 }
  let records = 0
  let offset = 0
  let fault: { readonly findings?: readonly Finding[]; readonly problem?: Problem } | undefined
  try {
    const unpacked = unpack(request.chunks, {
      bytes: bulkLimits.unpackedBytes,
      ratio: bulkLimits.ratio,
      freeBytes: 16 * 1024 ** 2,
    })
    const items = paced(streamRecords(unpacked, bulkLimits), request)
    for await (const [item, line] of ordered(
      items,
      async (one) => [one, await settle(hub, request, one)] as const,
      bulkLimits.inHand,
    )) {
      offset = item.offset + (item.kind === 'record' ? item.bytes.length : 0)
      if (item.kind === 'fault' && item.stops) {
        fault = { findings: [item.finding] }
        break
      }
      if (item.index !== undefined) {
        records++
        counts[line.state]++
      }
      yield line
    }
  } catch (error) {
    fault = explain(error, hub, request.instance, offset)
  }
  const stopped = fault === undefined ? {} : { stoppedAt: offset, ...fault, resume }
  yield { end: true, complete: fault === undefined, records, ...counts, ...stopped }
}

/** A record more than the account's rate waits here, and with it the sender: a stream is slowed down, never refused midway. */
async function* paced(items: AsyncIterable<StreamItem>, request: BulkRequest): AsyncGenerator<StreamItem> {
  for await (const item of items) {
    if (item.kind === 'record') await request.admission.pace((await request.caller()).account)
    yield item
  }
}

/** The line of one item. */
async function settle(hub: Hub, request: BulkRequest, item: StreamItem): Promise<BulkLine> {
  const { index, offset } = item
  const place = { ...(index === undefined ? {} : { index }), offset }
  if (item.kind === 'fault') return { ...place, state: 'refused', findings: [item.finding] }
  const incoming: Incoming = {
    ...request.file,
    // A view of a piece of the stream would keep the whole piece in memory as long as the record waits.
    bytes: Uint8Array.from(item.bytes),
    idempotencyKey: keyOf(request.file.idempotencyKey, item.index),
  }
  const line = { ...place, length: incoming.bytes.length }
  try {
    return {
      ...line,
      ...(request.isRehearsal ? await rehearse(hub, request, incoming) : await deposit(hub, request, incoming)),
    }
  } catch (error) {
    if (!(error instanceof HubError)) hub.events.failed('bulk', error)
    return { ...line, state: 'failed', problem: problem(error, hub, request.instance) }
  }
}

/** The key of a record: the same for the same place in the same file, and no key a sender would make for something else. */
export function keyOf(fileKey: string, index: number): string {
  const short = fileKey.length <= 100 ? fileKey : createHash('sha256').update(fileKey).digest('hex')
  return `bulk:${short}:${index}`
}

type Settled = Pick<BulkLine, 'state' | 'receipt' | 'findings'>

async function rehearse(hub: Hub, request: BulkRequest, incoming: Incoming): Promise<Settled> {
  const judged = async (): Promise<Settled> => {
    const { verdict, findings } = await judge(hub, incoming)
    return { state: verdict, findings: ownFindings(findings) }
  }
  const { account } = await request.caller()
  return await patiently(hub, async () => await request.admission.pass(account, incoming, judged))
}

async function deposit(hub: Hub, request: BulkRequest, incoming: Incoming): Promise<Settled> {
  return await patiently(hub, async () => {
    const caller = await request.caller()
    const { state, receipt, findings } = await request.admission.pass(
      caller.account,
      incoming,
      async () => await accept(hub, caller, incoming),
    )
    const told = findings.length > 0 ? findings : (receipt.envelope.findings ?? [])
    return { state, receipt, findings: ownFindings(told) }
  })
}

/** What is busy is asked again a second later, so many times. */
async function patiently<T>(hub: Hub, work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work()
    } catch (error) {
      const isBusy = error instanceof HubError && error.code === 'OVERLOADED'
      if (!isBusy || tries >= bulkLimits.retries) throw error
      await hub.pause(1_000, hub.stopping)
    }
  }
}

/** A stream is cut into lone records here: their senders did not write them so. */
function ownFindings(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ rule }) => rule !== 'DECP-SHAPE')
}

function explain(
  error: unknown,
  hub: Hub,
  instance: string,
  offset: number,
): { readonly findings?: readonly Finding[]; readonly problem?: Problem } {
  if (error instanceof UnpackError) {
    if (error.why === 'damaged') {
      return { findings: [finding('STREAM-COMPRESSION', { value: String(offset), expected: error.message })] }
    }
    const value = error.why === 'slow' ? 'trop lent / too slow' : 'trop long / too long'
    return { findings: [finding('STREAM-LIMIT', { value, expected: error.message })] }
  }
  if (error instanceof HubError) return { problem: problem(error, hub, instance) }
  // The connection broke: this line will reach nobody, and is written all the same.
  return { findings: [finding('STREAM-CUT', { value: String(offset) })] }
}

function problem(error: unknown, { config }: Hub, instance: string): Problem {
  const known = error instanceof HubError ? error : new HubError('INTERNAL', {}, error)
  return problemOf(known, config.environment, instance)
}
