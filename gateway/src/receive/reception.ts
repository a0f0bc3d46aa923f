import type { IncomingHttpHeaders } from 'node:http'
import { HubError } from '../errors.ts'
import type { Lane } from '../fair-queue.ts'

export interface ReceptionLimits {
  /** Bytes of bodies that may be on their way in together. A body alone may be larger. */
  readonly bytes: number
  /** What a body without a length counts for. */
  readonly largest: number
}

/** A request whose body has not been read yet, as Node has it. */
export interface Body {
  readonly headers: IncomingHttpHeaders
  readonly destroyed: boolean
  once(event: 'end' | 'close', listener: () => void): unknown
}

/** The part of the bytes that the common lane may take, and one account with several bodies: nobody shuts others out. */
const shares = { common: 0.75, account: 0.25 } as const

/**
 * Bodies on their way in. Each is held in memory outside of the heap until its last byte is there, which its sender may
 * put off for a minute: by what they announce, so that it is known before the first byte is read.
 */
export interface Reception {
  /** Counts the request's body until it is there, or its connection is gone. @throws HubError OVERLOADED */
  begin(account: string, lane: Lane, body: Body): void
}

export function createReception(limits: ReceptionLimits): Reception {
  const held = new Map<string, number>()
  let all = 0

  function hold(account: string, bytes: number): void {
    const sum = (held.get(account) ?? 0) + bytes
    if (sum === 0) held.delete(account)
    else held.set(account, sum)
    all += bytes
  }

  return {
    begin(account, lane, body) {
      const bytes = announced(body, limits.largest)
      const own = held.get(account) ?? 0
      const most = limits.bytes * (lane === 'urgent' ? 1 : shares.common)
      const isTooMuch = all > 0 && all + bytes > most
      const isUnfair = own > 0 && own + bytes > limits.bytes * shares.account
      if (isTooMuch || isUnfair) throw new HubError('OVERLOADED', { retryAfterSeconds: 2 })
      // Whoever left while we asked who he was takes no place, and says nothing more.
      if (body.destroyed) return
      let isThere = false
      hold(account, bytes)
      const end = (): void => {
        if (!isThere) hold(account, -bytes)
        isThere = true
      }
      body.once('end', end)
      body.once('close', end)
    },
  }
}

function announced({ headers }: Body, largest: number): number {
  const length = headers['content-length']
  if (length !== undefined) return Math.min(Number(length), largest)
  return headers['transfer-encoding'] === undefined ? 0 : largest
}
