import type { CrashPoint, LedgerStep } from '@socle/gateway'

/** Where it is to die: at a step of the flow, or inside the ledger's transaction. */
export interface MortalPlan {
  readonly at?: CrashPoint
  readonly killAt?: LedgerStep | 'committed'
}
