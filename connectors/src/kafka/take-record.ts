import { HubClientError } from '../kit/hub-client-error.ts'
import type { HubEvent } from '../kit/hub-event.ts'
import { reasonFor } from '../kit/reason.ts'
import { backOff } from '../kit/retry.ts'
import { type Judgement, judgeRecord } from './chain.ts'
import { consultationOf, decodeEvent } from './decode-event.ts'
import type { ConsumerNeeds } from './needs.ts'
import type { KafkaRecord } from './record.ts'
import type { Trouble } from './trouble.ts'

export type Taken =
  /** Handled, parked or known already: the next record may come. */
  | { readonly is: 'done' }
  /** The signal came before the handler succeeded: nothing moved. */
  | { readonly is: 'aborted' }
  /** The partition must not go on; the trouble is still to be told. */
  | { readonly is: 'stopped'; readonly by: Trouble }

const done: Taken = { is: 'done' }

/**
 * One record of a partition: the handler first, then the progress. A crash in between repeats the event, it never skips
 * one. Must be called with the records of a partition in order, one at a time.
 * @throws when progress or park cannot be written; nothing moved then, and the record must come again
 */
export async function takeRecord(needs: ConsumerNeeds, record: KafkaRecord): Promise<Taken> {
  const judged = judgeRecord(needs.progress.of(record), record)
  if (judged.is === 'repeated') {
    needs.tell('repeated', { ...placeOf(record), sequence: judged.after.last ?? -1 })
    await needs.progress.move(record, judged.after)
    return done
  }
  if (judged.is !== 'next' && judged.is !== 'start') return refuse(record, judged)
  if (judged.is === 'start')
    needs.tell('started', { ...placeOf(record), sequence: judged.sequence, complete: String(judged.complete) })
  const taken = await needs.turns(consultationOf(record), async () => await handleOrPark(needs, record))
  if (taken.is === 'done') await needs.progress.move(record, judged.after)
  return taken
}

type Refused = Exclude<Judgement, { readonly is: 'next' | 'start' | 'repeated' }>

function refuse(record: KafkaRecord, judged: Refused): Taken {
  const place = placeOf(record)
  if (judged.is === 'foreign') return { is: 'stopped', by: { kind: 'foreign', ...place, reason: judged.reason } }
  if (judged.is === 'other-log') {
    const { expected, source } = judged
    return { is: 'stopped', by: { kind: 'other-log', ...place, expected, source } }
  }
  const { sequence, expected, previous } = judged
  return { is: 'stopped', by: { kind: 'loss', ...place, sequence, expected, previous } }
}

async function handleOrPark(needs: ConsumerNeeds, record: KafkaRecord): Promise<Taken> {
  const consultation = consultationOf(record)
  if (needs.park.has(consultation)) return await park(needs, record, 'an earlier event of its consultation is parked')
  const failure = await tryHandler(needs, record, needs.limits.handlerTries)
  if (failure === undefined) return done
  if (needs.signal.aborted) return { is: 'aborted' }
  const parked = await park(needs, record, failure)
  if (parked.is === 'done') needs.trouble({ kind: 'parked', ...placeOf(record), consultation, reason: failure })
  return parked
}

async function park({ park }: ConsumerNeeds, record: KafkaRecord, reason: string): Promise<Taken> {
  const consultation = consultationOf(record)
  if (!park.hasRoom(record)) return { is: 'stopped', by: { kind: 'park-full', ...placeOf(record), consultation } }
  await park.add(consultation, record, reason)
  return done
}

/**
 * Gives the event to the handler until it succeeds, at most `tries` times. What cannot be read is not tried twice.
 * @returns undefined when handled, else why not
 */
export async function tryHandler(
  needs: ConsumerNeeds,
  record: KafkaRecord,
  tries: number,
): Promise<string | undefined> {
  const { handle, limits, sleep, signal, tell } = needs
  const event = read(record)
  if (typeof event === 'string') return event
  for (let failures = 1; ; failures += 1) {
    if (signal.aborted) return 'stopping'
    try {
      await handle(event, signal)
      return undefined
    } catch (error) {
      const reason = reasonFor(error)
      tell('handler-failed', { event: event.id, hubseq: event.hubseq, tries: failures, reason })
      if (failures >= tries) return reason
      await sleep(backOff(failures, limits.firstWaitMs, limits.longestWaitMs), signal)
    }
  }
}

function read(record: KafkaRecord): HubEvent | string {
  try {
    return decodeEvent(record)
  } catch (error) {
    if (error instanceof HubClientError) return error.message
    throw error
  }
}

function placeOf({ topic, partition, offset }: KafkaRecord): { topic: string; partition: number; offset: number } {
  return { topic, partition, offset }
}
