import { awardStrategicTables } from './fields/award-strategic.ts'
import { awardTables } from './fields/award.ts'
import { businessTables } from './fields/business.ts'
import { lotTermsTables } from './fields/lot-terms.ts'
import { lotTables } from './fields/lot.ts'
import { noticeTables } from './fields/notice.ts'
import { organisationsTables } from './fields/organisations.ts'
import { procedureTables } from './fields/procedure.ts'
import { reviewTables } from './fields/review.ts'
import { lotGroupFields, lotGroupTable, partFields } from './fields/variants.ts'
import { type Step, extension, stepsOf } from './step.ts'
import { valueType } from './values/registry.ts'
import type { ValueType } from './values/value-type.ts'

/**
 * One field. A line of a table is
 * `BT-131(d)-Lot deadlines.tenders momentDay cac:TenderingProcess/cac:TenderSubmissionDeadlinePeriod/cbc:EndDate`:
 * eForms name, property in the canonical object of the table, type of the value, path below the element of the table.
 */
export interface Row {
  readonly name: string
  readonly property: readonly string[]
  readonly source: string
  readonly steps: readonly Step[]
  /** The value is this attribute of the element. */
  readonly attribute: string | undefined
  /** A list: its path has a repeated step. */
  readonly isList: boolean
  readonly type: ValueType
  /** Its name in the table: `code:eu-funded`. */
  readonly typeName: string
  /** For a day and its time: the row of the time, and its place in the table. */
  readonly time: { readonly index: number; readonly field: string; readonly steps: readonly Step[] } | undefined
}

/** A line `> node property table path`: objects of another table, one for each element at the path. */
export interface Group {
  readonly name: string
  readonly property: readonly string[]
  readonly source: string
  readonly steps: readonly Step[]
  readonly isList: boolean
  readonly table: Table
}

/** A line `! BT-195(…) property code path`: a property whose publication may be put off, and where that is said. */
export interface Withholdable {
  readonly name: string
  /** JSON Pointer inside the object, without its first slash: `subcontracting/value`. */
  readonly property: string
  /** BT-195, list non-publication-identifier. */
  readonly code: string
  readonly steps: readonly Step[]
  readonly source: string
}

export interface Table {
  readonly name: string
  readonly rows: readonly Row[]
  readonly groups: readonly Group[]
  readonly withholdable: readonly Withholdable[]
}

const sources: Readonly<Record<string, string>> = merge(
  noticeTables,
  { notice: procedureTables['procedure'] ?? '' },
  { notice: businessTables['business'] ?? '' },
  organisationsTables,
  procedureTables,
  lotTables,
  { lot: lotTermsTables['lotTerms'] ?? '' },
  lotTermsTables,
  awardTables,
  awardStrategicTables,
  reviewTables,
)

function merge(...all: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const merged: Record<string, string> = {}
  for (const each of all) {
    for (const [name, text] of Object.entries(each)) merged[name] = `${merged[name] ?? ''}\n${text}`
  }
  return merged
}

interface Variant {
  readonly suffix: string
  /** Names kept, in terms of a lot. */
  readonly kept: ReadonlySet<string>
}

function variant(suffix: string, fields: string): Variant {
  const names = fields.trim().split(/\s+/)
  return {
    suffix,
    kept: new Set(names.map((name) => (name.includes('~') ? name.replace('~', '-Lot') : `${name}-Lot`))),
  }
}

const part = variant('-Part', partFields)
const lotGroup = variant('-LotsGroup', lotGroupFields)

function compile(name: string, as?: Variant): Table {
  if (name === 'part') return compileLines('lot', sources['lot'] ?? '', part)
  if (name === 'lotGroup') return compileLines('lot', `${sources['lot'] ?? ''}${lotGroupTable}`, lotGroup)
  return compileLines(name, sources[name] ?? '', as)
}

function compileLines(name: string, text: string, as: Variant | undefined): Table {
  const lines = text.split('\n').flatMap((line) => (line === '' ? [] : [line.split(' ')]))
  const rows = lines.filter(([mark]) => mark !== '>' && mark !== '!').flatMap((line) => compileRow(line, as) ?? [])
  return {
    name,
    rows: rows.map((row) => ({ ...row, time: timeOf(row, rows) })),
    groups: lines.filter(([mark]) => mark === '>').flatMap((line) => compileGroup(line, as) ?? []),
    withholdable: lines.filter(([mark]) => mark === '!').map((line) => compileWithholdable(line, as)),
  }
}

/** The row of the time that belongs to the row of a day: the next one of the same property. */
function timeOf(row: Untimed, rows: readonly Untimed[]): Row['time'] {
  if (row.type.writeTime === undefined) return undefined
  const property = row.property.join('.')
  const index = rows.findIndex((each) => each !== row && each.property.join('.') === property)
  const found = rows[index]
  return found === undefined ? undefined : { index, field: found.name, steps: found.steps }
}

type Untimed = Omit<Row, 'time'>

function compileRow(line: readonly string[], as: Variant | undefined): Untimed | undefined {
  const [name = '', property = '', type = '', path = ''] = line
  if (as !== undefined && !as.kept.has(name) && !name.includes(as.suffix)) return undefined
  const attribute = /\/@(\w+)$/.exec(path)?.[1]
  const typeName = as !== undefined && name === 'BT-137-Lot' ? `id:${as.suffix.slice(1)}` : type
  const steps = stepsOf(path.replace(/\/@\w+$/, ''))
  const isList = steps.some(({ isRepeated }) => isRepeated)
  const source = sourceOf(path)
  return {
    name: renamed(name, as),
    property: property.split('.'),
    source,
    steps,
    attribute,
    isList,
    type: valueType(typeName),
    typeName,
  }
}

function compileGroup(
  [, name = '', property = '', table = '', path = '']: readonly string[],
  as?: Variant,
): Group | undefined {
  const inner = compile(table, as)
  if (as !== undefined && inner.rows.length === 0) return undefined
  const steps = stepsOf(path)
  const source = sourceOf(path)
  const isList = steps.some(({ isRepeated }) => isRepeated)
  return { name: renamed(name, as), property: property.split('.'), source, steps, isList, table: inner }
}

function compileWithholdable(
  [, name = '', property = '', code = '', path = '']: readonly string[],
  as?: Variant,
): Withholdable {
  return { name: renamed(name, as), property, code, source: sourceOf(path), steps: stepsOf(path) }
}

/** The path as XPath, for findings and explanations. */
function sourceOf(path: string): string {
  return path
    .replaceAll(/[*+]|~\w+/g, '')
    .replaceAll(/\[#(\w+)\]/g, "[cbc:ID/@schemeName='$1']")
    .replaceAll('EXT', extension)
}

function renamed(name: string, as: Variant | undefined): string {
  return as === undefined ? name : name.replace('-Lot', name.includes(as.suffix) ? '-Lot' : as.suffix)
}

/** The table of a whole notice, from its root element. */
export const noticeTable: Table = compile('notice')

/** What efac:FieldsPrivacy says of a withheld value: BT-197, BT-196 and BT-198, beside the code that names it. */
export const withheldTable: Table = compileLines(
  'withheld',
  `
BT-195 code code:non-publication-identifier efbc:FieldIdentifierCode
BT-197 reason code:non-publication-justification cbc:ReasonCode
BT-196 justification words efbc:ReasonDescription
BT-198 until day efbc:PublicationDate`,
  undefined,
)
