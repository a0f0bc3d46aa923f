import { setTimeout as delay } from 'node:timers/promises'
import type { Kind } from '@socle/schemas'

/** What the feed and the subscriptions of the hub carry. */
export type Subject = Kind | 'outcome'

export type Clock = () => Date

/** Waits; an aborted signal ends the wait early and without an error. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>

/** From 0 (included) to 1 (excluded). */
export type Random = () => number

/** Time and chance, replaced in tests. */
export interface Surroundings {
  readonly clock: Clock
  readonly sleep: Sleep
  readonly random: Random
}

export const realSurroundings: Surroundings = {
  clock: () => new Date(),
  sleep: async (ms, signal) => {
    await delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined)
  },
  random: Math.random,
}

/** A running connector: it stops, with everything it opened, when it is disposed of. */
export interface Connector extends AsyncDisposable {
  readonly name: string
  /** Rejects when the connector cannot go on (a cursor of another log, a handler that keeps failing); resolves once stopped. */
  readonly done: Promise<void>
}

/** Tells what a connector does, for a log. It never gets contents or secrets, and what it throws is not caught. */
export type Tell = (event: string, facts: Readonly<Record<string, string | number>>) => void
