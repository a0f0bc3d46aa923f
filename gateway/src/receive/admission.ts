import { setMaxListeners } from 'node:events'
import type { Kind } from '@socle/schemas'
import { authenticate, type Caller, requireScope } from '../authenticate/caller.ts'
import type { Presented } from '../authenticate/client-certificate.ts'
import { writeScopeOf } from '../directory/scopes.ts'
import { HubError } from '../errors.ts'
import type { Lane } from '../fair-queue.ts'
import type { Hub } from '../hub.ts'
import { createGate, type Gate } from './gate.ts'
import type { Incoming } from './incoming.ts'
import { watchPressure } from './pressure.ts'
import { type Body, createReception } from './reception.ts'

type Entering = Presented & { readonly raw: Body }

/**
 * Who is let in, and when. Everything here is decided by account, never by address: platforms share theirs.
 * The urgent lane is the kind `dume-response`, whatever its account: answers to a call for tenders, whose deadline is in
 * the law. How near that deadline is stands in the document and in its notice, and is known only once both were read.
 */
export interface Admission {
  /**
   * Before the body is read: the caller, its right to deposit the kind, the state of the process, the account's rate, room
   * for the body. A stream (`records`) is let in and paced by record.
   * @throws HubError of `authenticate`, SCOPE_MISSING, OVERLOADED, RATE_LIMITED
   */
  enter(kind: Kind, request: Entering, body: 'document' | 'records'): Promise<Caller>
  /** Does the work on a document when its account's turn has come. @throws HubError OVERLOADED */
  pass<T>(account: string, incoming: Pick<Incoming, 'kind' | 'bytes'>, work: () => Promise<T>): Promise<T>
  /** Resolves when one more record is within the account's rate, or when the hub stops. */
  pace(account: string): Promise<void>
  close(): void
}

/** Documents judged on the main thread: two group commits' worth. A quarter more is kept for the urgent lane. */
const quick = { common: 256, urgent: 64 }
/** Documents for the threads: enough that they never wait for the disk, few enough that a newcomer's turn is near. */
const threaded = { common: 12, urgent: 4 }

/** Documents for the threads wait by weight: so many pieces of so many bytes, a hundred megabytes a lane. */
const pieceBytes = 262_144
const threadedPlaces = 400

export function createAdmission(hub: Hub): Admission {
  const { maxQueuedEntries: queued, maxQueuedBytes, maxBodyBytes, rate } = hub.config
  const reception = createReception({ bytes: maxQueuedBytes, largest: maxBodyBytes })
  const pressure = watchPressure()
  // Whoever waits for something listens to it: as many as there are requests.
  setMaxListeners(0, hub.stopping)
  const gates: Readonly<Record<'quick' | 'threaded', Gate>> = {
    quick: createGate({ inHand: quick, places: { common: queued, urgent: queued } }),
    threaded: createGate({ inHand: threaded, places: { common: threadedPlaces, urgent: threadedPlaces } }),
  }
  /** Milliseconds until the account may deposit one more; 0: now, and it is counted. */
  const waitOf = async (account: string): Promise<number> => {
    if (rate.perSecond === 0) return 0
    const { allowed, retryAfterMs } = await hub.cache.take(`deposit ${account}`, rate, 1)
    return allowed ? 0 : Math.max(1, retryAfterMs)
  }
  return {
    async enter(kind, request, body) {
      const caller = await authenticate(hub, request)
      requireScope(caller, writeScopeOf(kind))
      if (pressure.tooHigh(laneOf(kind))) throw new HubError('OVERLOADED', { retryAfterSeconds: 2 })
      const wait = body === 'records' ? 0 : await waitOf(caller.account)
      if (wait > 0)
        throw new HubError('RATE_LIMITED', {
          value: String(rate.perSecond),
          retryAfterSeconds: Math.ceil(wait / 1_000),
        })
      if (body === 'document') reception.begin(caller.account, laneOf(kind), request.raw)
      return caller
    },
    async pass(account, { kind, bytes }, work) {
      const isQuick = hub.examiner.isQuick(bytes)
      const cost = isQuick ? 1 : 1 + Math.floor(bytes.length / pieceBytes)
      return await gates[isQuick ? 'quick' : 'threaded'].pass({ account, lane: laneOf(kind), cost }, work)
    },
    async pace(account) {
      for (let wait = await waitOf(account); wait > 0 && !hub.stopping.aborted; wait = await waitOf(account))
        await hub.pause(wait, hub.stopping)
    },
    close: () => pressure.close(),
  }
}

function laneOf(kind: Kind): Lane {
  return kind === 'dume-response' ? 'urgent' : 'common'
}
