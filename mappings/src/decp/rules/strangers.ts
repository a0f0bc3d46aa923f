import { type Finding, schemas } from '@socle/schemas'
import { escapeStep } from '../../json/pointer.ts'
import { formOf } from '../form.ts'
import { type DecpContract, type DecpVersion, type RecordView, found, isObject, mostFindings } from '../view.ts'

/** What the form knows of a value: its properties, or what its items are. Undefined: nothing is below. */
interface Known {
  readonly properties: ReadonlyMap<string, Known | undefined> | undefined
  readonly items: Known | undefined
}

/**
 * Properties below the record that the form does not know. The official schema lets them through and no reader reads
 * them: what somebody wrote there is lost, so it is told. At the level of the record version 2 refuses them outright.
 */
export function unknownInside(view: RecordView): readonly Finding[] {
  const known = knownOf(view.version, view.contract)
  if (known === undefined || !isObject(view.record)) return nothing
  const isAtRecord = view.version === '1.5.0'
  // Places are written only once there is something to tell: most records have no stranger.
  if (!hasStranger(view.record, known, isAtRecord)) return nothing
  const findings: Finding[] = []
  for (const [name, value] of Object.entries(view.record)) {
    const told = { view, findings }
    const below = known.properties?.get(name)
    if (below !== undefined) walk(told, value, below, `${view.base}/${name}`)
    else if (isAtRecord && known.properties?.has(name) === false && name !== 'source') tell(told, view.base, name)
  }
  return findings
}

const nothing: readonly never[] = []

function hasStranger(value: unknown, { properties, items }: Known, isTold: boolean): boolean {
  if (Array.isArray(value)) return items !== undefined && value.some((item) => hasStranger(item, items, true))
  if (properties === undefined || !isObject(value)) return false
  for (const name in value) {
    const below = properties.get(name)
    if (below === undefined ? isTold && !properties.has(name) : hasStranger(value[name], below, true)) return true
  }
  return false
}

interface Told {
  readonly view: RecordView
  readonly findings: Finding[]
}

function walk(told: Told, value: unknown, known: Known, pointer: string): void {
  if (Array.isArray(value)) {
    if (known.items === undefined) return
    for (let place = 0; place < value.length; place++) walk(told, value[place], known.items, `${pointer}/${place}`)
    return
  }
  if (known.properties === undefined || !isObject(value)) return
  for (const [name, part] of Object.entries(value)) {
    const below = known.properties.get(name)
    if (below !== undefined) walk(told, part, below, `${pointer}/${escapeStep(name)}`)
    else if (!known.properties.has(name)) tell(told, pointer, name)
  }
}

function tell({ view, findings }: Told, pointer: string, name: string): void {
  if (findings.length >= mostFindings) return
  findings.push(found(view, 'DECP-UNKNOWN-INSIDE', { pointer: `${pointer}/${escapeStep(name)}`, value: name }))
}

const tables = new Map<string, Known | undefined>()

/** The table of a form, made from its structure at the first record. */
function knownOf(version: DecpVersion, contract: DecpContract): Known | undefined {
  const { schema } = formOf(version, contract)
  const table = tables.get(schema) ?? compile(schemas[schema], schemas[schema]['$defs'])
  tables.set(schema, table)
  return table
}

function compile(schema: unknown, definitions: unknown): Known | undefined {
  if (!isObject(schema)) return undefined
  const reference = schema['$ref']
  if (typeof reference === 'string') {
    return isObject(definitions) ? compile(definitions[reference.slice('#/$defs/'.length)], definitions) : undefined
  }
  const items = compile(schema['items'], definitions)
  const { properties } = schema
  if (items === undefined && !isObject(properties)) return undefined
  const compiled = isObject(properties)
    ? new Map(Object.entries(properties).map(([name, inner]) => [name, compile(inner, definitions)]))
    : undefined
  return { properties: compiled, items }
}
