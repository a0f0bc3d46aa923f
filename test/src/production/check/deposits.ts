import { parseLeaf, type Receipt } from '@socle/schemas'
import type { Evidence, Sent, Step } from './evidence.ts'

/** Everything that the history says of one idempotency key. */
export interface Deposit {
  readonly name: string
  readonly op: Step['op']
  readonly sent: Sent | undefined
  /** Receipts to the letter, in the order in which they came; of an outcome the answers. */
  readonly receipts: readonly string[]
  /** The first, read; an outcome has none. */
  readonly receipt: Receipt | undefined
  /** The entry that the first names. */
  readonly entry: { readonly index: number; readonly id: string } | undefined
  readonly refusals: readonly Step[]
}

/** The name of a deposit: a key is its account's own. */
export function nameOf(account: string, key: string): string {
  return `${account} ${key}`
}

export function depositsOf({ history }: Pick<Evidence, 'history'>): ReadonlyMap<string, Deposit> {
  const found = new Map<
    string,
    Pick<Deposit, 'op'> & { sent: Sent | undefined; receipts: string[]; refusals: Step[] }
  >()
  for (const step of history) {
    const { op, account, key } = step
    // The ledger keeps the keys of outcomes apart from those of deposits, by this word.
    const name = nameOf(account, op === 'outcome' ? `outcome ${key}` : key)
    const deposit = found.get(name) ?? { op, sent: undefined, receipts: [], refusals: [] }
    found.set(name, deposit)
    deposit.sent ??= step.sent
    if (step.type === 'ok') deposit.receipts.push(step.receipt ?? '')
    if (step.type === 'fail') deposit.refusals.push(step)
  }
  return new Map([...found].map(([name, deposit]) => [name, { name, ...deposit, ...read(deposit) }]))
}

/** Of a receipt that cannot be read, the verdicts say what is wrong. */
function read({ op, receipts: [text] }: Pick<Deposit, 'op' | 'receipts'>): Pick<Deposit, 'receipt' | 'entry'> {
  try {
    const value = JSON.parse(text ?? '') as Partial<Receipt> & { readonly index?: unknown }
    const { id, index, proof, leaf } = value
    if (op === 'outcome')
      return { receipt: undefined, entry: typeof index === 'number' && id !== undefined ? { id, index } : undefined }
    if (typeof proof?.index === 'number' && typeof leaf === 'string')
      return { receipt: value as Receipt, entry: { id: parseLeaf(leaf).id, index: proof.index } }
  } catch {
    // Not JSON, or a leaf that is none.
  }
  return { receipt: undefined, entry: undefined }
}
