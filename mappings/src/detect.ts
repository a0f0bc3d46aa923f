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
  if (isObject(marches)) return decp('2.0.4')
  if ('marches' in value) return decp(undefined)
  return decpList([value]) ?? ('marche' in value || 'contrat-concession' in value ? decp(undefined) : undefined)
}

function decpList(records: readonly unknown[]): DetectedJson | undefined {
  const shapes = new Set(records.map(decpShape).filter((shape) => shape !== 'unknown'))
  const [first, ...others] = shapes
  if (first === undefined) return undefined
  return others.length === 0 ? decp(first) : decp(undefined)
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
