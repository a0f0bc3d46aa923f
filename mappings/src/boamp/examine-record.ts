import { type Finding, finding, isAccepted } from '@socle/schemas'
import { isObject } from '../decp/view.ts'
import type { Detected, ExaminedRecord, Examination } from '../examination.ts'
import { readJson } from '../json/read.ts'
import { bounded, mostFindings } from '../xml/bounds.ts'
import { textOf } from '../xml/node.ts'
import { noticeNumber } from './change.ts'
import { childAt } from './nodes.ts'
import { type Parts, decodedTeller, readOne } from './read-one.ts'
import { treeOfJson } from './tree.ts'

type Json = Readonly<Record<string, unknown>>

/** A record with its place in the file. */
export interface LocatedRecord {
  readonly record: unknown
  readonly pointer: string
}

export interface RecordOptions {
  /** Given, deadlines already past are told. */
  readonly now?: Date | undefined
  /** Findings of the reader of the file. */
  readonly before?: readonly Finding[]
}

/** The records of a file of the open-data interface: one alone, or a page of them (`results`, or `records` before). */
export function recordsOf(value: unknown): readonly LocatedRecord[] {
  if (!isObject(value)) return []
  for (const name of ['results', 'records']) {
    const list = value[name]
    if (Array.isArray(list)) {
      return list.map((record: unknown, index) => ({ record, pointer: `/${name}/${index}` }))
    }
  }
  return [{ record: value, pointer: '' }]
}

/**
 * Reads and judges records of the open-data interface of the gazette (API 2.1), one or a page of them, each on its own.
 */
export function examineBoampRecord(
  value: unknown,
  { format }: Detected,
  { now, before = [] }: RecordOptions = {},
): Examination {
  const findings: Finding[] = [...before]
  const records: ExaminedRecord[] = []
  const versions = new Set<string | undefined>()
  for (const [index, located] of recordsOf(value).entries()) {
    const found: Finding[] = []
    const parts = findings.length <= mostFindings ? partsOf(located, index, found) : undefined
    const notice = parts === undefined ? undefined : readOne(parts, found, now === undefined ? {} : { now }).notice
    versions.add(parts?.version)
    for (const each of found) findings.push(each)
    records.push({ index, canonical: isAccepted(found) ? notice : undefined })
  }
  const told = bounded(findings)
  const [version] = versions.size === 1 ? versions : []
  return {
    format,
    version,
    kind: 'notice',
    verdict: isAccepted(told) ? 'accepted' : 'refused',
    findings: told,
    records,
  }
}

/**
 * The parts of a record: `gestion` and `donnees` are JSON in strings, each read by the same strict reader as the file.
 * Undefined when the record cannot be read, which was told.
 */
export function partsOf({ record, pointer }: LocatedRecord, index: number, found: Finding[]): Parts | undefined {
  if (!isObject(record) || typeof record['idweb'] !== 'string') {
    const value = isObject(record) ? Object.keys(record).join(', ') : JSON.stringify(record)
    found.push(finding('BOAMP-RECORD', { record: index, pointer, value }))
    return undefined
  }
  const opened = openStrings(record, { pointer, index }, found)
  if (opened === undefined) return undefined
  const tree = treeOfJson('', opened, pointer, decodedTeller(found, index))
  const { root } = tree
  const management = childAt(root, 'gestion')
  judgeNumbers(record['idweb'], textOf(childAt(management, 'REFERENCE', 'IDWEB')), { pointer, index }, found)
  return {
    tree,
    record: root,
    management,
    data: childAt(root, 'donnees'),
    index,
    version: textOf(childAt(root, 'source_schema')),
  }
}

interface At {
  readonly pointer: string
  readonly index: number
}

/** The record with its inner documents read. Undefined when one is not JSON. */
function openStrings(record: Json, at: At, found: Finding[]): Json | undefined {
  const gestion = open(record, 'gestion', at, found)
  const donnees = open(record, 'donnees', at, found)
  if (gestion === undefined || donnees === undefined) return undefined
  return { ...record, gestion: gestion.value, donnees: donnees.value }
}

function open(record: Json, name: string, { pointer, index }: At, found: Finding[]): { value: unknown } | undefined {
  const inner = record[name]
  const place = { record: index, pointer: `${pointer}/${name}` }
  if (inner === undefined || inner === null || inner === '') {
    if (name === 'gestion') return { value: undefined }
    found.push(finding('BOAMP-NO-DATA', { ...place, pointer }))
    return undefined
  }
  if (typeof inner !== 'string') {
    found.push(finding('BOAMP-INNER-OBJECT', place, { property: name }))
    return { value: inner }
  }
  const reading = readJson(Buffer.from(inner))
  if (reading.ok) return { value: reading.value }
  // Lines and columns of these findings are counted in the inner text.
  found.push(finding('BOAMP-INNER-JSON', { ...place, value: inner }, { property: name }))
  for (const each of reading.findings) found.push({ ...each, ...place })
  return undefined
}

function judgeNumbers(ofRecord: string, inside: string | undefined, { pointer, index }: At, found: Finding[]): void {
  if (inside === undefined || inside === ofRecord || !noticeNumber.test(inside)) return
  const place = { record: index, pointer: `${pointer}/idweb`, value: ofRecord, expected: inside }
  found.push(finding('BOAMP-NUMBERS-DIFFER', place))
}
