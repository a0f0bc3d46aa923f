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

const oldest = '2015-01-01'

/** Dates that do not exist, which the official pattern lets through (2024-99-99), then those that cannot be right. */
export function dates(view: RecordView): Finding[] {
  const { today } = view
  const isPlausible = (date: string) => date >= oldest && (today === undefined || date <= today)
  const doubtful = datesWhere(view, (date) => !isPlausible(date) || !isCalendarDate(date))
  return [
    ...doubtful.filter(({ value }) => !isCalendarDate(value)).map((spot) => found(view, 'HUB-DATE', spot)),
    ...doubtful.filter(({ value }) => isCalendarDate(value)).flatMap((spot) => implausible(view, spot)),
  ]
}

function implausible(view: RecordView, spot: Spot<string>): Finding[] {
  const property = spot.pointer.slice(spot.pointer.lastIndexOf('/') + 1)
  if (spot.value < oldest) return [found(view, 'DECP-DATE-TOO-OLD', spot, { property })]
  // A concession may well start after its data is published.
  if (view.today === undefined || property === 'dateDebutExecution') return []
  return [found(view, 'DECP-DATE-FUTURE', { ...spot, expected: view.today }, { property })]
}

export function publicationAfterNotification(view: RecordView): Finding[] {
  return pairs[view.contract]
    .flatMap((pair) => outOfOrder(view, pair))
    .map((spot) => found(view, 'DECP-DATE-ORDER', spot))
}

export function startAfterSignature(view: RecordView): Finding[] {
  if (view.contract === 'marche') return []
  return outOfOrder(view, ['', 'dateSignature', 'dateDebutExecution']).map((spot) =>
    found(view, 'DECP-CONCESSION-START', spot),
  )
}

function datesWhere(view: RecordView, isSought: (date: string) => boolean): Spot<string>[] {
  return paths[view.contract].flatMap((path) => textsWhere(view, path, isSought))
}

/** The second date of each pair that precedes the first; pairs with a date that does not exist are another rule's. */
function outOfOrder(view: RecordView, [place, first, second]: readonly [string, string, string]) {
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
