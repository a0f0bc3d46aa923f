import { type Finding, finding, isAccepted } from '@socle/schemas'
import type { DetectedXml } from '../xml/detect.ts'
import type { ExamineOptions, Judged } from '../xml/examine.ts'
import { type XmlNode, textOf } from '../xml/node.ts'
import { first, placeOf } from '../xml/path.ts'
import { pathOf } from './paths.ts'
import { readNotice } from './read-notice.ts'
import type { At } from './reader.ts'
import { judgeNotice } from './rules.ts'

/** Form numbers that are read: 16 is the contract notice of Directive 2014/24/EU. */
const subtypesRead: readonly string[] = ['16']

/** Reads and judges a notice; undefined for the forms that are only named yet. */
export function examineNotice(
  root: XmlNode,
  { version, subtype }: DetectedXml,
  { now }: ExamineOptions,
): Judged | undefined {
  if (root.name !== 'ContractNotice' || subtype === undefined || !subtypesRead.includes(subtype)) return undefined
  const found: Finding[] = []
  if (version === undefined || !/^eforms-sdk-1\.\d+$/.test(version)) {
    const xpath = placeOf(root, pathOf('OPT-002-notice'))
    found.push(finding('FORMAT-VERSION', { xpath, value: version ?? '', expected: 'eforms-sdk-1.x' }))
  }
  const at: At = { node: root, language: textOf(first(root, pathOf('BT-702(a)-notice'))), found }
  const notice = readNotice(at)
  judgeNotice(at, notice, now)
  const { title } = notice
  // Judged acceptable means the title is there: a notice without one has its finding.
  return {
    kind: 'notice',
    findings: found,
    canonical: isAccepted(found) && title !== undefined ? { ...notice, title } : undefined,
  }
}
