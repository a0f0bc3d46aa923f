import { type Award, type Finding, finding } from '@socle/schemas'
import { decimal } from './decimal.ts'
import { isPowerOfTen } from './rules/chains.ts'

/** Contracts remembered at a time: a stream of a million must not keep them all. */
const mostRemembered = 100_000

interface Known {
  readonly index: number
  readonly amount: number | undefined
}

export interface Neighbours {
  /** Tells what a record has in common with those met before it, then remembers it. Nothing is refused for it. */
  meet(award: Award, index: number, at: Pick<Finding, 'pointer' | 'xpath'>): readonly Finding[]
}

/**
 * Finds contracts that come twice, from two channels or because they were published again, by the key of the national
 * consolidation: number, buyer, first winner, date. It links, and never deletes: 73 of 824 such pairs counted in published
 * files were different contracts.
 */
export function createNeighbours(): Neighbours {
  const known = new Map<string, Known>()
  return {
    meet(award, index, at) {
      const key = keyOf(award)
      const before = known.get(key)
      const amount = award.amount === undefined ? undefined : Number(award.amount.amount)
      known.set(key, { index, amount })
      if (known.size > mostRemembered) for (const [oldest] of known) return forget(known, oldest)
      return before === undefined ? [] : compare(before, { index, amount }, at)
    },
  }
}

function forget(known: Map<string, Known>, key: string): readonly Finding[] {
  known.delete(key)
  return []
}

function compare(before: Known, now: Known, at: Pick<Finding, 'pointer' | 'xpath'>): readonly Finding[] {
  const place = { ...at, record: now.index }
  if (before.amount === now.amount)
    return [finding('DECP-DUPLICATE-RECORD', { ...place, expected: String(before.index) })]
  const [first, second] = [before.amount ?? 0, now.amount ?? 0]
  if (first <= 0 || second <= 0 || !isPowerOfTen(second / first)) return []
  return [finding('DECP-AMOUNT-SCALE', { ...place, value: decimal(second), expected: decimal(first) })]
}

function keyOf({ contract, buyer, internalId, winners, notificationDate, signatureDate, startDate }: Award): string {
  const [first] = winners ?? []
  const date = contract === 'marche' ? notificationDate : (startDate ?? signatureDate)
  return [contract, buyer.value, internalId, first?.scheme, first?.value, date].join('|')
}
