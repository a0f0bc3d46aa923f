import { reasonOf } from '@socle/schemas'
import type { Hub } from '../hub.ts'
import type { SealedFiles } from './evidence-record-files.ts'
import { urgentKind } from './outage.ts'
import { SealDamagedError, stampSeal } from './seal-token.ts'

/** Questions under way at the same time. */
const atOnce = 4

type Needs = Pick<Hub, 'config' | 'store' | 'keys' | 'timestamps' | 'events'>

/**
 * Has each seal of these documents stamped that lacks its timestamp and is to have one: a record over it keeps its level for
 * ever. What was had before a failure is kept: the next look asks for the rest. A seal that is damaged is told and stays as it is.
 * @param goesOn asked before each question; no: the rest is left
 * @throws Error when no good token can be had: nothing must be archived then
 */
export async function timeSeals(hub: Needs, documents: readonly SealedFiles[], goesOn: () => boolean): Promise<void> {
  const all = hub.config.servers.time.seals === 'all'
  const waiting = documents.filter(({ level, kind }) => level === 'B' && (all || kind === urgentKind))
  let failure: unknown
  const ask = async (): Promise<void> => {
    for (let one = waiting.shift(); one && failure === undefined && goesOn(); one = waiting.shift()) {
      try {
        await stampSeal(hub, one.index)
      } catch (error) {
        if (error instanceof SealDamagedError) hub.events.failed('seal-timestamp', error)
        else failure ??= error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, waiting.length) }, ask))
  if (failure === undefined) return
  const rest = `seals wait for their timestamps (HUB_SEAL_TIMESTAMPS), and their day with them: ${reasonOf(failure)}`
  throw new Error(rest, { cause: failure })
}
