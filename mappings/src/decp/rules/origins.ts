import type { Finding } from '@socle/schemas'
import { decimal } from '../decimal.ts'
import { type RecordView, found, numbersAt, textsAt, valueAt } from '../view.ts'

/** CPV ranges (8 digits, both ends included) whose contracts must state where the goods come from: food, vehicles, health, clothing. */
const dueFor: readonly (readonly [string, string])[] = [
  ['15100000', '15982200'],
  ['34100000', '34144910'],
  ['34510000', '34522700'],
  ['34600000', '34622500'],
  ['34710000', '34722200'],
  ['33100000', '33198200'],
  ['33600000', '33698300'],
  ['18100000', '18453000'],
  ['18800000', '18843000'],
]

export function originShares(view: RecordView): Finding[] {
  const [union] = numbersAt(view, 'origineUE')
  const [france] = numbersAt(view, 'origineFrance')
  if (union === undefined || france === undefined || union.value >= france.value) return []
  const at = { pointer: union.pointer, value: decimal(union.value), expected: decimal(france.value) }
  return [found(view, 'DECP-ORIGIN-SHARES', at)]
}

export function originDue(view: RecordView): Finding[] {
  const [cpv] = textsAt(view, 'codeCPV')
  if (view.contract !== 'marche' || cpv === undefined) return []
  const code = cpv.value.slice(0, 8)
  if (!dueFor.some(([first, last]) => code >= first && code <= last)) return []
  return ['origineUE', 'origineFrance']
    .filter((name) => valueAt(view, name) === undefined)
    .map((name) =>
      found(view, 'DECP-CPV-ORIGIN-DUE', { pointer: `${view.base}/${name}`, value: cpv.value, expected: name }),
    )
}
