import { type Finding, type RuleId, type Severity, schemas } from '@socle/schemas'
import { type XmlNode, xpathOf } from '../xml/node.ts'
import { formOf } from './form.ts'
import { strangeAttributes } from './xml-attributes.ts'
import { elementOf, hasWrappers, itemOf, propertyOf } from './xml-names.ts'
import { type Scalar, readDay, readFlag, readInteger, readNumber } from './xml-scalars.ts'
import { type RecordView, found, isObject } from './view.ts'

type Schema = Readonly<Record<string, unknown>>

export interface XmlRecord {
  /** The record as its JSON form would have it, faults included. */
  readonly record: Readonly<Record<string, unknown>>
  /** What the conversion had to do, and what XML alone can get wrong. Places are XPaths. */
  readonly findings: readonly Finding[]
}

/** Reads an element as the JSON record of its form, so that one structure and one set of rules judge both. */
export function recordOfXml(node: XmlNode, view: Omit<RecordView, 'record'>): XmlRecord {
  const schema = schemas[formOf(view.version, view.contract).schema]
  const conversion = new Conversion({ ...view, record: undefined }, definitionsOf(schema))
  return { record: conversion.object(node, schema), findings: conversion.findings }
}

function definitionsOf(schema: Schema): Schema {
  return isObject(schema['$defs']) ? schema['$defs'] : {}
}

/** Shares that XSD 2.0.2 lets stand empty to say that none is given. */
const mayBeEmpty = new Set(['origineUE', 'origineFrance'])

class Conversion {
  readonly findings: Finding[] = []
  readonly #view: RecordView
  readonly #definitions: Schema

  constructor(view: RecordView, definitions: Schema) {
    this.#view = view
    this.#definitions = definitions
  }

  object(node: XmlNode, schema: Schema): Record<string, unknown> {
    this.#checkSurroundings(node)
    const properties = isObject(schema['properties']) ? schema['properties'] : {}
    const target: Record<string, unknown> = {}
    for (const child of node.children) {
      const name = child.ns === '' ? propertyOf(child.qname) : child.qname
      const property = Object.hasOwn(properties, name) ? this.#resolve(properties[name]) : undefined
      if (property === undefined || child.qname !== elementOf(name)) this.#unknown(child)
      else if (isListOfTexts(property)) this.#append(target, name, child)
      else if (Object.hasOwn(target, name)) this.#note('DECP-XML-REPEATED', child, { value: child.qname })
      else this.#set(target, name, this.#value(child, name, property))
    }
    return target
  }

  /** Child elements, each under the one name its list allows. */
  #list(node: XmlNode, name: string, schema: Schema): unknown[] {
    this.#checkSurroundings(node)
    const item = itemOf(name)
    const wraps = hasWrappers(this.#view.version)
    const declared = this.#resolve(schema['items'])
    const inner = wraps
      ? this.#resolve(isObject(declared['properties']) ? declared['properties'][item] : undefined)
      : declared
    const list: unknown[] = []
    for (const child of node.children) {
      if (child.ns !== '' || child.qname !== elementOf(item)) {
        this.#unknown(child)
        continue
      }
      const value = this.object(child, inner)
      list.push(wraps ? { [item]: value } : value)
    }
    return list
  }

  #value(node: XmlNode, name: string, schema: Schema): unknown {
    switch (schema['type']) {
      case 'object':
        return this.object(node, schema)
      case 'array':
        return this.#list(node, name, schema)
      default:
        return this.#scalar(node, name, schema['type'])
    }
  }

  #scalar(node: XmlNode, name: string, type: unknown): unknown {
    for (const child of node.children) this.#unknown(child)
    this.#checkAttributes(node)
    if (node.text === '' && mayBeEmpty.has(name)) {
      this.#note('DECP-XML-EMPTY', node, { value: '' })
      return undefined
    }
    const { value, repairs } = readScalar(node.text, name, type)
    for (const { rule, expected } of repairs) this.#note(rule, node, { value: node.text, expected })
    return value
  }

  #append(target: Record<string, unknown>, name: string, node: XmlNode): void {
    const before = target[name]
    const value = this.#scalar(node, name, 'string')
    target[name] = Array.isArray(before) ? [...(before as unknown[]), value] : [value]
  }

  #set(target: Record<string, unknown>, name: string, value: unknown): void {
    if (value !== undefined) target[name] = value
  }

  #resolve(schema: unknown): Schema {
    if (!isObject(schema)) return {}
    const reference = schema['$ref']
    if (typeof reference !== 'string') return schema
    const inner = this.#definitions[reference.slice('#/$defs/'.length)]
    return isObject(inner) ? inner : {}
  }

  #checkSurroundings(node: XmlNode): void {
    this.#checkAttributes(node)
    const stray = node.text.trim()
    // The official schema lets text stand in the buyer alone; anywhere else it is a fault.
    const severity = node.name === 'acheteur' ? 'warn' : 'reject'
    if (stray !== '') this.#note('DECP-XML-TEXT', node, { value: stray, severity })
  }

  #checkAttributes(node: XmlNode): void {
    for (const name of strangeAttributes(Object.keys(node.attrs))) {
      this.#note('DECP-XML-UNKNOWN', node, { value: `@${name}` })
    }
  }

  #unknown(node: XmlNode): void {
    this.#note('DECP-XML-UNKNOWN', node, { value: node.qname })
  }

  #note(rule: RuleId, node: XmlNode, what: Pick<Finding, 'value' | 'expected'> & { severity?: Severity }): void {
    this.findings.push(found(this.#view, rule, { xpath: xpathOf(node), ...what }))
  }
}

function readScalar(text: string, name: string, type: unknown): Scalar {
  if (type === 'number') return readNumber(text)
  if (type === 'integer') return readInteger(text)
  if (type === 'boolean') return readFlag(text)
  return name.startsWith('date') ? readDay(text) : { value: text, repairs: [] }
}

function isListOfTexts(schema: Schema): boolean {
  return schema['type'] === 'array' && isObject(schema['items']) && schema['items']['type'] === 'string'
}
