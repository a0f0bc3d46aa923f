import type { Finding, Notice } from '@socle/schemas'
import { examineNotice } from '../eforms/examine.ts'
import { judgeOfficially } from '../packs/judge.ts'
import { detectXml } from '../xml/detect.ts'
import type { ExamineOptions } from '../xml/examine.ts'
import { passGate } from '../xml/gate.ts'
import type { XmlNode } from '../xml/node.ts'
import { readXml } from '../xml/read.ts'
import { standalone } from '../xml/standalone.ts'
import { namespaceOf, type NoticeRoot } from '../eforms/forms.ts'
import { withStandardBytes } from '../eforms/rebase.ts'
import { textOf } from '../xml/node.ts'
import { isFilled, nodesAt } from './nodes.ts'
import { type Reading, type RootName, tell } from './reading.ts'

/**
 * Reads an eForms notice that stands inside a notice of the gazette: in XML, or rendered in JSON. In XML it is judged as
 * if it had come alone, official schema and rules included: a wrapper is no way around them. Rendered in JSON it has lost
 * its attributes and its order, so only our own rules judge it, which is told. It keeps the number of the gazette.
 */
export function readEformsInside(root: XmlNode, reading: Reading, options: ExamineOptions): Notice | undefined {
  const own = reading.isOpenData ? asNotice(root) : root
  tell(reading, reading.isOpenData ? 'BOAMP-EFORMS-RENDERED' : 'BOAMP-EFORMS-INSIDE', root, { value: root.name })
  const official = reading.isOpenData ? [] : judgeAlone(root, options)
  const { findings, canonical } = examineNotice(own, detectXml(own), options)
  for (const found of [...official, ...findings]) reading.found.push(placed(found, root, reading))
  if (canonical?.kind !== 'notice') return undefined
  const number = numberIn(reading)
  return canonical.publication !== undefined || number === undefined
    ? canonical
    : { ...canonical, publication: { number, gazette: 'BOAMP' } }
}

function judgeAlone(root: XmlNode, { packs, now }: ExamineOptions): readonly Finding[] {
  const gated = passGate(withStandardBytes(standalone(root)))
  if ('findings' in gated) return gated.findings
  using passed = gated
  const alone = readXml(passed.text, passed.elements)
  return judgeOfficially({ document: passed.document, root: alone, detected: detectXml(alone) }, packs, now)
}

function numberIn({ roots }: Reading): string | undefined {
  const places: readonly (readonly [RootName, ...string[]])[] = [
    ['G', 'REFERENCE', 'IDWEB'],
    ['R', 'idweb'],
  ]
  return textOf(places.flatMap(([root, ...steps]) => nodesAt(roots, { root, steps })).find(isFilled))
}

/** In JSON the root has lost its namespace: its name gives it back. */
function asNotice(root: XmlNode): XmlNode {
  const ns = namespaceOf(root.name as NoticeRoot)
  const children: XmlNode[] = []
  const made: XmlNode = { ...root, ns, children, parent: undefined }
  for (const child of root.children) children.push({ ...child, parent: made })
  return made
}

/** A finding of a rendered notice keeps its XPath in the notice, and gets the pointer of the notice in the record. */
function placed(found: Finding, root: XmlNode, reading: Reading): Finding {
  const record = reading.record === undefined ? {} : { record: reading.record }
  const place = reading.placeOf(root)
  return { ...found, ...record, ...('pointer' in place ? place : {}) }
}
