import { contentOf } from '../content.ts'
import { readJson } from '../json/read.ts'
import { passGate } from '../xml/gate.ts'
import type { XmlNode } from '../xml/node.ts'
import { readXml } from '../xml/read.ts'

/**
 * Whether a document has the path of a rule: a JSON Pointer from a record, where `*` is any place of a list, or an XPath
 * of names from the root. `*` and `/*` mean the document itself. A document that cannot be read has no other path.
 */
export function hasPath(bytes: Uint8Array, path: string): boolean {
  if (path === '*' || path === '/*') return true
  const content = contentOf(bytes)
  if (content === 'xml') return hasXPath(bytes, path.split('/').slice(2))
  if (content !== 'json') return false
  const reading = readJson(bytes)
  return reading.ok && objectsIn(reading.value).some((object) => hasPointer(object, path.split('/').slice(1)))
}

function hasXPath(bytes: Uint8Array, steps: readonly string[]): boolean {
  const gated = passGate(bytes)
  if ('findings' in gated) return false
  using passed = gated
  return hasSteps(readXml(passed.text, passed.elements), steps)
}

function hasSteps(node: XmlNode, [step, ...rest]: readonly string[]): boolean {
  if (step === undefined) return true
  if (step.startsWith('@')) return node.attrs[step.slice(1)] !== undefined
  const name = step.slice(step.indexOf(':') + 1)
  return node.children.some((child) => (name === '*' || child.name === name) && hasSteps(child, rest))
}

function hasPointer(value: unknown, [step, ...rest]: readonly string[]): boolean {
  if (step === undefined) return true
  if (Array.isArray(value)) {
    const places = step === '*' ? value : value.slice(Number(step), Number(step) + 1)
    return places.some((item) => hasPointer(item, rest))
  }
  if (typeof value !== 'object' || value === null) return false
  if (step === '*') return Object.values(value).some((item) => hasPointer(item, rest))
  return Object.hasOwn(value, step) && hasPointer((value as Readonly<Record<string, unknown>>)[step], rest)
}

/** The document and everything inside: a pointer starts at a record, and records lie at different depths. */
function objectsIn(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return []
  return [value, ...Object.values(value).flatMap(objectsIn)]
}
