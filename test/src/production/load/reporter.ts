import { anOutcomeOf } from './documents.ts'
import type { LoadPlan } from './load.ts'
import type { Attempt, Deposit } from './sender.ts'

/** The recipient that says, of some of the documents that were recorded, what became of them; each time under a new key. */
export function createReporter(
  { reporter: { id: account, token }, outcomes, random, first = 0 }: LoadPlan,
  persist: (report: Deposit) => Promise<unknown>,
): (acknowledged: Attempt, consultation: string) => Promise<void> {
  let number = first
  return async ({ receipt }, consultation) => {
    const { id, state } = JSON.parse(receipt ?? '{}') as { readonly id?: string; readonly state?: string }
    if (id === undefined || state !== 'recorded' || random.next() >= outcomes) return
    const key = `outcome-${String(number).padStart(6, '0')}`
    await persist({ account, token, key, document: anOutcomeOf(number++, id, consultation) })
  }
}
