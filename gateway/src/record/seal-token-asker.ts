import type { Hub } from '../hub.ts'
import { readSealToken } from '../store/seal-tokens.ts'
import { SealDamagedError, stampSeal } from './seal-token.ts'

/** Questions under way at the same time in one process, for seals that somebody wants to see. */
const atOnce = 4
/** Whoever exports waits for a token this long, turn included. It is kept for the next export if it comes later. */
const waitMs = 10_000
/** After a failure of the authority nobody is asked for so long: an export of hundreds must not wait for each. */
const restMs = 30_000

/** Tokens of seals for those who export evidence. */
export interface SealTokens {
  /** Undefined when none can be had now; never throws for an authority. @throws Error when the store does not answer */
  of(index: number): Promise<Uint8Array | undefined>
}

/** Keeps the token of each seal that is asked for; the first export of a document thus decides which one it is. */
export function createSealTokens(hub: Pick<Hub, 'store' | 'keys' | 'timestamps' | 'events'>): SealTokens {
  const asked = new Map<number, Promise<Uint8Array | undefined>>()
  const queue: (() => void)[] = []
  let running = 0
  let restsUntil = 0

  async function ask(index: number): Promise<Uint8Array | undefined> {
    if (running >= atOnce) await new Promise<void>((go) => void queue.push(go))
    running++
    try {
      if (performance.now() < restsUntil) return undefined
      return await stampSeal(hub, index)
    } catch (error) {
      hub.events.failed('seal-timestamp', error)
      if (!(error instanceof SealDamagedError)) restsUntil = performance.now() + restMs
      return undefined
    } finally {
      running--
      queue.shift()?.()
    }
  }

  return {
    async of(index) {
      const known = await readSealToken(hub.store.reader, index)
      if (known || performance.now() < restsUntil) return known
      let answer = asked.get(index)
      if (!answer) {
        answer = ask(index).finally(() => asked.delete(index))
        asked.set(index, answer)
      }
      return await inTime(answer)
    },
  }
}

async function inTime<T>(answer: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), waitMs)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
