import type { Finding } from '@socle/schemas'
import { decimal } from '../decimal.ts'
import { type RecordView, found, numbersAt, valueAt } from '../view.ts'

/** Bounds of the national consolidation, in euros and months. */
const bounds = {
  marche: { amount: 3_000_000_000, months: 180 },
  'contrat-concession': { amount: 15_000_000_000, months: 360 },
} as const

const nonZeroDigits = ['1', '2', '3', '4', '5', '6', '7', '8', '9']

export function amountBound(view: RecordView): Finding[] {
  const { amount } = bounds[view.contract]
  return amounts(view)
    .filter(({ value }) => value > amount)
    .map(({ pointer, value }) =>
      found(view, 'DECP-AMOUNT-TOO-HIGH', { pointer, value: decimal(value), expected: String(amount) }),
    )
}

/** Over 100 million: a run of 123456789, or more than six times one digit other than 0. */
export function doubtfulAmount(view: RecordView): Finding[] {
  return amounts(view).flatMap(({ pointer, value }) => {
    if (value <= 100_000_000) return []
    const written = decimal(value)
    const digits = written.split('.')[0] ?? ''
    const isRepeated = nonZeroDigits.some((digit) => digits.split(digit).length > 7)
    if (!written.startsWith('123456789') && !isRepeated) return []
    return [found(view, 'DECP-AMOUNT-DOUBTFUL', { pointer, value: written })]
  })
}

export function durationBound(view: RecordView): Finding[] {
  const { months } = bounds[view.contract]
  return [...numbersAt(view, 'dureeMois'), ...numbersAt(view, 'modifications/*/modification/dureeMois')]
    .filter(({ value }) => value > months)
    .map(({ pointer, value }) =>
      found(view, 'DECP-DURATION-LONG', { pointer, value: decimal(value), expected: String(months) }),
    )
}

export function advanceRate(view: RecordView): Finding[] {
  const granted = valueAt(view, 'attributionAvance')
  const [rate] = numbersAt(view, 'tauxAvance')
  if (granted === true && rate === undefined && valueAt(view, 'tauxAvance') === undefined) {
    return [found(view, 'DECP-ADVANCE-RATE-MISSING', { pointer: `${view.base}/tauxAvance` })]
  }
  if (granted !== false || rate === undefined || rate.value === 0) return []
  return [found(view, 'DECP-ADVANCE-RATE-UNDUE', { pointer: rate.pointer, value: decimal(rate.value) })]
}

function amounts(view: RecordView) {
  const name = view.contract === 'marche' ? 'montant' : 'valeurGlobale'
  return [
    ...numbersAt(view, name),
    ...numbersAt(view, `modifications/*/modification/${name}`),
    ...numbersAt(view, 'actesSousTraitance/*/acteSousTraitance/montant'),
    ...numbersAt(view, 'modificationsActesSousTraitance/*/modificationActeSousTraitance/montant'),
  ]
}
