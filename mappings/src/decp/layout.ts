import { type Finding, finding } from '@socle/schemas'
import { escapeStep } from '../json/pointer.ts'
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
 * list; a list without its object, an object without its `marches` and a record alone are read too, and said. What
 * stands beside the lists is not read: it refuses the file, for it may well be records.
 */
export function layoutOf(root: unknown): Layout {
  if (Array.isArray(root)) return oddly('[…]', loose(root, ''))
  if (!isObject(root)) return unreadable('', JSON.stringify(root))
  if ('marches' in root) return underMarches(root, root['marches'])
  if (contracts.some((contract) => Array.isArray(root[contract]))) {
    const { records, findings } = twoLists(root, '')
    return { records, findings: [finding('DECP-SHAPE', { pointer: '', value: '{marche: […]}' }), ...findings] }
  }
  if (decpShape(root) === 'unknown') return unreadable('', keysOf(root))
  return oddly('{…}', [located(root, '', undefined)])
}

function underMarches(root: Readonly<Record<string, unknown>>, marches: unknown): Layout {
  const beside = Object.keys(root).filter((key) => key !== 'marches' && !mayStandBeside(key))
  const { records, findings } = listsIn(marches)
  return { records, findings: [...findings, ...beside.map((key) => unread('', key))] }
}

function listsIn(marches: unknown): Layout {
  if (marches === null || (Array.isArray(marches) && marches.length === 0)) return empty()
  if (Array.isArray(marches)) return { records: loose(marches, '/marches'), findings: [] }
  if (!isObject(marches)) return unreadable('/marches', JSON.stringify(marches))
  const lists = twoLists(marches, '/marches')
  return lists.records.length === 0 && lists.findings.length === 0 ? empty() : lists
}

function twoLists(lists: Readonly<Record<string, unknown>>, base: string): Layout {
  const records = contracts.flatMap((contract) => listed(lists[contract], `${base}/${contract}`, contract))
  const others = Object.keys(lists).filter((key) => !(isContract(key) && Array.isArray(lists[key])))
  const strange = base === '' ? others.filter((key) => !mayStandBeside(key)) : others
  return { records, findings: strange.map((key) => unread(base, key)) }
}

/** The official files of version 1 name their schema there. */
export function mayStandBeside(key: string): boolean {
  return key === '$schema'
}

/** Something of a file that nobody reads, under the name it has there. */
export function unread(base: string, key: string): Finding {
  const value = base === '/marches' && isContract(key) ? `${key} ≠ […]` : key === '' ? '""' : key
  return finding('DECP-ROOT', { pointer: `${base}/${escapeStep(key)}`, value })
}

function isContract(key: string): key is DecpContract {
  return key === 'marche' || key === 'contrat-concession'
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
export function located(record: unknown, base: string, contract: DecpContract | undefined): Located {
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
