import { type Finding, finding } from '@socle/schemas'
import { decimal } from './decimal.ts'
import type { Kept } from './judge.ts'
import { isPowerOfTen } from './rules/chains.ts'
import { isObject } from './view.ts'

/** Contracts remembered at a time: a stream of a million must not keep them all. */
const mostRemembered = 100_000

/** What makes two records the same contract to the national consolidation, and the amount that tells how same. */
export interface ContractKey {
  readonly key: string
  /** Euros; undefined when the record gives none. */
  readonly amount: number | undefined
}

interface Known {
  readonly index: number
  readonly amount: number | undefined
}

export interface Neighbours {
  /** Tells what a record has in common with those met before it, then remembers it. Nothing is refused for it. */
  meet(record: ContractKey, index: number, at: Pick<Finding, 'pointer' | 'xpath'>): readonly Finding[]
}

/**
 * Finds contracts that come twice, from two channels or because they were published again, by the key of the national
 * consolidation: number, buyer, first winner, date. It links, and never deletes: 73 of 824 such pairs counted in published
 * files were different contracts.
 */
export function createNeighbours(): Neighbours {
  const known = new Map<string, Known>()
  return {
    meet({ key, amount }, index, at) {
      const before = known.get(key)
      // All at once: taking the oldest out of a map one by one leaves it full of holes.
      if (known.size >= mostRemembered) known.clear()
      known.set(key, { index, amount })
      return before === undefined ? [] : compare(before, { index, amount }, at)
    },
  }
}

export function contractKey({ contract, record }: Kept): ContractKey {
  const value = record[contract === 'marche' ? 'montant' : 'valeurGlobale']
  return { key: keyOf(contract, record), amount: typeof value === 'number' ? value : undefined }
}

function compare(before: Known, now: Known, at: Pick<Finding, 'pointer' | 'xpath'>): readonly Finding[] {
  const place = { ...at, record: now.index }
  if (before.amount === now.amount)
    return [finding('DECP-DUPLICATE-RECORD', { ...place, expected: String(before.index) })]
  const [first, second] = [before.amount ?? 0, now.amount ?? 0]
  if (first <= 0 || second <= 0 || !isPowerOfTen(second / first)) return []
  return [finding('DECP-AMOUNT-SCALE', { ...place, value: decimal(second), expected: decimal(first) })]
}

const names = {
  marche: { buyer: 'acheteur', winners: 'titulaires', winner: 'titulaire', date: 'dateNotification' },
  'contrat-concession': {
    buyer: 'autoriteConcedante',
    winners: 'concessionnaires',
    winner: 'concessionnaire',
    date: 'dateDebutExecution',
  },
} as const

function keyOf(contract: Kept['contract'], record: Kept['record']): string {
  const { buyer, winners, winner, date } = names[contract]
  const list = record[winners]
  const first: unknown = Array.isArray(list) ? list[0] : undefined
  // Version 1 has its winners without a wrapper.
  const holder = isObject(first) ? (first[winner] ?? first) : undefined
  return [contract, idOf(record[buyer]), record['id'], idOf(holder), record[date]].join('|')
}

function idOf(holder: unknown): unknown {
  return isObject(holder) ? holder['id'] : undefined
}
