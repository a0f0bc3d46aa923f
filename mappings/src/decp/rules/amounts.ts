import type { Finding } from '@socle/schemas'
import { highestAmount, inForce, longestDuration, repeatedDigit } from '../../thresholds.ts'
import { decimal } from '../decimal.ts'
import { type RecordView, type Spot, found, numbersWhere, valueAt } from '../view.ts'

const amountPaths = {
  marche: [
    'montant',
    'modifications/*/modification/montant',
    'actesSousTraitance/*/acteSousTraitance/montant',
    'modificationsActesSousTraitance/*/modificationActeSousTraitance/montant',
  ],
  'contrat-concession': [
    'valeurGlobale',
    'modifications/*/modification/valeurGlobale',
    'actesSousTraitance/*/acteSousTraitance/montant',
    'modificationsActesSousTraitance/*/modificationActeSousTraitance/montant',
  ],
} as const

const durationPaths = ['dureeMois', 'modifications/*/modification/dureeMois']

const nonZeroDigits = ['1', '2', '3', '4', '5', '6', '7', '8', '9']

export function amountBound(view: RecordView): Finding[] {
  const amount = inForce(highestAmount[view.contract]) ?? Number.POSITIVE_INFINITY
  return amountsWhere(view, (value) => value > amount).map(({ pointer, value }) =>
    found(view, 'DECP-AMOUNT-TOO-HIGH', { pointer, value: decimal(value), expected: String(amount) }),
  )
}

export function doubtfulAmount(view: RecordView): Finding[] {
  return amountsWhere(view, isDoubtful).map(({ pointer, value }) =>
    found(view, 'DECP-AMOUNT-DOUBTFUL', { pointer, value: decimal(value) }),
  )
}

/** Starts as 123456789 does, or is large and has one digit other than 0 many times. */
function isDoubtful(amount: number): boolean {
  const bound = inForce(repeatedDigit)
  if (bound === undefined || amount <= bound.above) return false
  const written = decimal(amount)
  const digits = written.split('.')[0] ?? ''
  return written.startsWith('123456789') || nonZeroDigits.some((digit) => digits.split(digit).length > bound.times + 1)
}

export function durationBound(view: RecordView): Finding[] {
  const months = inForce(longestDuration[view.contract]) ?? Number.POSITIVE_INFINITY
  return durationPaths
    .flatMap((path) => numbersWhere(view, path, (value) => value > months))
    .map(({ pointer, value }) =>
      found(view, 'DECP-DURATION-LONG', { pointer, value: decimal(value), expected: String(months) }),
    )
}

export function advanceRate(view: RecordView): Finding[] {
  const granted = valueAt(view, 'attributionAvance')
  const rate = valueAt(view, 'tauxAvance')
  const pointer = `${view.base}/tauxAvance`
  if (granted === true && rate === undefined) return [found(view, 'DECP-ADVANCE-RATE-MISSING', { pointer })]
  if (granted !== false || typeof rate !== 'number' || rate === 0) return []
  return [found(view, 'DECP-ADVANCE-RATE-UNDUE', { pointer, value: decimal(rate) })]
}

function amountsWhere(view: RecordView, isSought: (amount: number) => boolean): Spot<number>[] {
  const spots: Spot<number>[] = []
  for (const path of amountPaths[view.contract]) spots.push(...numbersWhere(view, path, isSought))
  return spots
}
