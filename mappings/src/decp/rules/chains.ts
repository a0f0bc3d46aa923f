import type { Finding } from '@socle/schemas'
import { isCalendarDate } from '../../calendar.ts'
import { highestModification, inForce, smallestNewTotal } from '../../thresholds.ts'
import { decimal } from '../decimal.ts'
import { type RecordView, found, isObject, listAt, spotsAt, valueAt } from '../view.ts'
import { dayOf } from './dates.ts'

interface Step {
  readonly pointer: string
  readonly id: unknown
  readonly date: string | undefined
  readonly amount: number | undefined
}

const names = {
  marche: { amount: 'montant', date: 'dateNotification', changed: 'dateNotificationModification' },
  'contrat-concession': { amount: 'valeurGlobale', date: 'dateSignature', changed: 'dateSignatureModification' },
} as const

/** The contract, then its modifications in the order of the record. */
function chainOf(view: RecordView): readonly Step[] {
  if (listAt(view, 'modifications').length === 0) return []
  const { amount, date, changed } = names[view.contract]
  const first = stepOf(view, { pointer: view.base, value: view.record }, amount, date)
  return [first, ...spotsAt(view, 'modifications/*/modification').map((spot) => stepOf(view, spot, amount, changed))]
}

function stepOf(
  view: RecordView,
  { pointer, value }: { readonly pointer: string; readonly value: unknown },
  amountName: string,
  dateName: string,
): Step {
  const holder = isObject(value) ? value : {}
  const written = holder[dateName]
  const day = typeof written === 'string' ? dayOf(view, written) : undefined
  const amount = holder[amountName]
  return {
    pointer,
    id: holder['id'],
    date: day !== undefined && isCalendarDate(day) ? day : undefined,
    amount: typeof amount === 'number' && amount > 0 ? amount : undefined,
  }
}

/** Modifications are numbered from 1 in the order they were notified. */
export function modificationOrder(view: RecordView): Finding[] {
  const [contract, ...changes] = chainOf(view)
  if (contract === undefined) return []
  const findings: Finding[] = []
  const { changed } = names[view.contract]
  let latest = contract.date
  let highest = 0
  const most = inForce(highestModification) ?? Number.POSITIVE_INFINITY
  for (const { pointer, id, date } of changes) {
    if (typeof id === 'number' && (id > most || id < highest)) {
      findings.push(found(view, 'DECP-MODIFICATION-NUMBER', { pointer: `${pointer}/id`, value: String(id) }))
    }
    if (typeof id === 'number') highest = Math.max(highest, id)
    if (date === undefined) continue
    if (latest !== undefined && date < latest) {
      const at = { pointer: `${pointer}/${changed}`, value: date, expected: latest }
      findings.push(found(view, 'DECP-MODIFICATION-ORDER', at))
    } else latest = date
  }
  return findings
}

/** An amount is a new total: ten, a hundred, a thousand times the one before is a misplaced point, a small part of it a difference. */
export function modificationTotals(view: RecordView): Finding[] {
  const { amount: property } = names[view.contract]
  const findings: Finding[] = []
  let before: number | undefined
  for (const { pointer, amount } of chainOf(view)) {
    if (amount === undefined) continue
    if (before !== undefined) {
      const at = { pointer: `${pointer}/${property}`, value: decimal(amount), expected: decimal(before) }
      if (isPowerOfTen(amount / before)) findings.push(found(view, 'DECP-AMOUNT-SCALE', at))
      else if (amount < before * (inForce(smallestNewTotal) ?? 0)) findings.push(found(view, 'DECP-AMOUNT-DELTA', at))
    }
    before = amount
  }
  return findings
}

/** 10, 100, … or 0.1, 0.01, …: what a misplaced point or an amount in cents makes of a number. */
export function isPowerOfTen(ratio: number): boolean {
  const power = Math.log10(ratio)
  const nearest = Math.round(power)
  return nearest !== 0 && Math.abs(nearest) <= 6 && Math.abs(power - nearest) < 1e-9
}

/** Records that an exchange of the State uses to try its own chain. */
export function testRecord(view: RecordView): Finding[] {
  const source = valueAt(view, 'source')
  if (typeof source !== 'string' || !/^aife_test$/i.test(source.trim())) return []
  return [found(view, 'DECP-TEST-RECORD', { pointer: `${view.base}/source`, value: source })]
}
