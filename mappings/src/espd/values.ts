import type { DumeResponseItem, DumeResponseValue } from '@socle/schemas'
import { type XmlNode, textOf, xpathOf } from '../xml/node.ts'
import { type XmlElement, group, leaf } from '../xml/write.ts'
import {
  type ReadValue,
  readAmount,
  readCode,
  readId,
  readIndicator,
  readNumber,
  readPeriod,
  readQuantity,
} from './answers.ts'
import { writeCoded, writeRegistered } from './codecs.ts'
import { type Reading, type Writing, used } from './fields.ts'

type Bound = 'expected' | 'minimum' | 'maximum'

interface Expectation {
  readonly name: string
  readonly bound: Bound
  readonly read: ReadValue
}

/** What a buyer may ask for beside a question, in the order of the XSD (UBL 2.3, TenderingCriterionProperty). */
const expectations: readonly Expectation[] = [
  { name: 'ExpectedAmount', bound: 'expected', read: readAmount },
  { name: 'ExpectedID', bound: 'expected', read: readId },
  { name: 'ExpectedIndicator', bound: 'expected', read: readIndicator },
  { name: 'ExpectedCode', bound: 'expected', read: readCode },
  { name: 'ExpectedValueNumeric', bound: 'expected', read: readNumber },
  { name: 'ExpectedDescription', bound: 'expected', read: (text) => ({ text }) },
  { name: 'ExpectedURI', bound: 'expected', read: (uri) => ({ uri }) },
  { name: 'MaximumAmount', bound: 'maximum', read: readAmount },
  { name: 'MinimumAmount', bound: 'minimum', read: readAmount },
  { name: 'MaximumValueNumeric', bound: 'maximum', read: readNumber },
  { name: 'MinimumValueNumeric', bound: 'minimum', read: readNumber },
  { name: 'MaximumQuantity', bound: 'maximum', read: readQuantity },
  { name: 'MinimumQuantity', bound: 'minimum', read: readQuantity },
]
const byName = new Map(expectations.map((expectation) => [expectation.name, expectation]))

export type Bounds = Pick<DumeResponseItem, Bound>

/** What the buyer asks for: one value, a least, a most. Nothing is judged; what is not a value is left out. */
export function readBounds(property: XmlNode, reading: Reading, pointer: string | undefined): Bounds {
  const bounds: { -readonly [K in Bound]?: DumeResponseValue } = {}
  for (const node of property.children) {
    const expectation = byName.get(node.name)
    const written = expectation === undefined ? undefined : textOf(node)
    if (expectation === undefined || written === undefined || bounds[expectation.bound] !== undefined) continue
    const value = expectation.read(written, node)
    if (value === undefined) continue
    bounds[expectation.bound] = value
    used(node, reading, pointer === undefined ? undefined : `${pointer}/${expectation.bound}`)
  }
  if (bounds.expected !== undefined || !property.children.some(({ name }) => name === 'ApplicablePeriod')) return bounds
  const period = readPeriod(property, reading)
  if (!('value' in period)) return bounds
  bounds.expected = period.value
  tracePeriod(property, reading, pointer)
  return bounds
}

function tracePeriod(property: XmlNode, { trace }: Reading, pointer: string | undefined): void {
  if (pointer === undefined) return
  const source = `${xpathOf(property)}/cac:ApplicablePeriod`
  trace?.({ pointer: `${pointer}/expected/period`, state: 'present', source, value: undefined })
}

/** Elements of the three bounds in the order of the XSD; the period stands after the codes, so it comes apart. */
export function writeBounds(
  bounds: Bounds,
  writing: Writing,
): { values: XmlElement[]; period: XmlElement | undefined } {
  const values = (['expected', 'maximum', 'minimum'] as const).flatMap((bound) => {
    const value = bounds[bound]
    return value === undefined || value.period !== undefined ? [] : [writeBound(bound, value, writing)]
  })
  const rank = ({ name }: XmlElement): number => expectations.findIndex((one) => `cbc:${one.name}` === name)
  values.sort((a, b) => rank(a) - rank(b))
  return { values, period: bounds.expected?.period === undefined ? undefined : writePeriod(bounds.expected.period) }
}

const elementOf = {
  expected: { amount: 'ExpectedAmount', number: 'ExpectedValueNumeric', quantity: 'ExpectedValueNumeric' },
  minimum: { amount: 'MinimumAmount', number: 'MinimumValueNumeric', quantity: 'MinimumQuantity' },
  maximum: { amount: 'MaximumAmount', number: 'MaximumValueNumeric', quantity: 'MaximumQuantity' },
} as const

function writeBound(bound: Bound, value: DumeResponseValue, writing: Writing): XmlElement {
  const { amount, quantity } = value
  const names = elementOf[bound]
  if (amount !== undefined) return written(names.amount, amount.amount, { currencyID: amount.currency })
  if (quantity !== undefined) return written(names.quantity, quantity.value, { unitCode: quantity.unit })
  if (value.number !== undefined) return written(names.number, value.number)
  if (value.indicator !== undefined) return written('ExpectedIndicator', String(value.indicator))
  if (value.code !== undefined) return writeCoded(value.code, 'cbc:ExpectedCode')
  if (value.id !== undefined) return writeRegistered(value.id, 'cbc:ExpectedID')
  if (value.uri !== undefined) return written('ExpectedURI', value.uri, { schemeAgencyID: writing.issuer })
  return written('ExpectedDescription', value.text ?? value.date ?? value.time ?? value.percentage ?? value.lot ?? '')
}

function written(name: string, text: string, attrs: Readonly<Record<string, string | undefined>> = {}): XmlElement {
  return { name: `cbc:${name}`, attrs, children: [text] }
}

function writePeriod({ start, end }: NonNullable<DumeResponseValue['period']>): XmlElement {
  return { name: 'cac:ApplicablePeriod', children: [leaf('cbc:StartDate', start), leaf('cbc:EndDate', end)] }
}

/** What stands for an answer in cac:TenderingCriterionResponse: a value with its own id, a period, or an evidence. */
export function writeAnswerValue(value: DumeResponseValue, id: string, writing: Writing): XmlElement | undefined {
  const own = { schemeAgencyID: writing.issuer }
  if (value.period !== undefined) return writePeriod(value.period)
  if (value.evidence !== undefined) return group('cac:EvidenceSupplied', [leaf('cbc:ID', value.evidence, own)])
  return group('cac:ResponseValue', [leaf('cbc:ID', `${id}/RV`, own), writeResponse(value, own)])
}

function writeResponse(value: DumeResponseValue, own: { readonly schemeAgencyID: string }): XmlElement | undefined {
  const { amount, quantity, percentage, indicator } = value
  if (value.text !== undefined) return written('Description', value.text)
  if (amount !== undefined) return written('ResponseAmount', amount.amount, { currencyID: amount.currency })
  if (value.code !== undefined) return writeCoded(value.code, 'cbc:ResponseCode')
  if (value.date !== undefined) return written('ResponseDate', value.date)
  if (value.id !== undefined) return writeRegistered(value.id, 'cbc:ResponseID')
  if (value.lot !== undefined) return written('ResponseID', value.lot, own)
  if (indicator !== undefined) return written('ResponseIndicator', String(indicator))
  if (value.number !== undefined) return written('ResponseNumeric', value.number)
  if (percentage !== undefined) return written('ResponseNumeric', percentage, { format: 'PERCENTAGE' })
  if (quantity !== undefined) return written('ResponseQuantity', quantity.value, { unitCode: quantity.unit })
  if (value.time !== undefined) return written('ResponseTime', value.time)
  return value.uri === undefined ? undefined : written('ResponseURI', value.uri)
}
