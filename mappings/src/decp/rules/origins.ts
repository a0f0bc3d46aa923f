import type { Finding } from '@socle/schemas'
import { inForce, originDueFor } from '../../thresholds.ts'
import { decimal } from '../decimal.ts'
import { type RecordView, found, valueAt } from '../view.ts'

export function originShares(view: RecordView): Finding[] {
  const union = valueAt(view, 'origineUE')
  const france = valueAt(view, 'origineFrance')
  if (typeof union !== 'number' || typeof france !== 'number' || union >= france) return []
  const at = { pointer: `${view.base}/origineUE`, value: decimal(union), expected: decimal(france) }
  return [found(view, 'DECP-ORIGIN-SHARES', at)]
}

export function originDue(view: RecordView): Finding[] {
  const cpv = valueAt(view, 'codeCPV')
  if (view.contract !== 'marche' || view.version === '1.5.0' || typeof cpv !== 'string') return []
  const code = cpv.slice(0, 8)
  const notified = valueAt(view, 'dateNotification')
  const ranges = inForce(originDueFor, typeof notified === 'string' ? notified.slice(0, 10) : undefined) ?? []
  if (!ranges.some(([first, last]) => code >= first && code <= last)) return []
  return ['origineUE', 'origineFrance']
    .filter((name) => valueAt(view, name) === undefined)
    .map((name) => found(view, 'DECP-CPV-ORIGIN-DUE', { pointer: `${view.base}/${name}`, value: cpv, expected: name }))
}
