import { appendFileSync } from 'node:fs'
import type { Step } from '../check/evidence.ts'

/** The senders' account of a run, one line a step. On disk before the sender goes on: a run that breaks keeps it. */
export interface History {
  write(step: Omit<Step, 'at'>): void
}

export function openHistory(file: string): History {
  appendFileSync(file, '')
  return {
    write(step) {
      appendFileSync(file, `${JSON.stringify({ at: Date.now(), ...step } satisfies Step)}\n`)
    },
  }
}
