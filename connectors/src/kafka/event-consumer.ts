import { join } from 'node:path'
import { type Clock, realSurroundings, type Sleep, type Tell } from '../kit/connector.ts'
import type { HubEvent } from '../kit/hub-event.ts'
import { type KafkaAccess, openKafkaSource } from './kafka-source.ts'
import { type ConsumerLimits, consumerLimits } from './limits.ts'
import type { ConsumerNeeds } from './needs.ts'
import { openPark, type Parked } from './park.ts'
import { createLane, type Lane, type LaneState } from './partition-lane.ts'
import { openProgressFiles } from './progress-files.ts'
import { createParkRetries, type ParkRetries } from './retry-parked.ts'
import type { RecordSource, SourceSettings, Start } from './source.ts'
import type { Place, Trouble } from './trouble.ts'
import { createTurns } from './turns.ts'

export interface EventConsumerSettings extends Omit<KafkaAccess, 'partitions'> {
  /** The hub's topics, e.g. `tncp.production.awards.v1`. */
  readonly topics: readonly string[]
  /** `all` by default. */
  readonly partitions?: KafkaAccess['partitions']
  /** Of this consumer alone: progress and parked events. It belongs to one group for good. */
  readonly directory: string
  /**
   * Awaited for each event: in order and one at a time for each consultation, several consultations at once. At least
   * once: after a crash the event comes again with the same `id`, by which the handler knows it.
   */
  readonly handle: (event: HubEvent, signal: AbortSignal) => Promise<void>
  /** Told what an operator must hear of. Must not throw. */
  readonly onTrouble: (trouble: Trouble) => void
  readonly limits?: Partial<ConsumerLimits>
  readonly tell?: Tell
  readonly clock?: Clock
  readonly sleep?: Sleep
  /** Brings the records; Kafka by default. */
  readonly open?: (settings: SourceSettings) => RecordSource
}

/** Where one partition stands. `next` is an offset, `last` a `hub-seq`. */
export interface PartitionView extends Place {
  readonly state: LaneState
  readonly next: number
  readonly last: number | undefined
}

/** A running consumer of the hub's topics. Disposal lets the handlers under way end, then leaves. */
export interface EventConsumer extends AsyncDisposable {
  partitions(): readonly PartitionView[]
  /** What waits because its consultation cannot be handled, oldest first. */
  parked(): readonly Pick<Parked, 'number' | 'consultation' | 'reason'>[]
  /**
   * An operator takes note that records are missing, and the stopped partition goes on: from the record that stopped it,
   * or from the offset given. What was missed is to be fetched elsewhere (the feed has every event).
   */
  acceptLoss(place: Place, offset?: number): Promise<void>
  /** Tries a parked consultation now. True when nothing of it is parked any more. */
  retryParked(consultation: string): Promise<boolean>
  /** An operator gives up the oldest parked event of a consultation. It is gone for this consumer. */
  discardParked(consultation: string): Promise<void>
}

/**
 * Reads the hub's topics until it is disposed of. It never rejects for brokers that are away: it says so and goes on.
 * @throws HubClientError FILE_UNREADABLE: the directory is damaged, or of another group
 */
export async function createEventConsumer(settings: EventConsumerSettings): Promise<EventConsumer> {
  const { directory, groupId, onTrouble, topics, partitions = 'all' } = settings
  const limits = { ...consumerLimits, ...settings.limits }
  const stopping = new AbortController()
  const needs: ConsumerNeeds = {
    progress: await openProgressFiles(join(directory, 'progress'), groupId),
    park: await openPark(join(directory, 'parked'), limits),
    turns: createTurns(),
    handle: settings.handle,
    limits,
    sleep: settings.sleep ?? realSurroundings.sleep,
    signal: stopping.signal,
    trouble: onTrouble,
    tell: settings.tell ?? ((): void => undefined),
  }
  const lanes = new Map<string, Lane>()
  const laneOf = (place: Place): Lane => {
    const name = `${place.topic}/${place.partition}`
    const lane = lanes.get(name) ?? createLane(needs, place)
    lanes.set(name, lane)
    return lane
  }
  const open = settings.open ?? ((asked) => openKafkaSource({ ...settings, partitions }, asked, limits))
  const source = open({
    topics,
    assigned: (places) => places.map(laneOf).flatMap((lane) => (lane.state() === 'idle' ? [startOf(needs, lane)] : [])),
    async receive(place, records) {
      const lane = laneOf(place)
      const taken = await lane.take(records)
      if (taken && lane.state() === 'idle' && !stopping.signal.aborted) source.resume(startOf(needs, lane))
    },
    groupShared: () => onTrouble({ kind: 'group-shared', groupId }),
    disconnected: (reason, failures) => onTrouble({ kind: 'disconnected', reason, failures }),
  })
  const goOn = (lane: Lane): void => {
    lane.release()
    source.resume(startOf(needs, lane))
  }
  const retries = createParkRetries(
    needs,
    () => [...lanes.values()].filter((lane) => lane.state() === 'park-full').forEach(goOn),
    settings.clock ?? realSurroundings.clock,
  )
  const background = Promise.all([retries.run(), commitLoop(needs, source, lanes)])
  return {
    ...views(needs, lanes),
    ...operations(needs, retries, async (place, offset) => await acceptLoss(needs, laneOf(place), offset).then(goOn)),
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await Promise.all([...lanes.values()].map(async (lane) => await lane.idle()))
      await background
      await commit(needs, source, lanes)
      await source.close()
    },
  }
}

function views(
  { progress, park }: ConsumerNeeds,
  lanes: ReadonlyMap<string, Lane>,
): Pick<EventConsumer, 'partitions' | 'parked'> {
  return {
    partitions: () =>
      [...lanes.values()].map((lane) => {
        const { next = 0, last } = progress.of(lane.place) ?? {}
        return { ...lane.place, state: lane.state(), next, last }
      }),
    parked: () => park.consultations().flatMap((consultation) => park.of(consultation)),
  }
}

function operations(
  { park, turns, tell }: ConsumerNeeds,
  retries: ParkRetries,
  acceptLoss: EventConsumer['acceptLoss'],
): Pick<EventConsumer, 'acceptLoss' | 'retryParked' | 'discardParked'> {
  return {
    acceptLoss,
    retryParked: retries.now,
    discardParked: async (consultation) =>
      await turns(consultation, async () => {
        const [oldest] = park.of(consultation)
        if (!oldest) return
        await park.remove(oldest)
        tell('discarded', { consultation, offset: oldest.record.offset, reason: oldest.reason })
      }),
  }
}

function startOf({ progress }: ConsumerNeeds, { place }: Lane): Start {
  return { ...place, offset: progress.of(place)?.next ?? 0 }
}

/** @throws RangeError when the partition is not stopped by a gap: there is nothing to accept */
async function acceptLoss({ progress, tell }: ConsumerNeeds, lane: Lane, offset: number | undefined): Promise<Lane> {
  const { place } = lane
  const state = lane.state()
  const known = progress.of(place)
  if (state !== 'loss' && state !== 'other-log' && state !== 'foreign')
    throw new RangeError(`${place.topic}/${place.partition} is ${state}: there is no loss to accept`)
  // A record that is none of a hub is passed over: the chain goes on behind it.
  const passedOver = state === 'foreign' && offset === undefined
  const next = offset ?? lane.stoppedAt() + (passedOver ? 1 : 0)
  await progress.move(place, { ...known, next, ...(passedOver ? {} : { gapAccepted: true }) })
  tell('loss-accepted', { ...place, offset: next })
  return lane
}

async function commitLoop(needs: ConsumerNeeds, source: RecordSource, lanes: ReadonlyMap<string, Lane>): Promise<void> {
  while (!needs.signal.aborted) {
    await needs.sleep(needs.limits.commitEveryMs, needs.signal)
    await commit(needs, source, lanes)
  }
}

/** Nothing hangs on it: a broker that does not take it shows a lag that is too high. */
async function commit(needs: ConsumerNeeds, source: RecordSource, lanes: ReadonlyMap<string, Lane>): Promise<void> {
  const starts = [...lanes.values()].map((lane) => startOf(needs, lane))
  await source.commit(starts).catch((error: unknown) => needs.tell('commit-failed', { reason: String(error) }))
}
