import { type Finding, finding, isAccepted } from '@socle/schemas'
import type { DetectedXml } from '../xml/detect.ts'
import type { ExamineOptions, Judged } from '../xml/examine.ts'
import type { XmlNode } from '../xml/node.ts'
import { identifyOrganisations } from './identify.ts'
import { type Judging, missing, placeOfField } from './judging.ts'
import { readNotice } from './read-notice.ts'
import { isRebased, rebasedFinding, withStandardNamespaces } from './rebase.ts'
import { judgeNamespaces } from './rules/namespaces.ts'
import { judgeNotice } from './rules/notice.ts'

const sdkVersion = {
  labelFr: 'version du SDK, par exemple eforms-sdk-1.13',
  labelEn: 'SDK version, for instance eforms-sdk-1.13',
}

/**
 * Reads and judges a notice of any form. A notice whose namespaces DILA changed is read like the original, and told.
 * What a notice holds beyond the fields is found with `unread`.
 */
export function examineNotice(source: XmlNode, { version }: DetectedXml, { now }: ExamineOptions): Judged {
  const root = isRebased(source) ? withStandardNamespaces(source) : source
  const strange = judgeNamespaces(root)
  if (strange.length > 0) return { kind: 'notice', findings: strange, canonical: undefined }
  const found: Finding[] = []
  const { notice: read, origins } = readNotice(root, found)
  const judging: Judging = { root, origins, found, now }
  if (root !== source) found.push(rebasedFinding())
  if (version === undefined) missing(judging, 'EFORMS-REQUIRED', { at: read, field: 'OPT-002-notice' }, sdkVersion)
  else if (!/^eforms-sdk-1\.\d+$/.test(version)) {
    const xpath = placeOfField(judging, { at: read, field: 'OPT-002-notice' })
    found.push(finding('FORMAT-VERSION', { xpath, value: version, expected: 'eforms-sdk-1.x' }))
  }
  const notice = identifyOrganisations(read, judging)
  origins.set(notice, root)
  judgeNotice(notice, judging)
  const { title } = notice
  // Judged acceptable means the title is there: a notice without one has its finding.
  return {
    kind: 'notice',
    findings: found,
    canonical: isAccepted(found) && title !== undefined ? { ...notice, title } : undefined,
  }
}
