import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** What becomes of the bytes of one direction. */
export type Flow =
  | { readonly is: 'pass' }
  /** Each piece later by `ms`, and up to `jitterMs` more; never out of order. */
  | { readonly is: 'latency'; readonly ms: number; readonly jitterMs: number }
  /** Taken and gone: whoever sends notices nothing. */
  | { readonly is: 'blackhole' }
  /** Pieces of at most `bytes`, with a pause after each: whoever reads must not expect a message in one piece. */
  | { readonly is: 'slicer'; readonly bytes: number; readonly pauseMs: number }

/** One direction of one connection. */
export interface Pipe {
  /** Nothing more of this connection passes in this direction, whatever the flow. */
  silence(): void
}

interface Piece {
  readonly bytes: Buffer
  readonly dueAt: number
}

interface PipeNeeds {
  readonly from: Socket
  readonly to: Socket
  /** Asked for each piece: the flow may change at any moment. */
  readonly flow: () => Flow
  /** 0 to 1, for the jitter. */
  readonly random: () => number
  /** Told of each piece before it goes on; false: it does not. */
  readonly seen: (bytes: number) => boolean
}

/** Beyond this the reading side is paused: a slow flow must not fill the memory. */
const mostWaiting = 4 * 1024 * 1024

/** Carries bytes from one socket to the other in order. The end of the stream waits for its turn too. */
export function createPipe({ from, to, flow, random, seen }: PipeNeeds): Pipe {
  const queue: Piece[] = []
  let waiting = 0
  let running = false
  let ended = false
  let silent = false

  async function run(): Promise<void> {
    for (let piece = queue.shift(); piece; piece = queue.shift()) {
      const wait = piece.dueAt - performance.now()
      if (wait > 0) await sleep(wait)
      await pass(piece.bytes)
      waiting -= piece.bytes.length
      if (waiting < mostWaiting) from.resume()
    }
    running = false
    if (ended && !silent) to.end()
  }

  async function pass(bytes: Buffer): Promise<void> {
    const now = flow()
    if (silent || to.destroyed || now.is === 'blackhole') return
    if (now.is !== 'slicer') {
      to.write(bytes)
      return
    }
    for (let at = 0; at < bytes.length && !to.destroyed; at += now.bytes) {
      to.write(bytes.subarray(at, at + now.bytes))
      await sleep(now.pauseMs)
    }
  }

  function start(): void {
    if (running) return
    running = true
    void run()
  }

  from.on('data', (bytes: Buffer) => {
    if (silent || !seen(bytes.length)) return
    const now = flow()
    const delay = now.is === 'latency' ? now.ms + random() * now.jitterMs : 0
    const last = queue.at(-1)?.dueAt ?? 0
    queue.push({ bytes, dueAt: Math.max(last, performance.now() + delay) })
    waiting += bytes.length
    if (waiting >= mostWaiting) from.pause()
    start()
  })
  from.on('end', () => {
    ended = true
    start()
  })
  return {
    silence() {
      silent = true
    },
  }
}
