import type { FieldExplanation } from '../translation.ts'
import { type XmlNode, xpathOf } from '../xml/node.ts'
import type { AnyFields, Json, Parts } from './fields/codec.ts'
import { formOf } from './form.ts'
import { contractOf, decpShape } from './shape.ts'
import { isObject } from './view.ts'
import { xmlVersionOf } from './examine-xml.ts'
import { hasWrappers } from './xml-names.ts'
import { xpathAt } from './xml-place.ts'
import { recordOfXml } from './xml-record.ts'

/** Longest value shown. */
const longest = 200

/** Turns a place in a record into a place in its source. */
type Locate = (pointer: string) => string

/**
 * Every field of the canonical form for one record in JSON: its state and the pointer where its value stands or would
 * stand. DECP withholds nothing, so no state is `withheld`. `base` is the pointer of the record in its file. Undefined
 * for what is no record of a version that is read.
 */
export function explainDecp(record: unknown, base = ''): readonly FieldExplanation[] | undefined {
  const shape = decpShape(record)
  if (!isObject(record) || (shape !== '1.5.0' && shape !== '2.0.4')) return undefined
  return explain(formOf(shape, contractOf(record)).fields as AnyFields, record, (pointer) => base + pointer)
}

/** The same for one element, `marche` or `contrat-concession`, its places as XPaths. */
export function explainDecpXml(element: XmlNode): readonly FieldExplanation[] | undefined {
  const contract = element.qname
  if (contract !== 'marche' && contract !== 'contrat-concession') return undefined
  const version = xmlVersionOf(element)
  const { record } = recordOfXml(element, { contract, version, index: 0, base: '', today: undefined })
  const locate: Locate = (pointer) =>
    pointer === '' ? xpathOf(element) : xpathAt(element, pointer, hasWrappers(version))
  return explain(formOf(version, contract).fields as AnyFields, record, locate)
}

function explain(fields: AnyFields, record: Json, locate: Locate): FieldExplanation[] {
  return explainFields(fields, record, { field: '', at: '' }, locate)
}

interface At {
  /** Pointer in the canonical form. */
  readonly field: string
  /** Pointer in the record. */
  readonly at: string
}

function explainFields(fields: AnyFields, source: unknown, above: At, locate: Locate): FieldExplanation[] {
  return Object.entries(fields).flatMap(([name, place]) => {
    const field = `${above.field}/${name}`
    if (place === undefined) return [{ field, state: 'not-applicable' as const }]
    // What every record of the form says without writing it stands nowhere.
    if (place.at === '') return []
    const here: At = { field, at: `${above.at}/${place.at}` }
    const value = valueAt(source, place.at)
    if (value === undefined) return [{ field, name: place.at, state: 'absent' as const, source: locate(here.at) }]
    const { parts } = place.codec
    if (parts !== undefined) return explainParts(parts, value, here, locate)
    return [{ field, name: place.at, state: 'present' as const, source: locate(here.at), value: shown(value) }]
  })
}

function explainParts({ fields, list, wrapper }: Parts, value: unknown, here: At, locate: Locate): FieldExplanation[] {
  if (!list) return explainFields(fields, value, here, locate)
  if (!Array.isArray(value) || value.length === 0) {
    return [{ field: here.field, state: 'absent', source: locate(here.at) }]
  }
  return value.flatMap((item: unknown, place) => {
    const inside = wrapper === undefined ? item : isObject(item) ? item[wrapper] : undefined
    const at = `${here.at}/${place}${wrapper === undefined ? '' : `/${wrapper}`}`
    return explainFields(fields, inside, { field: `${here.field}/${place}`, at }, locate)
  })
}

function valueAt(source: unknown, path: string): unknown {
  let value = source
  for (const step of path.split('/')) value = isObject(value) ? value[step] : undefined
  return value
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > longest ? text.slice(0, longest) : text
}
