import type { Receipt } from '@socle/schemas'
import type { Evidence, Sent, Step } from './evidence.ts'

/** Everything that the history says of one idempotency key. */
export interface Deposit {
  readonly name: string
  readonly sent: Sent | undefined
  /** Receipts to the letter, in the order in which they came. */
  readonly receipts: readonly string[]
  /** The first, read. */
  readonly receipt: Receipt | undefined
  readonly refusals: readonly Step[]
}

/** The name of a deposit: a key is its account's own. */
export function nameOf(account: string, key: string): string {
  return `${account} ${key}`
}

export function depositsOf({ history }: Pick<Evidence, 'history'>): ReadonlyMap<string, Deposit> {
  const found = new Map<string, { sent: Sent | undefined; receipts: string[]; refusals: Step[] }>()
  for (const step of history) {
    const name = nameOf(step.account, step.key)
    const deposit = found.get(name) ?? { sent: undefined, receipts: [], refusals: [] }
    found.set(name, deposit)
    deposit.sent ??= step.sent
    if (step.type === 'ok') deposit.receipts.push(step.receipt ?? '')
    if (step.type === 'fail') deposit.refusals.push(step)
  }
  return new Map([...found].map(([name, deposit]) => [name, { name, ...deposit, receipt: read(deposit.receipts[0]) }]))
}

/** Of a receipt that cannot be read, the proof verdict says what is wrong. */
function read(text: string | undefined): Receipt | undefined {
  try {
    const value = JSON.parse(text ?? '') as Partial<Receipt>
    return typeof value.proof?.index === 'number' && typeof value.leaf === 'string' ? (value as Receipt) : undefined
  } catch {
    return undefined
  }
}
