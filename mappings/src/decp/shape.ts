import { type DecpContract, type DecpVersion, isObject } from './view.ts'

/** Shape of one record of a list that should hold DECP records. */
export type DecpShape = DecpVersion | '2.0.0' | 'unknown'

const flatLists = ['technique', 'modaliteExecution', 'typePrix']
const wrapped = ['techniques', 'modalitesExecution', 'typesPrix', 'considerationsSociales']
const newInVersion2 = ['marcheInnovant', 'ccag', 'offresRecues', 'considerationsSociales']

/** Names that both versions have. Some are words of everyday, so a record is known by several of them. */
const common = [
  'titulaires',
  'concessionnaires',
  'codeCPV',
  'lieuExecution',
  'dureeMois',
  'dateNotification',
  'datePublicationDonnees',
  'montant',
  'valeurGlobale',
  'formePrix',
  'objet',
  'nature',
  'procedure',
  'modifications',
]
const enough = 4

/** Which version of the form a record follows, by the properties that only one of them has: no record says it. */
export function decpShape(record: unknown): DecpShape {
  if (!isObject(record)) return 'unknown'
  if (flatLists.some((name) => Array.isArray(record[name]))) return '2.0.0'
  if (wrapped.some((name) => isObject(record[name]))) return '2.0.4'
  const isNewer = newInVersion2.some((name) => name in record)
  const hasBuyer = 'acheteur' in record || 'autoriteConcedante' in record
  if (!hasBuyer && common.filter((name) => name in record).length < enough) return 'unknown'
  if (!isNewer) return isWrapped(record['titulaires'] ?? record['concessionnaires']) ? '2.0.4' : '1.5.0'
  return hasFlatList(record) ? '2.0.0' : '2.0.4'
}

function isWrapped(list: unknown): boolean {
  const first: unknown = Array.isArray(list) ? list[0] : undefined
  return isObject(first) && ('titulaire' in first || 'concessionnaire' in first)
}

/** The dead version had its winners and its considerations bare. */
function hasFlatList(record: Readonly<Record<string, unknown>>): boolean {
  const winners = record['titulaires'] ?? record['concessionnaires']
  return (
    Array.isArray(record['considerationsSociales']) ||
    (Array.isArray(winners) && winners.length > 0 && !isWrapped(winners))
  )
}

/** The kind of contract of a record that stands in no list of its kind. */
export function contractOf(record: unknown): DecpContract {
  const marks = ['autoriteConcedante', 'concessionnaires', 'valeurGlobale', 'montantSubventionPublique']
  return isObject(record) && marks.some((name) => name in record) ? 'contrat-concession' : 'marche'
}
