import type {
  DumeRequest,
  DumeResponse,
  DumeResponseAnswer,
  DumeResponseBuyer,
  DumeResponseCriterion,
  DumeResponseEvidence,
  DumeResponseGroup,
  DumeResponseItem,
  DumeResponseLegislation,
  DumeResponseOperator,
  DumeResponsePartyId,
  DumeResponseProvider,
  DumeResponseValue,
} from '@socle/schemas'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Unwritable, Written } from '../translation.ts'
import { passGate } from '../xml/gate.ts'
import { readXml } from '../xml/read.ts'
import { findCriterion } from './codes.ts'
import { newReading } from './examine.ts'
import { placeAnswers } from './place-answers.ts'
import { readRequest } from './read-request.ts'
import { readResponse } from './read-response.ts'
import { writeEspdRequest, writeEspdResponse } from './write.ts'

/** The optional fields of a type, in any combination. */
function optional(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<object> {
  return fc.record(fields, { requiredKeys: [] })
}

function listOf<T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(one, { minLength: 1, maxLength: 2 })
}

const signs = fc.constantFrom('&', '<', '>', '"', "'", ']]>', '\n', '\r', ' ', 'é', '’', '😀', 'a', 'Z', '0')
const words = fc
  .array(signs, { minLength: 1, maxLength: 12 })
  .map((parts) => parts.join('').trim())
  .filter((text) => text !== '')
const token = fc.stringMatching(/^[A-Za-z0-9:/._-]{1,20}$/)
const day = fc
  .date({ min: new Date('2015-01-01'), max: new Date('2035-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const decimal = fc.integer({ min: 0, max: 9_999_999 }).map((cents) => (cents / 100).toFixed(2))
const country = fc.constantFrom('FRA', 'BEL', 'DEU', '1A0')

const partyId: fc.Arbitrary<DumeResponsePartyId> = fc.oneof(
  fc.record({ value: token, agency: token }),
  fc.record({ value: token, agency: token, scheme: fc.constantFrom('VAT', 'NATIONAL', 'KVK') }),
  fc.record({ value: fc.constant('90000012600012'), agency: token, scheme: fc.constant('SIRET') }),
)
const address = optional({ street: words, city: words, postCode: token }).filter(hasSome)
const contact = optional({ name: words, phone: token, fax: token, email: token }).filter(hasSome)
const party = { name: words, country, address, contact, website: token, endpoint: partyId }

function hasSome(object: object): boolean {
  return Object.keys(object).length > 0
}

/** Both halves in one object: what is always there, what may be. */
function both<T>(always: fc.Arbitrary<object>, maybe: fc.Arbitrary<object>): fc.Arbitrary<T> {
  return fc.tuple(always, maybe).map(([first, second]) => ({ ...first, ...second }) as T)
}

const buyer = both<DumeResponseBuyer>(
  fc.record({ ids: fc.array(partyId, { maxLength: 2 }) }),
  optional({ ...party, profileUrl: token }),
)
const provider = both<DumeResponseProvider>(fc.record({ ids: listOf(partyId) }), optional(party))
const representative = both<NonNullable<DumeResponseOperator['representatives']>[number]>(
  fc.record({ firstName: words, familyName: words, country }),
  optional({ birthOn: day, birthPlace: words, role: words, contact, address }),
)
const operator = both<DumeResponseOperator>(
  fc.record({
    ids: listOf(partyId),
    name: words,
    country,
    role: fc.constantFrom('sole-tenderer', 'group-lead', 'oeron'),
    size: fc.constantFrom('micro', 'large'),
  }),
  optional({
    address,
    contact,
    website: token,
    endpoint: partyId,
    groupName: words,
    pqsId: partyId,
    representatives: listOf(representative),
  }),
)

const coded = fc.record({ code: token, list: token, listAgency: token, listVersion: token })
const amount = fc.record({ amount: decimal, currency: fc.constantFrom('EUR', 'CHF') })
const period = optional({ start: day, end: day }).filter(hasSome)
const quantity = both<NonNullable<DumeResponseValue['quantity']>>(
  fc.record({ value: decimal }),
  optional({ unit: token }),
)
const registered = partyId.filter(({ scheme }) => scheme !== 'SIRET')

/** Data types with the answers they take. */
const answersByType: Readonly<Record<string, fc.Arbitrary<DumeResponseValue>>> = {
  INDICATOR: fc.record({ indicator: fc.boolean() }),
  DESCRIPTION: fc.record({ text: words }),
  AMOUNT: fc.record({ amount }),
  DATE: fc.record({ date: day }),
  TIME: fc.record({ time: fc.constantFrom('10:11:12', '10:11:12.5+02:00') }),
  CODE: fc.record({ code: coded }),
  IDENTIFIER: fc.record({ id: registered }),
  LOT_IDENTIFIER: fc.record({ lot: token }),
  URL: fc.record({ uri: token }),
  QUANTITY: fc.record({ quantity }),
  QUANTITY_YEAR: fc.record({ quantity: fc.record({ value: decimal, unit: fc.constant('YEAR') }) }),
  MAXIMUM_VALUE_NUMERIC: fc.record({ number: decimal }),
  PERCENTAGE: fc.record({ percentage: fc.constantFrom('0', '0.25', '1') }),
  PERIOD: fc.record({ period }),
  EVIDENCE_IDENTIFIER: fc.record({ evidence: token }),
}

const evidenceRef = both<NonNullable<DumeResponseEvidence['refs']>[number]>(
  fc.record({ id: token, agency: token }),
  optional({ uri: token, issuer: words, issuerIds: listOf(registered) }),
)
const evidence = both<DumeResponseEvidence>(
  fc.record({ id: token, agency: token }),
  optional({
    type: coded,
    name: words,
    description: words,
    confidentiality: token,
    issuer: words,
    refs: listOf(evidenceRef),
  }),
)

const bound = fc.oneof(fc.record({ amount }), fc.record({ number: decimal }), fc.record({ quantity }))
const expected = fc.oneof(
  fc.record({ amount }),
  fc.record({ number: decimal }),
  fc.record({ indicator: fc.boolean() }),
  fc.record({ code: coded }),
  fc.record({ id: registered }),
  fc.record({ uri: token }),
  fc.record({ text: words }),
  fc.record({ period }),
)
const asked = optional({
  name: words,
  label: words,
  expected,
  minimum: bound,
  maximum: bound,
  unit: token,
  currency: token,
  translation: coded,
  certification: listOf(words),
  copyQuality: coded,
  templates: listOf(evidence),
})

function item(withAnswers: boolean): fc.Arbitrary<DumeResponseItem> {
  const question = fc.constantFrom(...Object.keys(answersByType)).chain((type) => {
    const answer = both<DumeResponseAnswer>(
      fc.record({ value: answersByType[type] ?? fc.constant({}) }),
      optional({ lot: token, confidentiality: token }),
    )
    const answers = withAnswers ? optional({ answers: listOf(answer) }) : fc.constant({})
    return both<DumeResponseItem>(fc.record({ kind: fc.constant('question'), type: fc.constant(type) }), answers)
  })
  const requirement = fc.record({ kind: fc.constant('requirement'), type: fc.constant('MINIMUM_AMOUNT') })
  const caption = both<object>(
    fc.record({ kind: fc.constant('caption'), type: fc.constant('NONE') }),
    optional({ sourceKind: fc.constant('ADDITIONAL_DESCRIPTION_LINE') }),
  )
  return both(fc.oneof(question, requirement, caption), asked)
}

function group(depth: number, withAnswers: boolean): fc.Arbitrary<DumeResponseGroup> {
  const inner = depth === 0 ? fc.constant([]) : fc.array(group(depth - 1, withAnswers), { maxLength: 2 })
  return both(
    fc.record({ items: listOf(item(withAnswers)), groups: inner }),
    fc.oneof(
      fc.record({ when: fc.constantFrom('always', 'if-true', 'if-false') }),
      fc.record({ when: fc.constant('always'), sourceType: fc.constant('Rating') }),
    ),
  )
}

const law: fc.Arbitrary<DumeResponseLegislation> = optional({
  id: token,
  title: words,
  description: words,
  jurisdiction: words,
  article: words,
  uri: token,
  language: fc.constantFrom('FRA', 'ENG'),
}).filter(hasSome)

function criterion(withAnswers: boolean): fc.Arbitrary<DumeResponseCriterion> {
  const groups = listOf(group(2, withAnswers))
  const subCriterion = both<object>(
    fc.record({ groups }),
    optional({ sourceId: token, name: words, description: words, legislation: listOf(law) }),
  )
  return both(
    fc.record({ code: fc.constantFrom('crime-org', 'tax-pay', 'gen-year-to', 'finan-rat', 'sme'), groups }),
    optional({
      name: words,
      description: words,
      weight: decimal,
      evaluation: fc.constantFrom('PASSFAIL', 'WEIGHTED'),
      weightingNotes: listOf(words),
      lots: listOf(token),
      subCriteria: listOf(subCriterion),
      legislation: listOf(law),
    }),
  )
}

const noticeRef = both<object>(
  fc.record({ id: token, issuer: token, type: fc.constantFrom('TED_CN', 'NOJCN') }),
  optional({ uuid: token, issuedOn: day, uri: token, descriptions: listOf(words) }),
)
const always = {
  edm: fc.constant({ version: '4.1.0', ublVersion: '2.3', profileExecutionId: 'ESPD-EDMv4.1.0' }),
  id: token,
  issuer: token,
  uuid: token,
  issuedOn: day,
  procedureRef: token,
  procedureIssuer: token,
  buyer,
}
const maybe = {
  isCopy: fc.boolean(),
  version: token,
  previousVersion: token,
  weighting: optional({ type: token, notes: listOf(words) }).filter(hasSome),
  noticeRefs: listOf(noticeRef),
  serviceProvider: provider,
  project: optional({ name: words, description: words, nature: token, cpv: token }).filter(hasSome),
}

const aResponse: fc.Arbitrary<DumeResponse> = both<DumeResponse>(
  fc.record({
    kind: fc.constant('dume-response'),
    ...always,
    operator,
    lots: token.map((lot) => [lot]),
    criteria: listOf(criterion(true)),
    evidences: fc.array(evidence, { maxLength: 2 }),
  }),
  optional({
    ...maybe,
    procedureCode: token,
    requestRef: both<object>(
      fc.record({ id: token, issuer: token }),
      optional({ uuid: token, issuedOn: day, uri: token }),
    ),
    issuedAt: fc.constant('T10:11:12.25+02:00'),
  }),
)
  .map(completed)
  .filter(({ criteria }) => JSON.stringify(criteria).includes('"answers"'))
const aRequest: fc.Arbitrary<DumeRequest> = both<DumeRequest>(
  fc.record({
    kind: fc.constant('dume-request'),
    ...always,
    buyer: both<DumeResponseBuyer>(buyer, fc.record({ country })),
    procedureCode: token,
    lots: listOf(token),
    criteria: listOf(criterion(false)),
  }),
  optional(maybe),
).map(completed)

/** Gives the parts the ids and keys that their places imply; a moment starts with its day. */
function completed<T extends DumeRequest | DumeResponse>(document: T): T {
  let count = 0
  const nextId = (): string => `ID-${(count += 1)}`
  const isOfRequirements = ({ items, groups }: DumeResponseGroup): boolean | undefined => {
    const first = items.find(({ kind, sourceKind }) => kind !== 'caption' || sourceKind !== undefined)
    if (first !== undefined) return first.kind === 'requirement'
    return groups.map(isOfRequirements).find((found) => found !== undefined)
  }
  const named = (groups: readonly DumeResponseGroup[], code: string, before: string): DumeResponseGroup[] => {
    const counts = { Q: 0, R: 0 }
    return groups.map((own) => {
      const letter = isOfRequirements(own) === true ? 'R' : 'Q'
      const isTop = before === '' || /^(?:SC\d+\/)+$/.test(before)
      const key = `${before}${letter}${isTop ? 'G' : 'SG'}${(counts[letter] += 1)}`
      const places = { question: 0, requirement: 0, caption: 0 }
      const items = own.items.map((each) => ({
        ...each,
        key: `${code}/${key}/${{ question: 'Q', requirement: 'RQ', caption: 'CA' }[each.kind]}${(places[each.kind] += 1)}`,
        sourceId: nextId(),
        ...(each.answers && { answers: each.answers.map((answer) => ({ ...answer, sourceId: nextId() })) }),
      }))
      return { ...own, key, sourceId: nextId(), items, groups: named(own.groups, code, `${key}/`) }
    })
  }
  const criteria = document.criteria.map((own): DumeResponseCriterion => {
    const known = findCriterion(undefined, own.code)
    const subs = own.subCriteria?.map((sub, place) => ({
      ...sub,
      groups: named(sub.groups, own.code, `SC${place + 1}/`),
    }))
    return {
      ...own,
      uuid: known?.id ?? '',
      family: known?.family ?? 'other',
      ...(known?.family === 'other' ? { sourceId: known.v4Prefix ?? '' } : {}),
      groups: named(own.groups, own.code, ''),
      ...(subs && { subCriteria: subs }),
    }
  })
  const issuedAt = document.issuedAt === undefined ? {} : { issuedAt: `${document.issuedOn}${document.issuedAt}` }
  return { ...document, ...issuedAt, criteria }
}

/** What the readers give for a text, whatever the rules think of it. */
function readBack(outcome: Written | Unwritable, kind: DumeRequest['kind'] | DumeResponse['kind']): unknown {
  if ('missing' in outcome) throw new Error(JSON.stringify(outcome.missing))
  expect(outcome.losses).toEqual([])
  const gated = passGate(Buffer.from(outcome.content))
  if ('findings' in gated) throw new Error(JSON.stringify(gated.findings))
  using passed = gated
  const root = readXml(passed.text, passed.elements)
  const reading = newReading('4.1.0')
  if (kind === 'dume-request') return readRequest(root, reading)
  const response = readResponse(root, reading)
  placeAnswers(root, { reading, evidences: new Set(), found: [] })
  return response
}

test('a response written in 4.1.0 reads back the same, and nothing is told lost', () => {
  fc.assert(
    fc.property(aResponse, (response) => {
      expect(readBack(writeEspdResponse(response), response.kind)).toEqual(response)
    }),
  )
})

test('a request written in 4.1.0 reads back the same, and nothing is told lost', () => {
  fc.assert(
    fc.property(aRequest, (request) => {
      expect(readBack(writeEspdRequest(request), request.kind)).toEqual(request)
    }),
  )
})
