import type { Detected } from './examination.ts'
import { decpShape } from './decp/shape.ts'
import { isObject } from './decp/view.ts'

/** What a JSON document is, as its own content tells it. */
export interface DetectedJson extends Detected {
  /** What the finding of a refusal prints. */
  readonly label: string
}

/**
 * Names the format and version of any JSON value by its shape; DECP files do not declare their version. A DECP file is
 * named so even when its records must be refused, so that the refusal can say what is wrong with them.
 */
export function detectJson(value: unknown): DetectedJson {
  if (isJsonSchema(value)) return { format: 'json-schema', version: undefined, label: 'JSON Schema' }
  if (isBoamp(value)) return { format: 'boamp-json', version: undefined, label: 'BOAMP (API open data)' }
  return detectDecp(value) ?? { format: 'unknown', version: undefined, label: describe(value) }
}

function detectDecp(value: unknown): DetectedJson | undefined {
  if (Array.isArray(value)) return decpList(value)
  if (!isObject(value)) return undefined
  const { marches } = { marches: undefined, ...value }
  if (Array.isArray(marches)) return decpList(marches) ?? decp(undefined)
  if (isObject(marches)) return decpList(listsOf(marches)) ?? decp('2.0.4')
  if ('marches' in value) return decp(undefined)
  const isBare = 'marche' in value || 'contrat-concession' in value
  return decpList([value]) ?? (isBare ? (decpList(listsOf(value)) ?? decp(undefined)) : undefined)
}

/** The records of the two lists of version 2. */
function listsOf(holder: Readonly<Record<string, unknown>>): readonly unknown[] {
  return ['marche', 'contrat-concession'].flatMap((name) => (Array.isArray(holder[name]) ? holder[name] : []))
}

function decpList(records: readonly unknown[]): DetectedJson | undefined {
  return records.some((record) => decpShape(record) !== 'unknown') ? decp(versionOf(records)) : undefined
}

/** The version all the records have of which one can be told; undefined when they have several, or none. */
export function versionOf(records: readonly unknown[]): string | undefined {
  const shapes = new Set(records.map(decpShape).filter((shape) => shape !== 'unknown'))
  const [first] = shapes
  return shapes.size === 1 ? first : undefined
}

function decp(version: string | undefined): DetectedJson {
  return { format: 'decp-json', version, label: version === undefined ? 'DECP' : `DECP ${version}` }
}

function isJsonSchema(value: unknown): boolean {
  if (!isObject(value)) return false
  const dialect = value['$schema']
  return (
    (typeof dialect === 'string' && dialect.includes('json-schema.org')) ||
    (isObject(value['properties']) && 'type' in value)
  )
}

/** One record of the open-data interface, or a page of them. */
function isBoamp(value: unknown): boolean {
  if (!isObject(value)) return false
  if ('idweb' in value && 'dateparution' in value) return true
  return ['results', 'records'].some((name) => {
    const list = value[name]
    return Array.isArray(list) && list.length > 0 && isObject(list[0]) && isBoamp(list[0])
  })
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `JSON […] (${value.length})`
  if (!isObject(value)) return `JSON ${JSON.stringify(value)}`
  const keys = Object.keys(value)
  return `JSON {${keys.slice(0, 5).join(', ')}${keys.length > 5 ? ', …' : ''}}`
}
