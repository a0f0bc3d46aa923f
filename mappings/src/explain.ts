import { explainBoamp, explainBoampXml } from './boamp/explain.ts'
import { contentOf } from './content.ts'
import { explainDecp, explainDecpXml } from './decp/explain.ts'
import { layoutOf } from './decp/layout.ts'
import { detectJson } from './detect.ts'
import { explainNotice } from './eforms/explain.ts'
import { withStandardBytes } from './eforms/rebase.ts'
import { unread } from './eforms/unread.ts'
import { explainRequest, explainResponse, unreadIn } from './espd/explain.ts'
import { readJson } from './json/read.ts'
import type { Packs } from './packs/open.ts'
import type { FieldExplanation } from './translation.ts'
import { detectXml } from './xml/detect.ts'
import { passGate } from './xml/gate.ts'
import { type XmlNode, walk } from './xml/node.ts'
import { readXml } from './xml/read.ts'

/** Where each field of the canonical form stands in the source, and what of the source no field reads. */
export interface Explanation {
  readonly fields: readonly FieldExplanation[]
  /** XPaths of elements that a translation loses. */
  readonly unread: readonly string[]
}

/**
 * Explains one record of a document, valid or not: provenance and state of each canonical field. `packs` tells which
 * fields a form has no place for. Undefined when the format is not read, or the document cannot be.
 */
export function explain(bytes: Uint8Array, record = 0, packs?: Packs): Explanation | undefined {
  const content = contentOf(bytes)
  if (content === 'xml') return explainXml(bytes, record, packs)
  if (content !== 'json') return undefined
  const reading = readJson(bytes)
  if (!reading.ok) return undefined
  if (detectJson(reading.value).format === 'boamp-json') return explainBoamp(reading.value, record)
  const found = layoutOf(reading.value).records[record]
  const fields = found === undefined ? undefined : explainDecp(found.record, found.base)
  return fields === undefined ? undefined : { fields, unread: [] }
}

function explainXml(bytes: Uint8Array, record: number, packs: Packs | undefined): Explanation | undefined {
  const gated = passGate(withStandardBytes(bytes))
  if ('findings' in gated) return undefined
  using passed = gated
  const root = readXml(passed.text, passed.elements)
  const detected = detectXml(root)
  switch (detected.format) {
    case 'eforms': {
      const minor = /^eforms-sdk-(\d+\.\d+)$/.exec(detected.version ?? '')?.[1]
      const known = minor === undefined ? undefined : packs?.sdk(minor)?.fields
      const hasNoPlace = (field: string, subtype: string): boolean => known?.[field]?.notIn.includes(subtype) === true
      return { fields: explainNotice(root, detected, hasNoPlace), unread: unread(root) }
    }
    case 'espd-response':
      return { fields: explainResponse(root, detected), unread: unreadIn(root, detected) }
    case 'espd-request':
      return { fields: explainRequest(root, detected), unread: unreadIn(root, detected) }
    case 'boamp-xml':
      return explainBoampXml(root, record)
    case 'decp-xml':
      return explainDecpRecord(root, record)
    default:
      return undefined
  }
}

function explainDecpRecord(root: XmlNode, record: number): Explanation | undefined {
  const elements = [...walk(root)].filter(({ name }) => name === 'marche' || name === 'contrat-concession')
  const element = elements[record]
  const fields = element === undefined ? undefined : explainDecpXml(element)
  return fields === undefined ? undefined : { fields, unread: [] }
}
