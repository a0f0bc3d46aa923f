import type { Finding } from '@socle/schemas'
import { isCalendarDate } from '../../calendar.ts'
import { inForce, oldestDates, publicationDelay } from '../../thresholds.ts'
import { type RecordView, type Spot, found, isObject, spotsWhere, textsWhere, valueAt } from '../view.ts'

const paths = {
  marche: [
    'dateNotification',
    'datePublicationDonnees',
    'actesSousTraitance/*/acteSousTraitance/dateNotification',
    'actesSousTraitance/*/acteSousTraitance/datePublicationDonnees',
    'modifications/*/modification/dateNotificationModification',
    'modifications/*/modification/datePublicationDonneesModification',
    'modificationsActesSousTraitance/*/modificationActeSousTraitance/dateNotificationModificationSousTraitance',
    'modificationsActesSousTraitance/*/modificationActeSousTraitance/datePublicationDonnees',
  ],
  'contrat-concession': [
    'dateSignature',
    'dateDebutExecution',
    'datePublicationDonnees',
    'donneesExecution/*/donneesAnnuelles/datePublicationDonneesExecution',
    'modifications/*/modification/dateSignatureModification',
    'modifications/*/modification/datePublicationDonneesModification',
  ],
} as const

/** Where a notification or signature stands beside its publication: the object, then both names. */
const pairs = {
  marche: [
    ['', 'dateNotification', 'datePublicationDonnees'],
    ['actesSousTraitance/*/acteSousTraitance', 'dateNotification', 'datePublicationDonnees'],
    ['modifications/*/modification', 'dateNotificationModification', 'datePublicationDonneesModification'],
    [
      'modificationsActesSousTraitance/*/modificationActeSousTraitance',
      'dateNotificationModificationSousTraitance',
      'datePublicationDonnees',
    ],
  ],
  'contrat-concession': [
    ['', 'dateSignature', 'datePublicationDonnees'],
    ['modifications/*/modification', 'dateSignatureModification', 'datePublicationDonneesModification'],
  ],
} as const

/** Version 1 lets an offset follow the day. */
const offset = /^[+-][0-2]\d:[0-5]\dZ?$/

/** The day of a date; version 1 may write an offset after it. */
export function dayOf({ version }: RecordView, text: string): string {
  return version === '1.5.0' && text.length > 10 && offset.test(text.slice(10)) ? text.slice(0, 10) : text
}

const noBounds = { refused: '', doubtful: '' }

/** Dates that do not exist, which the official pattern lets through (2024-99-99), then those that cannot be right. */
export function dates(view: RecordView): Finding[] {
  const { doubtful } = inForce(oldestDates[view.version]) ?? noBounds
  const latest = view.today ?? '9999-12-31'
  // One comparison of texts settles nearly every date.
  const isOdd = (date: string) => date.length !== 10 || date < doubtful || date > latest || !isCalendarDate(date)
  const findings: Finding[] = []
  for (const path of paths[view.contract]) {
    for (const spot of textsWhere(view, path, isOdd)) findings.push(...aboutDate(view, spot))
  }
  return findings
}

function aboutDate(view: RecordView, spot: Spot<string>): Finding[] {
  const { pointer, value } = spot
  const day = dayOf(view, value)
  if (!isCalendarDate(day)) return [found(view, 'HUB-DATE', spot)]
  const cut = day === value ? [] : [found(view, 'DECP-DATE-ZONE', { pointer, value, expected: day })]
  return [...cut, ...implausible(view, { pointer, value: day })]
}

function implausible(view: RecordView, spot: Spot<string>): Finding[] {
  const property = spot.pointer.slice(spot.pointer.lastIndexOf('/') + 1)
  const { refused, doubtful } = inForce(oldestDates[view.version]) ?? noBounds
  if (spot.value < doubtful) {
    const severity = spot.value < refused ? 'reject' : 'warn'
    return [found(view, 'DECP-DATE-TOO-OLD', { ...spot, expected: doubtful.slice(0, 4), severity }, { property })]
  }
  // A concession may well start after its data is published.
  if (view.today === undefined || spot.value <= view.today || property === 'dateDebutExecution') return []
  return [found(view, 'DECP-DATE-FUTURE', { ...spot, expected: view.today }, { property })]
}

/** A contract is published within so many months of its notification, a concession before it starts. */
export function publicationInTime(view: RecordView): Finding[] {
  if (view.version === '1.5.0') return []
  const published = valueAt(view, 'datePublicationDonnees')
  const start = valueAt(view, view.contract === 'marche' ? 'dateNotification' : 'dateDebutExecution')
  if (typeof published !== 'string' || typeof start !== 'string' || published <= start) return []
  const last = view.contract === 'marche' ? lastDayFor(view, start) : start
  if (last === undefined || published <= last || !isCalendarDate(start) || !isCalendarDate(published)) return []
  const pointer = `${view.base}/datePublicationDonnees`
  return [found(view, 'DECP-PUBLICATION-LATE', { pointer, value: published, expected: last })]
}

function lastDayFor(view: RecordView, notified: string): string | undefined {
  const delay = inForce(publicationDelay, notified)
  const amount = valueAt(view, 'montant')
  if (delay === undefined || typeof amount !== 'number' || amount < delay.euros) return undefined
  const month = Number(notified.slice(5, 7)) + delay.months
  const year = Number(notified.slice(0, 4)) + (month > 12 ? 1 : 0)
  const written = String(month > 12 ? month - 12 : month).padStart(2, '0')
  // The same day of the later month; one that does not exist there sorts after the month's last day, which is as good.
  return `${year}-${written}-${notified.slice(8, 10)}`
}

export function publicationAfterNotification(view: RecordView): Finding[] {
  const findings: Finding[] = []
  for (const pair of pairs[view.contract]) {
    for (const spot of outOfOrder(view, pair)) findings.push(found(view, 'DECP-DATE-ORDER', spot))
  }
  return findings
}

export function startAfterSignature(view: RecordView): Finding[] {
  if (view.contract === 'marche') return []
  return outOfOrder(view, ['', 'dateSignature', 'dateDebutExecution']).map((spot) =>
    found(view, 'DECP-CONCESSION-START', spot),
  )
}

/** The second date of each pair that precedes the first; pairs with a date that does not exist are another rule's. */
function outOfOrder(view: RecordView, [place, first, second]: readonly [string, string, string]) {
  const isWrong = (holder: unknown) => isObject(holder) && isBefore(view, holder[second], holder[first])
  return spotsWhere(view, place, isWrong).flatMap(({ pointer, value: holder }) =>
    isObject(holder)
      ? [{ pointer: `${pointer}/${second}`, value: String(holder[second]), expected: String(holder[first]) }]
      : [],
  )
}

function isBefore(view: RecordView, date: unknown, other: unknown): boolean {
  if (typeof date !== 'string' || typeof other !== 'string' || date >= other) return false
  const [first, second] = [dayOf(view, date), dayOf(view, other)]
  return first < second && isCalendarDate(first) && isCalendarDate(second)
}
