import { type Finding, finding, isAccepted } from '@socle/schemas'
import type { DetectedXml } from '../xml/detect.ts'
import type { Judged } from '../xml/examine.ts'
import { type XmlNode, xpathOf } from '../xml/node.ts'
import type { Properties } from './criteria.ts'
import { placeAnswers } from './place-answers.ts'
import { readResponse } from './read-response.ts'
import { judgeResponse } from './rules.ts'

const versionsRead = '2.1.1, 3.x, 4.0.0, 4.1.0'

/** Reads and judges an ESPD response of version 2.1.1 to 4.x; other versions are named and refused. */
export function examineResponse(root: XmlNode, { version }: DetectedXml): Judged {
  const found: Finding[] = []
  if (version?.startsWith('1.') === true)
    return refuse(finding('ESPD-VERSION-1', { xpath: xpathOf(root), value: version, expected: versionsRead }))
  if (version === undefined || !/^[234]\./.test(version)) {
    return refuse(finding('FORMAT-VERSION', { xpath: xpathOf(root), value: version ?? '?', expected: versionsRead }))
  }
  const properties: Properties = new Map()
  const response = readResponse(root, version, properties)
  const evidences = new Set(response.evidences.map(({ id }) => id))
  placeAnswers(root, { properties, evidences, isSingle: !version.startsWith('4.'), found })
  judgeResponse(root, version, found)
  const { procedureRef } = response
  const canonical = isAccepted(found) && procedureRef !== undefined ? { ...response, procedureRef } : undefined
  return { kind: 'dume-response', findings: found, canonical }
}

function refuse(found: Finding): Judged {
  return { kind: 'dume-response', findings: [found], canonical: undefined }
}
