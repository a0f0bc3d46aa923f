import { type NoticeLot, type NoticeMoment, finding } from '@socle/schemas'
import { mostFindings } from '../../xml/bounds.ts'
import { formKindOf } from '../forms.ts'
import { type FieldOf, type Judging, missing, placeOfField, tell, textAt } from '../judging.ts'
import type { ReadNotice } from '../read-notice.ts'

/** Periods and deadlines of each lot. `now` adds the rule on deadlines already past. */
export function judgeLots(notice: ReadNotice, judging: Judging): void {
  const timing = { notice, judging, told: new Set<string>(), isCall: isCall(notice) }
  for (const lot of notice.lots) {
    if (judging.found.length > mostFindings) return
    judgePeriod(lot, judging, 'BT-537-Lot')
    judgeDeadlines(lot, timing)
  }
  for (const part of notice.parts ?? []) judgePeriod(part, judging, 'BT-537-Part')
}

/** Contract notices ask for tenders or requests by a day; a qualification system (15) is open all its life. */
function isCall({ form }: ReadNotice): boolean {
  const kind = formKindOf(form.subtype)
  return kind === undefined || (kind.root === 'ContractNotice' && kind.noticeType !== 'qu-sy')
}

function judgePeriod(lot: NoticeLot, judging: Judging, field: string): void {
  if (lot.startOn === undefined || lot.endOn === undefined || lot.startOn <= lot.endOn) return
  tell(judging, 'EFORMS-PERIOD', { at: lot, field }, { expected: `>= ${lot.startOn}` })
}

interface Timing {
  readonly notice: ReadNotice
  readonly judging: Judging
  readonly isCall: boolean
  /** Deadlines already said to be past: lots mostly share one. */
  readonly told: Set<string>
}

function judgeDeadlines(lot: NoticeLot, timing: Timing): void {
  const { judging } = timing
  const { tenders, requests, questions } = lot.deadlines ?? {}
  const tendersField = { at: lot, field: 'BT-131(d)-Lot' }
  const requestsField = { at: lot, field: 'BT-1311(d)-Lot' }
  // A deadline that is there and unreadable has its own finding.
  const isSilent = textAt(judging, tendersField) === undefined && textAt(judging, requestsField) === undefined
  if (timing.isCall && isSilent) missing(judging, 'EFORMS-DEADLINE-MISSING', tendersField)
  if (tenders !== undefined) judgeDeadline(tendersField, tenders, timing)
  if (requests !== undefined) judgeDeadline(requestsField, requests, timing)
  if (questions !== undefined && tenders !== undefined && isAfter(questions, tenders)) {
    tell(judging, 'EFORMS-QUESTIONS-LATE', { at: lot, field: 'BT-13(d)-Lot' }, { expected: `<= ${tenders.asWritten}` })
  }
}

function judgeDeadline(field: FieldOf, deadline: NoticeMoment, { notice, judging, told }: Timing): void {
  if (deadline.at === undefined) {
    // A time that was given and refused has its own finding.
    if (!deadline.asWritten.includes(' ')) tell(judging, 'EFORMS-DEADLINE-TIME', field, { expected: '12:00:00+02:00' })
    return
  }
  const { change, dispatchedAt } = notice
  // A change notice is a copy of its parent with a later dispatch: its deadline may already be past.
  if (change === undefined && dispatchedAt !== undefined && !isBefore(dispatchedAt, deadline.at)) {
    tell(judging, 'EFORMS-DEADLINE-ORDER', field, { expected: `> ${dispatchedAt}` })
  }
  const { now } = judging
  if (now === undefined || told.has(deadline.at) || Date.parse(deadline.at) > now.getTime()) return
  told.add(deadline.at)
  // Day and time stand in two elements: the message shows the moment, not the day alone.
  const place = { xpath: placeOfField(judging, field), value: deadline.asWritten }
  judging.found.push(finding('HUB-DEADLINE-PAST', place, { field: field.field }))
}

function isBefore(first: string, second: string): boolean {
  return Date.parse(first) < Date.parse(second)
}

function isAfter(first: NoticeMoment, second: NoticeMoment): boolean {
  if (first.at !== undefined && second.at !== undefined) return isBefore(second.at, first.at)
  return first.on > second.on
}
