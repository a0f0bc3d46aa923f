import type { Finding } from '@socle/schemas'
import { decimal } from '../decimal.ts'
import { type RecordView, found, valueAt } from '../view.ts'

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
  const union = valueAt(view, 'origineUE')
  const france = valueAt(view, 'origineFrance')
  if (typeof union !== 'number' || typeof france !== 'number' || union >= france) return []
  const at = { pointer: `${view.base}/origineUE`, value: decimal(union), expected: decimal(france) }
  return [found(view, 'DECP-ORIGIN-SHARES', at)]
}

export function originDue(view: RecordView): Finding[] {
  const cpv = valueAt(view, 'codeCPV')
  if (view.contract !== 'marche' || typeof cpv !== 'string') return []
  const code = cpv.slice(0, 8)
  if (!dueFor.some(([first, last]) => code >= first && code <= last)) return []
  return ['origineUE', 'origineFrance']
    .filter((name) => valueAt(view, name) === undefined)
    .map((name) => found(view, 'DECP-CPV-ORIGIN-DUE', { pointer: `${view.base}/${name}`, value: cpv, expected: name }))
}
