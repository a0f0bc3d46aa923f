import type { Finding } from '@socle/schemas'
import { isCalendarDate } from '../../calendar.ts'
import { type RecordView, type Spot, found, isObject, spotsWhere, textsWhere } from '../view.ts'

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

/** The official pattern is not anchored and takes any digits: 2024-99-99 passes it. */
export function realDates(view: RecordView): Finding[] {
  return datesWhere(view, (date) => !isCalendarDate(date)).map((spot) => found(view, 'HUB-DATE', spot))
}

const oldest = '2015-01-01'

export function plausibleDates(view: RecordView): Finding[] {
  const { today } = view
  const isImplausible = (date: string) =>
    (date < oldest || (today !== undefined && date > today)) && isCalendarDate(date)
  return datesWhere(view, isImplausible).flatMap((spot) => {
    const property = spot.pointer.slice(spot.pointer.lastIndexOf('/') + 1)
    if (spot.value < oldest) return [found(view, 'DECP-DATE-TOO-OLD', spot, { property })]
    // A concession may well start after its data is published.
    if (today === undefined || property === 'dateDebutExecution') return []
    return [found(view, 'DECP-DATE-FUTURE', { ...spot, expected: today }, { property })]
  })
}

export function publicationAfterNotification(view: RecordView): Finding[] {
  return pairs[view.contract].flatMap(([place, first, second]) =>
    outOfOrder(view, { place, first, second }).map((spot) => found(view, 'DECP-DATE-ORDER', spot)),
  )
}

export function startAfterSignature(view: RecordView): Finding[] {
  if (view.contract === 'marche') return []
  return outOfOrder(view, { place: '', first: 'dateSignature', second: 'dateDebutExecution' }).map((spot) =>
    found(view, 'DECP-CONCESSION-START', spot),
  )
}

function datesWhere(view: RecordView, isSought: (date: string) => boolean): Spot<string>[] {
  return paths[view.contract].flatMap((path) => textsWhere(view, path, isSought))
}

interface Pair {
  readonly place: string
  readonly first: string
  readonly second: string
}

/** The second date of each pair that precedes the first; pairs with a date that does not exist are another rule's. */
function outOfOrder(view: RecordView, { place, first, second }: Pair) {
  const isWrong = (holder: unknown) => isObject(holder) && isBefore(holder[second], holder[first])
  return spotsWhere(view, place, isWrong).flatMap(({ pointer, value: holder }) =>
    isObject(holder)
      ? [{ pointer: `${pointer}/${second}`, value: String(holder[second]), expected: String(holder[first]) }]
      : [],
  )
}

function isBefore(date: unknown, other: unknown): boolean {
  if (typeof date !== 'string' || typeof other !== 'string' || date >= other) return false
  return isCalendarDate(date) && isCalendarDate(other)
}
