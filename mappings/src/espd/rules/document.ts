import { finding } from '@socle/schemas'
import { isEspdVersionGuessed } from '../../xml/detect.ts'
import { attribute, xpathOf } from '../../xml/node.ts'
import { all, first, placeOf, textAt } from '../../xml/path.ts'
import { type Place, at } from '../paths.ts'
import { type Judging, type Needed, isV2, requireAll } from './judging.ts'

/** BR-OTH-04 and the XSD: what every request and response carries. */
const required: readonly Needed[] = [
  ['ublVersion', 'version UBL', 'UBL version'],
  ['id', 'identifiant du document', 'document id'],
  ['uuid', 'UUID du document', 'document UUID'],
  ['contractFolder', 'référence de la procédure', 'procedure reference'],
  ['issueDate', 'date d’émission', 'issue date'],
  ['contractingParty', 'acheteur', 'buyer'],
  ['criteria', 'critères', 'criteria'],
]
const requiredOfResponse: Needed = ['responses', 'réponses', 'answers']

/** BR-OTH-04-02 and 04-05: version 2.1.1 alone. */
const requiredIn2: readonly Needed[] = [
  ['customizationId', 'identifiant de personnalisation', 'customization id'],
  ['applicationType', 'type de DUME (Basic, Extended)', 'ESPD type (Basic, Extended)'],
]

const customizations = {
  response: 'urn:www.cenbii.eu:transaction:biitrdm092:ver3.0',
  request: 'urn:www.cenbii.eu:transaction:biitrdm070:ver3.0',
} as const

/** What the head of the document must carry, and which model it must say it follows. */
export function judgeHead(judging: Judging, of: 'request' | 'response'): void {
  const { root, reading, found } = judging
  const needed = [
    ...required,
    ...(of === 'response' ? [requiredOfResponse] : []),
    ...(isV2(reading) ? requiredIn2 : []),
  ]
  requireAll(root, needed, found, { rule: 'ESPD-REQUIRED' })
  judgeExecutionId(judging)
  mustSay(judging, 'ublVersion', isV2(reading) ? '2.2' : '2.3', 'ESPD-UBL-VERSION') // BR-OTH-05-01
  mustComeFrom(judging, 'ublVersion', 'OASIS-UBL-TC', 'ESPD-UBL-VERSION') // BR-OTH-05-02
  mustSay(judging, 'customizationId', customizations[of], 'ESPD-CUSTOMIZATION') // BR-OTH-06-01
  mustComeFrom(judging, 'customizationId', 'CEN-BII', 'ESPD-CUSTOMIZATION') // BR-OTH-06-02
  mustSay(judging, 'profileId', '4.1', 'ESPD-PROFILE') // BR-OTH-07-01
  mustComeFrom(judging, 'profileId', 'CEN-BII', 'ESPD-PROFILE') // BR-OTH-07-02
  const written = textAt(root, at('issueDate'))
  if (written !== undefined && !/^\d{4}-\d{2}-\d{2}/.test(written))
    found.push(finding('HUB-DATE', { xpath: placeOf(root, at('issueDate')), value: written }))
}

/** Version 2.1.1 does without, as its official samples do; what is there must be a version of the model. */
function judgeExecutionId({ root, reading, found }: Judging): void {
  const value = textAt(root, at('executionId'))
  if (!isEspdVersionGuessed(root) || (value === undefined && isV2(reading))) return
  const said =
    value === undefined
      ? { saidFr: 'manque', saidEn: 'is missing' }
      : { saidFr: `« ${value} » est inconnu`, saidEn: `“${value}” is unknown` }
  const place = { xpath: placeOf(root, at('executionId')), ...(value === undefined ? {} : { value }) }
  found.push(finding('ESPD-EXECUTION-ID', place, { ...said, version: reading.version }))
}

type HeadRule = 'ESPD-UBL-VERSION' | 'ESPD-CUSTOMIZATION' | 'ESPD-PROFILE'

function mustSay({ root, found }: Judging, place: Place, expected: string, rule: HeadRule): void {
  const value = textAt(root, at(place))
  if (value !== undefined && value !== expected)
    found.push(finding(rule, { xpath: placeOf(root, at(place)), value, expected }))
}

function mustComeFrom({ root, found }: Judging, place: Place, expected: string, rule: HeadRule): void {
  const node = first(root, at(place))
  if (node === undefined) return
  const value = attribute(node, 'schemeAgencyID')
  if (value !== expected)
    found.push(finding(rule, { xpath: `${xpathOf(node)}/@schemeAgencyID`, value: value ?? '', expected }))
}

/** BR-COM-10: what a reference to a publication must carry. */
export function judgeReferences({ root, found }: Judging): void {
  for (const node of all(root, at('references'))) {
    const type = textAt(node, at('documentType'))
    const id = textAt(node, at('id'))
    if (type === undefined) found.push(finding('ESPD-REFERENCE-TYPE', { xpath: placeOf(node, at('documentType')) }))
    if (type !== 'TED_CN') continue
    if (id !== undefined && !/^\d{4}\/S \d{3}-\d{6}$/.test(id))
      found.push(
        finding('ESPD-NOTICE-ID', { xpath: placeOf(node, at('id')), value: id, expected: '2026/S 012-123456' }),
      )
    const lines = all(node, at('referenceLines')).length
    if (lines !== 2)
      found.push(
        finding('ESPD-NOTICE-LINES', {
          xpath: placeOf(node, at('referenceLines')),
          value: String(lines),
          expected: '2',
        }),
      )
  }
}
