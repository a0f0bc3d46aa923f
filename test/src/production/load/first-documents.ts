import type { LoadPlan } from './load.ts'
import { anOutcomeOf, aResponseOf } from './documents.ts'
import { createSender } from './sender.ts'

/** Far from the numbers of every load. */
const number = 900_000

const patienceMs = 20_000

/** A confidential document and an outcome on it, before any fault: each run has one of both, whatever its load sends. */
export async function sendFirst({
  url,
  accounts: [sender],
  reporter,
  history,
}: Pick<LoadPlan, 'url' | 'accounts' | 'reporter' | 'history'>): Promise<void> {
  if (!sender) throw new Error('nobody to send')
  const first = createSender(url, 'first', 1, history)
  try {
    const response = aResponseOf(number, 'consultation-0')
    const end = Date.now() + patienceMs
    const sent = await first.settle({ account: sender.id, token: sender.token, key: 'first', document: response }, end)
    const { id } = JSON.parse(sent?.receipt ?? '{}') as { readonly id?: string }
    if (id === undefined) throw new Error(`the first document was answered ${sent?.status}: ${sent?.reason}`)
    const document = anOutcomeOf(number, id, response.consultation)
    await first.settle({ account: reporter.id, token: reporter.token, key: 'first', document }, end)
  } finally {
    await first.close()
  }
}
