import { getHeapStatistics } from 'node:v8'
import type { Lane } from '../fair-queue.ts'

/** How the process feels. Asked before a body is read: a hub that is drowning must not take more water in. */
export interface Pressure {
  /** True when no more work of the lane should be taken in now. */
  tooHigh(lane: Lane): boolean
  close(): void
}

export interface PressureLimits {
  /** Lateness of the event loop, in milliseconds, five looks in a row: a pause or two are not overload. */
  readonly lateMs: number
  /** Part of the heap's limit that is in use. */
  readonly heap: number
}

/** The reserved lane goes on until the process is close to its end. */
export const pressureLimits: Readonly<Record<Lane, PressureLimits>> = {
  common: { lateMs: 250, heap: 0.85 },
  urgent: { lateMs: 1_500, heap: 0.95 },
}

const lookEveryMs = 200
const looksInARow = 5

export interface Look {
  /** Milliseconds since an arbitrary start. */
  readonly now: () => number
  /** 0 to 1. */
  readonly heap: () => number
}

const ownProcess: Look = {
  now: performance.now.bind(performance),
  heap() {
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics()
    return used / limit
  },
}

/** Looks at the event loop and the heap five times a second, and is told by `look` (a test has its own). */
export function watchPressure(look: Look = ownProcess): Pressure {
  let last = look.now()
  let recent: readonly number[] = []
  let heap = 0
  const timer = setInterval(() => {
    const now = look.now()
    recent = [...recent.slice(-looksInARow + 1), Math.max(0, now - last - lookEveryMs)]
    last = now
    heap = look.heap()
  }, lookEveryMs)
  timer.unref()
  return {
    tooHigh(lane) {
      const limits = pressureLimits[lane]
      const isLate = recent.length === looksInARow && recent.every((late) => late > limits.lateMs)
      return isLate || heap > limits.heap
    },
    close: () => clearInterval(timer),
  }
}
