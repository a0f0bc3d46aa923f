import { type Finding, finding, isAccepted } from '@socle/schemas'
import type { ExaminedRecord } from '../examination.ts'
import { mostFindings } from '../xml/bounds.ts'
import type { DetectedXml } from '../xml/detect.ts'
import type { ExamineOptions, Judged } from '../xml/examine.ts'
import { type XmlNode, xpathOf } from '../xml/node.ts'
import { childAt, childrenAt } from './nodes.ts'
import { type Parts, decodedTeller, readOne } from './read-one.ts'
import { treeOfXml } from './tree.ts'

/** The notices of a file: `ANNONCE` or `ann` alone, or those of an issue. */
export function noticesIn(root: XmlNode): readonly XmlNode[] {
  if (childAt(root, 'GESTION') !== undefined || childAt(root, 'DONNEES') !== undefined) return [root]
  const inside = root.children.filter(({ name }) => name === 'ANNONCE' || name === 'ann')
  return inside.length === 0 ? [root] : inside
}

/** The parts of one notice in XML. */
export function partsOfXml(
  notice: XmlNode,
  { index, version }: { readonly index: number | undefined; readonly version: string | undefined },
  found: Finding[],
): Parts {
  const tree = treeOfXml(notice, decodedTeller(found, index))
  const { root } = tree
  return {
    tree,
    record: undefined,
    management: childAt(root, 'GESTION'),
    data: childAt(root, 'DONNEES'),
    index,
    version,
  }
}

/** A notice has one part of each kind: of two, one would be published and the other read by nobody. */
function repeatedParts(notice: XmlNode, record: number | undefined): Finding[] {
  return ['GESTION', 'DONNEES'].flatMap((name) => {
    const second = childrenAt(notice, name)[1]
    if (second === undefined) return []
    const place = { xpath: xpathOf(second), value: name, ...(record === undefined ? {} : { record }) }
    return [finding('BOAMP-REPEATED', place)]
  })
}

/**
 * Reads and judges a notice of the gazette in XML: the old form (`ANNONCE`), that of today (`jo:ann`) whose data are an
 * FNSimple, MAPA or DSP form or an eForms notice, or an issue of several.
 */
export function examineBoampXml(root: XmlNode, { version }: DetectedXml, options: ExamineOptions): Judged {
  const notices = noticesIn(root)
  const findings: Finding[] = []
  const records: ExaminedRecord[] = []
  for (const [place, notice] of notices.entries()) {
    const found: Finding[] = []
    const index = notices.length === 1 ? undefined : place
    found.push(...repeatedParts(notice, index))
    const isRead = findings.length <= mostFindings
    const read = isRead ? readOne(partsOfXml(notice, { index, version }, found), found, options) : undefined
    for (const each of found) findings.push(each)
    records.push({ index: place, canonical: isAccepted(found) ? read?.notice : undefined })
  }
  return { kind: 'notice', findings, canonical: records[0]?.canonical, records }
}
