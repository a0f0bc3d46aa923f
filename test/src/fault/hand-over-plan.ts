/** What the process that hands a log over is told: keys are PEM, and the store is SQLite's file unless there is an address. */
export interface HandOverPlan {
  readonly file: string
  readonly url?: string
  readonly origin: string
  readonly logKey: string
  readonly next: string
  readonly nextKey: string
  readonly killAt: 'head-locked' | 'entries-inserted' | 'checkpoint-signed' | 'head-moved' | 'committed'
}
