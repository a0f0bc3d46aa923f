import { type Finding, finding } from '@socle/schemas'
import { type DecpShape, contractOf, decpShape } from './shape.ts'
import { type DecpContract, isObject } from './view.ts'

/** A record, where it stands in its document, and what it is. */
export interface Located {
  readonly record: unknown
  /** JSON Pointer from the root. */
  readonly base: string
  readonly shape: DecpShape
  readonly contract: DecpContract
}

export interface Layout {
  readonly records: readonly Located[]
  /** What is to be said of the file around its records. */
  readonly findings: readonly Finding[]
}

const contracts: readonly DecpContract[] = ['marche', 'contrat-concession']

/**
 * Finds the records of a document in every arrangement that is met. Version 2 has two lists in an object, version 1 one
 * list; a list without its object, an object without its `marches` and a record alone are read too, and said.
 */
export function layoutOf(root: unknown): Layout {
  if (Array.isArray(root)) return oddly('[…]', loose(root, ''))
  if (!isObject(root)) return unreadable('', JSON.stringify(root))
  const marches = root['marches']
  if (marches === null || (Array.isArray(marches) && marches.length === 0)) return empty()
  if (Array.isArray(marches)) return { records: loose(marches, '/marches'), findings: [] }
  if (isObject(marches)) return twoLists(marches)
  if ('marches' in root) return unreadable('/marches', JSON.stringify(marches))
  const bare = contracts.flatMap((contract) => listed(root[contract], `/${contract}`, contract))
  if (bare.length > 0) return oddly('{marche: […]}', bare)
  if (decpShape(root) === 'unknown') return unreadable('', keysOf(root))
  return oddly('{…}', [located(root, '', undefined)])
}

function twoLists(marches: Readonly<Record<string, unknown>>): Layout {
  const records = contracts.flatMap((contract) => listed(marches[contract], `/marches/${contract}`, contract))
  const findings: Finding[] = []
  for (const [key, list] of Object.entries(marches)) {
    const isKnown = key === 'marche' || key === 'contrat-concession'
    if (isKnown && Array.isArray(list)) continue
    findings.push(finding('DECP-ROOT', { pointer: `/marches/${key}`, value: isKnown ? `${key} ≠ […]` : key }))
  }
  return records.length === 0 && findings.length === 0 ? empty() : { records, findings }
}

function empty(): Layout {
  return { records: [], findings: [finding('DECP-NO-RECORD', { pointer: '/marches' })] }
}

function unreadable(pointer: string, value: string): Layout {
  return { records: [], findings: [finding('DECP-ROOT', { pointer, value })] }
}

function oddly(value: string, records: readonly Located[]): Layout {
  return { records, findings: [finding('DECP-SHAPE', { pointer: '', value })] }
}

function loose(list: readonly unknown[], base: string): Located[] {
  return list.map((record, place) => located(record, `${base}/${place}`, undefined))
}

function listed(list: unknown, base: string, contract: DecpContract): Located[] {
  if (!Array.isArray(list)) return []
  return list.map((record: unknown, place) => located(record, `${base}/${place}`, contract))
}

/** In a list of its kind a record of which nothing can be told is judged as the list says. */
function located(record: unknown, base: string, contract: DecpContract | undefined): Located {
  const shape = decpShape(record)
  return {
    record,
    base,
    shape: shape === 'unknown' && contract !== undefined ? '2.0.4' : shape,
    contract: contract ?? contractOf(record),
  }
}

/** What a person recognises of a value that is not a record. */
export function keysOf(value: unknown): string {
  return isObject(value) ? `{${Object.keys(value).slice(0, 5).join(', ')}}` : JSON.stringify(value)
}
