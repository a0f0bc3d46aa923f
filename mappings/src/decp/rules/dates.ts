import type { Finding } from '@socle/schemas'
import { isCalendarDate, latestDayAnywhere } from '../../calendar.ts'
import { type RecordView, found, spotsAt, textsAt } from '../view.ts'

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
  return dates(view)
    .filter(({ value }) => !isCalendarDate(value))
    .map((spot) => found(view, 'HUB-DATE', spot))
}

export function plausibleDates(view: RecordView): Finding[] {
  const today = view.now === undefined ? undefined : latestDayAnywhere(view.now)
  return dates(view).flatMap((spot) => {
    if (!isCalendarDate(spot.value)) return []
    const property = spot.pointer.slice(spot.pointer.lastIndexOf('/') + 1)
    if (spot.value < '2015-01-01') return [found(view, 'DECP-DATE-TOO-OLD', spot, { property })]
    // A concession may well start after its data is published.
    if (today === undefined || spot.value <= today || property === 'dateDebutExecution') return []
    return [found(view, 'DECP-DATE-FUTURE', { ...spot, expected: today }, { property })]
  })
}

export function publicationAfterNotification(view: RecordView): Finding[] {
  return pairs[view.contract].flatMap(([place, first, second]) =>
    outOfOrder(view, { place, first, second }).map(({ pointer, value, expected }) =>
      found(view, 'DECP-DATE-ORDER', { pointer, value, expected }),
    ),
  )
}

export function startAfterSignature(view: RecordView): Finding[] {
  if (view.contract === 'marche') return []
  return outOfOrder(view, { place: '', first: 'dateSignature', second: 'dateDebutExecution' }).map((spot) =>
    found(view, 'DECP-CONCESSION-START', spot),
  )
}

function dates(view: RecordView) {
  return paths[view.contract].flatMap((path) => textsAt(view, path))
}

interface Pair {
  readonly place: string
  readonly first: string
  readonly second: string
}

/** The second date of each pair that precedes the first; pairs with a date that does not exist are another rule's. */
function outOfOrder(view: RecordView, { place, first, second }: Pair) {
  const holders = place === '' ? [{ pointer: view.base, value: view.record }] : spotsAt(view, place)
  return holders.flatMap(({ pointer, value }) => {
    const inside = { ...view, base: pointer, record: value }
    const [before] = textsAt(inside, first)
    const [after] = textsAt(inside, second)
    if (before === undefined || after === undefined) return []
    if (!isCalendarDate(before.value) || !isCalendarDate(after.value) || after.value >= before.value) return []
    return [{ ...after, expected: before.value }]
  })
}
