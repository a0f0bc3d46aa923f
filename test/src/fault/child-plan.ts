import type { CrashPoint, LedgerStep } from '@socle/gateway'

/** How a hub process is to run and where it is to die. Goes to it as JSON, so that nothing is said through the environment. */
export interface ChildPlan {
  readonly directory: string
  /** HUB_* settings beside those of every test hub. */
  readonly settings?: Readonly<Record<string, string>>
  /** Dies at this step of the flow, once armed. */
  readonly at?: CrashPoint
  /** Armed from the start; otherwise when told to. */
  readonly armed?: boolean
  /** Dies at this step of the first transaction that reaches it. */
  readonly killAt?: LedgerStep | 'committed'
  /** Each append starts this much later. */
  readonly slowMs?: number
  /** Acknowledges documents that it keeps in memory only. What the checks of this folder must find out. */
  readonly forgets?: boolean
  /** A subscriber of the bus writes one line of JSON an event here. */
  readonly busFile?: string
}

/** What the process says once it serves. */
export interface ChildReady {
  readonly url: string
  /** Bearer token of each account; they outlive the process, the key that signs them is on disk. */
  readonly tokens: Readonly<Record<Account, string>>
}

/** Both are mandated by the same buyer, so that one receives what the other sends. */
export const accounts = ['profil-a', 'profil-b'] as const

export type Account = (typeof accounts)[number]
