import { type DumeResponse, type Finding, type Kind, finding, isAccepted } from '@socle/schemas'
import type { DetectedXml } from '../xml/detect.ts'
import type { Judged } from '../xml/examine.ts'
import { type XmlNode, xpathOf } from '../xml/node.ts'
import { all, placeOf } from '../xml/path.ts'
import { completenessOf, sum } from './completeness.ts'
import type { TreeReading } from './groups.ts'
import { at } from './paths.ts'
import { placeAnswers } from './place-answers.ts'
import { readRequest } from './read-request.ts'
import { type ReadResponse, readResponse } from './read-response.ts'
import { isRequestReference } from './references.ts'
import { judgeAnswered } from './rules/answered.ts'
import { judgeElements } from './rules/attributes.ts'
import { judgeConditions } from './rules/conditions.ts'
import { judgeCriteria } from './rules/criteria.ts'
import { judgeHead, judgeReferences } from './rules/document.ts'
import type { Judging } from './rules/judging.ts'
import { judgeLotsOfRequest, judgeLotsOfResponse } from './rules/lots.ts'
import { judgeMinimums } from './rules/minimum.ts'
import { judgeBuyer, judgeOperator, judgeProvider, judgeSirets } from './rules/parties.ts'
import { judgeRequest } from './rules/request.ts'

const versionsRead = '2.0.x, 2.1.x, 3.x, 4.0.x, 4.1.x'

/** Reads and judges an ESPD response of version 2 to 4.1; other versions are named and refused. */
export function examineResponse(root: XmlNode, { version }: DetectedXml): Judged {
  const refusal = refuseVersion(root, version)
  if (refusal !== undefined || version === undefined) return refused('dume-response', refusal)
  const judging: Judging = { root, reading: newReading(version), found: [] }
  const { reading, found } = judging
  const response = readResponse(root, reading)
  const evidences = new Set(response.evidences.map(({ id }) => id))
  placeAnswers(root, { reading, evidences, found })
  judgeHead(judging, 'response')
  judgeOperator(judging)
  judgeProvider(judging)
  judgeSirets(judging)
  judgeCriteria(judging)
  judgeLotsOfResponse(response, judging)
  judgeAnswered(response, judging)
  judgeConditions(response.criteria, judging)
  judgeMinimums(response.criteria, judging)
  judgeReferences(judging)
  if (!all(root, at('references')).some(isRequestReference))
    found.push(finding('ESPD-REQUEST-REFERENCE', { xpath: placeOf(root, at('references')) }))
  judgeElements(judging)
  const { procedureRef } = response
  const canonical =
    isAccepted(found) && procedureRef !== undefined ? complete({ ...response, procedureRef }) : undefined
  return { kind: 'dume-response', findings: found, canonical }
}

/** Reads and judges an ESPD request, of the same versions. */
export function examineRequest(root: XmlNode, { version }: DetectedXml): Judged {
  const refusal = refuseVersion(root, version)
  if (refusal !== undefined || version === undefined) return refused('dume-request', refusal)
  const judging: Judging = { root, reading: newReading(version), found: [] }
  const { reading, found } = judging
  const request = readRequest(root, reading)
  judgeHead(judging, 'request')
  judgeBuyer(judging)
  judgeProvider(judging)
  judgeSirets(judging)
  judgeCriteria(judging)
  judgeLotsOfRequest(request, judging)
  judgeRequest(request, judging)
  judgeReferences(judging)
  judgeElements(judging)
  const { procedureRef } = request
  const canonical = isAccepted(found) && procedureRef !== undefined ? { ...request, procedureRef } : undefined
  return { kind: 'dume-request', findings: found, canonical }
}

export function newReading(version: string): TreeReading {
  return { version, used: new Set(), properties: new Map(), nodes: new Map() }
}

function refuseVersion(root: XmlNode, version: string | undefined): Finding | undefined {
  if (version === undefined) {
    const label = {
      labelFr: 'l’identifiant d’exécution (cbc:ProfileExecutionID)',
      labelEn: 'the execution id (cbc:ProfileExecutionID)',
    }
    return finding('ESPD-REQUIRED', { xpath: placeOf(root, at('executionId')) }, label)
  }
  const place = { xpath: xpathOf(root), value: version, expected: versionsRead }
  if (version.startsWith('1.')) return finding('ESPD-VERSION-1', place)
  return /^(2\.|3\.|4\.[01](\.|$))/.test(version) ? undefined : finding('FORMAT-VERSION', place)
}

function refused(kind: Kind, refusal: Finding | undefined): Judged {
  return { kind, findings: refusal === undefined ? [] : [refusal], canonical: undefined }
}

/** With how far it is answered, by criterion and in all. */
function complete(response: ReadResponse & Pick<DumeResponse, 'procedureRef'>): DumeResponse {
  const criteria = response.criteria.map((criterion) => ({ ...criterion, completeness: completenessOf(criterion) }))
  return { ...response, criteria, completeness: sum(criteria.map(({ completeness }) => completeness)) }
}
