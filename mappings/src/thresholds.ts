/** One value of a bound, and the days it holds for. Days are those of the contract (its notification or signature). */
export interface Threshold<T> {
  readonly value: T
  /** First day it holds; undefined when it always did. */
  readonly from?: string
  /** Last day it holds; undefined while it does. */
  readonly to?: string
  /** Law, specification or observation it comes from. */
  readonly source: string
}

/** The value that holds on a day; the latest when no day is known; undefined when none held then. */
export function inForce<T>(table: readonly Threshold<T>[], day?: string): T | undefined {
  if (day === undefined) return table.at(-1)?.value
  return table.find(({ from = '', to = '9999-12-31' }) => from <= day && day <= to)?.value
}

const consolidation =
  'Règles de consolidation nationale des DECP (ministère chargé de l’économie), code du 18 août 2026'
const decrees =
  'Arrêtés du 22 décembre 2022 sur les données essentielles (NOR ECOM2235715A, ECOM2235716A), modifiés le 22 décembre 2023'
const observed = 'Hub, observation des fichiers DECP publiés'

/** Euros above which an amount is refused. */
export const highestAmount: Readonly<Record<'marche' | 'contrat-concession', readonly Threshold<number>[]>> = {
  marche: [{ value: 3_000_000_000, source: consolidation }],
  'contrat-concession': [{ value: 15_000_000_000, source: consolidation }],
}

/** Months above which a duration is doubtful. */
export const longestDuration: Readonly<Record<'marche' | 'contrat-concession', readonly Threshold<number>[]>> = {
  marche: [{ value: 180, source: consolidation }],
  'contrat-concession': [{ value: 360, source: consolidation }],
}

/** Euros above which an amount of one repeated digit is doubtful, and how many times the digit may stand in it. */
export const repeatedDigit: readonly Threshold<{ readonly above: number; readonly times: number }>[] = [
  { value: { above: 100_000_000, times: 6 }, source: consolidation },
]

/**
 * Days before which a date is refused (`refused`) or doubtful (`doubtful`). Version 1 holds contracts of long ago, which
 * its own official examples date from 2001; version 2 exists since 2024.
 */
export const oldestDates: Readonly<
  Record<'1.5.0' | '2.0.4', readonly Threshold<{ readonly refused: string; readonly doubtful: string }>[]>
> = {
  '1.5.0': [{ value: { refused: '1990-01-01', doubtful: '2000-01-01' }, source: observed }],
  '2.0.4': [{ value: { refused: '2010-01-01', doubtful: '2015-01-01' }, source: consolidation }],
}

/** The version of the form that is to be published for a contract notified or signed on a day. */
export const publishedVersion: readonly Threshold<'1.5.0' | '2.0.4'>[] = [
  { value: '1.5.0', to: '2023-12-31', source: 'Arrêté du 22 mars 2019 relatif aux données essentielles' },
  { value: '2.0.4', from: '2024-01-01', source: decrees },
]

/** Months from notification within which a contract of at least so many euros is to be published. */
export const publicationDelay: readonly Threshold<{ readonly euros: number; readonly months: number }>[] = [
  { value: { euros: 40_000, months: 2 }, from: '2024-01-01', source: decrees },
]

/** A modification that leaves less than this share of the total before it looks like a difference, not a new total. */
export const smallestNewTotal: readonly Threshold<number>[] = [{ value: 0.2, source: observed }]

/** Numbers of modifications above it are not counted from 1: files in the wild have 49006. */
export const highestModification: readonly Threshold<number>[] = [{ value: 999, source: observed }]

/** CPV ranges (8 digits, both ends included) whose contracts must state where the goods come from: food, vehicles, health, clothing. */
export const originDueFor: readonly Threshold<readonly (readonly [string, string])[]>[] = [
  {
    value: [
      ['15100000', '15982200'],
      ['34100000', '34144910'],
      ['34510000', '34522700'],
      ['34600000', '34622500'],
      ['34710000', '34722200'],
      ['33100000', '33198200'],
      ['33600000', '33698300'],
      ['18100000', '18453000'],
      ['18800000', '18843000'],
    ],
    from: '2024-01-01',
    source: decrees,
  },
]
