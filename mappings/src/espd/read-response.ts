import type {
  DumeResponse,
  DumeResponseEdm,
  DumeResponseEvidence,
  DumeResponseNoticeRef,
  DumeResponseProject,
  DumeResponseRequestRef,
} from '@socle/schemas'
import { anyOf, compact, some } from '../compact.ts'
import type { XmlNode } from '../xml/node.ts'
import { all, first, textAt, textsAt } from '../xml/path.ts'
import { parseDay, parseTime, toInstant } from '../xml/values.ts'
import { type Properties, readCriterion } from './criteria.ts'
import { at } from './paths.ts'
import { readBuyer, readOperator, readProvider } from './read-parties.ts'

/** A response before its rules: the buyer's reference may still be missing. Answers are not on their questions yet. */
export type ReadResponse = Omit<DumeResponse, 'procedureRef'> & Partial<Pick<DumeResponse, 'procedureRef'>>

/** Reads everything of a response but its answers; `properties` receives the questions they will be put on. */
export function readResponse(root: XmlNode, version: string, properties: Properties): ReadResponse {
  const issued = parseDay(textAt(root, at('issueDate')) ?? '')
  const references = all(root, at('references'))
  return compact<ReadResponse>({
    kind: 'dume-response',
    edm: readModel(root, version),
    id: textAt(root, at('id')),
    uuid: textAt(root, at('uuid')),
    isCopy: readIndicator(textAt(root, at('copy'))),
    issuedAt: readIssued(root),
    issuedOn: issued?.day,
    version: textAt(root, at('version')),
    previousVersion: textAt(root, at('previousVersion')),
    procedureRef: textAt(root, at('contractFolder')),
    procedureCode: textAt(root, at('procedureCode')),
    requestRef: references.filter(isRequest).map(readRequestRef)[0],
    noticeRefs: some(references.filter((node) => !isRequest(node)).map(readNoticeRef)),
    buyer: readBuyer(root),
    serviceProvider: readProvider(root),
    operator: readOperator(root),
    project: readProject(root),
    lots: some(textsAt(root, at('lotIds'))),
    criteria: all(root, at('criteria')).map((node) => readCriterion(node, properties)),
    evidences: all(root, at('evidences')).flatMap((node) => readEvidence(node) ?? []),
  })
}

function readModel(root: XmlNode, version: string): DumeResponseEdm {
  return compact<DumeResponseEdm>({
    version,
    ublVersion: textAt(root, at('ublVersion')),
    kind: textAt(root, at('applicationType')),
    customizationId: textAt(root, at('customizationId')),
    profileId: textAt(root, at('profileId')),
    profileExecutionId: textAt(root, at('profileExecutionId')),
  })
}

/** Only with an offset is it a moment; samples of version 4 give the day without one and the time with. */
function readIssued(root: XmlNode): string | undefined {
  const day = parseDay(textAt(root, at('issueDate')) ?? '')
  const time = parseTime(textAt(root, at('issueTime')) ?? '')
  if (day === undefined || time === undefined) return undefined
  const offset = time.offset ?? day.offset
  return offset === undefined ? undefined : toInstant(day, { ...time, offset })
}

function readIndicator(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : text === 'true' || text === '1'
}

/** ESPD-EDM 2.1.1 prose, section VIII.5: the reference of the request; later lists spell the type otherwise. */
function isRequest(reference: XmlNode): boolean {
  return ['ESPD_REQUEST', 'epo-acc-espd-request'].includes(textAt(reference, at('documentType')) ?? '')
}

function readRequestRef(node: XmlNode): DumeResponseRequestRef {
  return compact<DumeResponseRequestRef>({
    id: textAt(node, at('id')),
    uuid: textAt(node, at('uuid')),
    uri: textAt(node, at('uri')),
  })
}

function readNoticeRef(node: XmlNode): DumeResponseNoticeRef {
  return compact<DumeResponseNoticeRef>({
    type: textAt(node, at('documentType')) ?? 'unknown',
    id: textAt(node, at('id')),
    uri: textAt(node, at('uri')),
  })
}

function readProject(root: XmlNode): DumeResponseProject | undefined {
  const node = first(root, at('project'))
  return anyOf(
    compact<DumeResponseProject>({
      name: textAt(node, at('name')),
      description: textAt(node, at('description')),
      nature: textAt(node, at('nature')),
      cpv: textAt(node, at('cpv')),
    }),
  )
}

function readEvidence(node: XmlNode): DumeResponseEvidence | undefined {
  const id = textAt(node, at('id'))
  if (id === undefined) return undefined
  return compact<DumeResponseEvidence>({
    id,
    confidentiality: textAt(node, at('confidentiality')),
    name: textAt(node, at('name')),
    refs: some(
      all(node, at('documents')).map((document) =>
        compact<NonNullable<DumeResponseEvidence['refs']>[number]>({
          id: textAt(document, at('id')),
          uri: textAt(document, at('uri')),
          issuer: textAt(document, at('issuer')),
        }),
      ),
    ),
  })
}
