import { type Finding, finding, isAccepted } from '@socle/schemas'
import { latestDayAnywhere } from '../calendar.ts'
import type { ExaminedRecord } from '../examination.ts'
import { type XmlNode, xpathOf } from '../xml/node.ts'
import { type JudgedRecord, judgeRecord } from './judge.ts'
import { contractKey, createNeighbours } from './neighbours.ts'
import { strangeAttributes } from './xml-attributes.ts'
import { hasWrappers } from './xml-names.ts'
import { xpathAt } from './xml-place.ts'
import { recordOfXml } from './xml-record.ts'
import { type DecpContract, type DecpVersion, type RecordView, mostFindings } from './view.ts'

export interface ExaminedDecpXml {
  readonly kind: 'award'
  readonly version: string | undefined
  readonly findings: readonly Finding[]
  readonly records: readonly ExaminedRecord[]
  readonly canonical: ExaminedRecord['canonical']
}

/** XML numbers its version 2 by the last schema it was given. */
const xmlVersions = { '1.5.0': '1.5.0', '2.0.4': '2.0.2' } as const

/** Elements of version 2 that every record of it must have, and no record of version 1 knows. */
const ofVersion2 = ['techniques', 'typesPrix', 'ccag', 'offresRecues', 'considerationsSociales', 'marcheInnovant']

/** What the children of a record tell of its version: XML declares none. */
export function xmlVersionOf(element: XmlNode): DecpVersion {
  return element.children.some(({ qname }) => ofVersion2.includes(qname)) ? '2.0.4' : '1.5.0'
}

/** Judges every record of a DECP file in XML, `marches` or one record alone; 2.0.2 and 1.5.0, one rule set with the JSON. */
export function examineDecpXml(
  root: XmlNode,
  _detected: unknown,
  { now }: { readonly now?: Date } = {},
): ExaminedDecpXml {
  const today = now === undefined ? undefined : latestDayAnywhere(now)
  const isAlone = contractOfElement(root) !== undefined
  const elements = isAlone ? [root] : root.children
  const findings: Finding[] = isAlone ? [finding('DECP-SHAPE', { xpath: xpathOf(root), value: `<${root.qname}>` })] : []
  if (!isAlone) findings.push(...aroundRecords(root))
  if (elements.length === 0) findings.push(finding('DECP-NO-RECORD', { xpath: xpathOf(root) }))
  const records: ExaminedRecord[] = []
  const neighbours = createNeighbours()
  for (const element of elements) {
    const index = records.length
    const judged = findings.length < mostFindings ? judgeElement(element, index, today) : unjudged
    for (const one of judged.findings) findings.push(one)
    if (judged.kept !== undefined)
      findings.push(...neighbours.meet(contractKey(judged.kept), index, { xpath: xpathOf(element) }))
    records.push({ index, canonical: judged.kept?.award() })
  }
  const versions = new Set(elements.map((element) => xmlVersions[xmlVersionOf(element)]))
  const [version] = versions.size === 1 ? versions : []
  return { kind: 'award', version, findings, records, canonical: records[0]?.canonical }
}

/** The root has no attribute and no text of its own: what stands there would be read by nobody. */
function aroundRecords(root: XmlNode): Finding[] {
  const xpath = xpathOf(root)
  const findings = strangeAttributes(Object.keys(root.attrs)).map((name) =>
    finding('DECP-XML-UNKNOWN', { xpath, value: `@${name}` }),
  )
  const stray = root.text.trim()
  return stray === '' ? findings : [...findings, finding('DECP-XML-TEXT', { xpath, value: stray.slice(0, 200) })]
}

const unjudged: JudgedRecord = { findings: [], kept: undefined }

/** One record, its findings placed by XPath. */
export function judgeElement(element: XmlNode, index: number, today: string | undefined): JudgedRecord {
  const contract = contractOfElement(element)
  if (contract === undefined) {
    const at = { record: index, xpath: xpathOf(element), value: element.qname }
    return { findings: [finding('DECP-XML-UNKNOWN', at)], kept: undefined }
  }
  const version = xmlVersionOf(element)
  const place = { contract, version, index, base: '', today }
  const { record, findings } = recordOfXml(element, place)
  const view: RecordView = { ...place, record }
  const judged = judgeRecord(view, xmlVersions[version])
  const placed = judged.findings.map((one) => inXml(one, element, version))
  const all = [...findings, ...placed]
  return { findings: all, kept: isAccepted(findings) ? judged.kept : undefined }
}

function inXml({ pointer = '', ...rest }: Finding, element: XmlNode, version: DecpVersion): Finding {
  return { ...rest, xpath: xpathAt(element, pointer, hasWrappers(version)) }
}

function contractOfElement({ qname, ns }: XmlNode): DecpContract | undefined {
  return ns === '' && (qname === 'marche' || qname === 'contrat-concession') ? qname : undefined
}
