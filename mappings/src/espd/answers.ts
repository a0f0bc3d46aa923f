import type { DumeResponseValue } from '@socle/schemas'
import { parseDay, parseDecimal, parseTime } from '../xml/values.ts'
import { compact } from '../compact.ts'
import { type XmlNode, attribute, textOf } from '../xml/node.ts'
import { type Path, all, first, path, textAt } from '../xml/path.ts'

/** A value read, or why there is none: `place` the wrong element holds it, `value` the element holds something else. */
export type Answered =
  | { readonly value: DumeResponseValue }
  | { readonly fault: 'place' | 'value'; readonly node: XmlNode; readonly expected: string }

interface Way {
  /** Elements of cac:ResponseValue that may hold the answer; the last ones are tolerated spellings of older versions. */
  readonly elements: readonly string[]
  readonly read: (text: string, node: XmlNode) => DumeResponseValue | undefined
}

const text: Way = { elements: ['Description'], read: (text) => ({ text }) }
const amount: Way = { elements: ['ResponseAmount'], read: readAmount }
const code: Way = { elements: ['ResponseCode'], read: (text, node) => ({ code: coded(text, node) }) }
const id: Way = { elements: ['ResponseID'], read: readId }
const number: Way = { elements: ['ResponseNumeric', 'ResponseQuantity'], read: readNumber }
const quantity: Way = { elements: ['ResponseQuantity', 'ResponseNumeric'], read: readQuantity }
const indicator: Way = { elements: ['ResponseIndicator'], read: readIndicator }

/** Where the answer to each data type is, and how it reads (ESPD-EDM rules BR-TCR-08-01 to 08-26). */
const ways: Readonly<Record<string, Way>> = {
  INDICATOR: indicator,
  WEIGHT_INDICATOR: indicator,
  DESCRIPTION: text,
  CERTIFICATION_LEVEL_DESCRIPTION: text,
  AMOUNT: amount,
  MAXIMUM_AMOUNT: amount,
  MINIMUM_AMOUNT: amount,
  DATE: { elements: ['ResponseDate'], read: readDate },
  TIME: { elements: ['ResponseTime'], read: readTime },
  CODE: code,
  CODE_COUNTRY: code,
  CODE_BOOLEAN: code,
  TRANSLATION_TYPE_CODE: code,
  COPY_QUALITY_TYPE_CODE: code,
  IDENTIFIER: id,
  QUAL_IDENTIFIER: id,
  ECONOMIC_OPERATOR_IDENTIFIER: id,
  LOT_IDENTIFIER: { elements: ['ResponseID'], read: (text) => ({ lot: text }) },
  URL: { elements: ['ResponseURI'], read: (text) => ({ uri: text }) },
  QUANTITY: quantity,
  QUANTITY_INTEGER: quantity,
  QUANTITY_YEAR: quantity,
  MINIMUM_QUANTITY: quantity,
  MINIMUM_QUANTITY_INTEGER: quantity,
  MINIMUM_QUANTITY_YEAR: quantity,
  MAXIMUM_VALUE_NUMERIC: number,
  MINIMUM_VALUE_NUMERIC: number,
  PERCENTAGE: { elements: ['ResponseNumeric', 'ResponseQuantity'], read: readPercentage },
}

export const responseValue: Path = path('cac:ResponseValue')
export const applicablePeriod: Path = path('cac:ApplicablePeriod')
const evidenceId = path('cac:EvidenceSupplied/cbc:ID')
const startDate = path('cbc:StartDate')
const endDate = path('cbc:EndDate')

/** Reads one answer by the data type of its question. Undefined: the answer is empty, which official samples do on captions. */
export function readAnswer(response: XmlNode, type: string): Answered | undefined {
  if (type === 'PERIOD') return readPeriod(response)
  if (type === 'EVIDENCE_IDENTIFIER') return readEvidence(response)
  const holder = first(response, responseValue)
  if (holder === undefined) return misplaced(response, 'cac:ResponseValue')
  const [value, ...more] = holder.children.filter(({ name }) => name !== 'ID')
  if (value === undefined) return type === 'NONE' ? undefined : misplaced(holder, elementsOf(type))
  if (more.length > 0) return { fault: 'place', node: holder, expected: elementsOf(type) }
  return readValue(value, type)
}

function readValue(node: XmlNode, type: string): Answered | undefined {
  const way = ways[type]
  const written = textOf(node)
  if (type === 'NONE' && written === undefined) return undefined
  if (way?.elements.includes(node.name) !== true) return misplaced(node, elementsOf(type))
  const value = written === undefined ? undefined : way.read(written, node)
  return value === undefined ? { fault: 'value', node, expected: type } : { value }
}

function elementsOf(type: string): string {
  return `${type}: ${(ways[type]?.elements ?? ['-']).map((name) => `cbc:${name}`).join(' / ')}`
}

function misplaced(node: XmlNode, expected: string): Answered {
  return { fault: 'place', node, expected }
}

function readPeriod(response: XmlNode): Answered {
  const period = first(response, applicablePeriod)
  if (period === undefined) return misplaced(response, 'PERIOD: cac:ApplicablePeriod')
  const [start, end] = [startDate, endDate].map((at) => textAt(period, at))
  const days = { start: dayOf(start), end: dayOf(end) }
  const isWrong = (start !== undefined && days.start === undefined) || (end !== undefined && days.end === undefined)
  if (isWrong || (start === undefined && end === undefined)) return { fault: 'value', node: period, expected: 'PERIOD' }
  return { value: { period: compact<NonNullable<DumeResponseValue['period']>>(days) } }
}

function readEvidence(response: XmlNode): Answered {
  const [cited] = all(response, evidenceId)
  const evidence = textOf(cited)
  return evidence === undefined
    ? misplaced(response, 'EVIDENCE_IDENTIFIER: cac:EvidenceSupplied')
    : { value: { evidence } }
}

function dayOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : parseDay(text)?.day
}

function readDate(text: string): DumeResponseValue | undefined {
  const date = dayOf(text)
  return date === undefined ? undefined : { date }
}

function readTime(text: string): DumeResponseValue | undefined {
  return parseTime(text) === undefined ? undefined : { time: text }
}

function readIndicator(text: string): DumeResponseValue | undefined {
  if (text === 'true' || text === '1') return { indicator: true }
  return text === 'false' || text === '0' ? { indicator: false } : undefined
}

function readAmount(text: string, node: XmlNode): DumeResponseValue | undefined {
  const amount = parseDecimal(text)
  const currency = attribute(node, 'currencyID')
  if (amount === undefined || (currency !== undefined && !/^[A-Z]{3}$/.test(currency))) return undefined
  return { amount: { amount, ...(currency === undefined ? {} : { currency }) } }
}

function readNumber(text: string): DumeResponseValue | undefined {
  const number = parseDecimal(text)
  return number === undefined ? undefined : { number }
}

function readQuantity(text: string, node: XmlNode): DumeResponseValue | undefined {
  const value = parseDecimal(text)
  const unit = attribute(node, 'unitCode')
  return value === undefined ? undefined : { quantity: { value, ...(unit === undefined ? {} : { unit }) } }
}

function readPercentage(text: string): DumeResponseValue | undefined {
  const percentage = parseDecimal(text)
  return percentage === undefined ? undefined : { percentage }
}

function readId(text: string, node: XmlNode): DumeResponseValue {
  const scheme = attribute(node, 'schemeID')
  const agency = attribute(node, 'schemeAgencyID')
  return {
    id: { value: text, ...(scheme === undefined ? {} : { scheme }), ...(agency === undefined ? {} : { agency }) },
  }
}

function coded(code: string, node: XmlNode): NonNullable<DumeResponseValue['code']> {
  const list = attribute(node, 'listID')
  return { code, ...(list === undefined ? {} : { list }) }
}

/** What the buyer asks for, beside the question. Free: nothing is judged, an unknown shape is left out. */
export function readExpected(property: XmlNode): DumeResponseValue | undefined {
  for (const node of property.children) {
    const written = textOf(node)
    if (node.name === 'ApplicablePeriod') {
      const read = readPeriod(property)
      return 'value' in read ? read.value : undefined
    }
    const read = expectations[node.name]
    if (read !== undefined && written !== undefined) return read(written, node)
  }
  return undefined
}

const expectations: Readonly<Record<string, Way['read']>> = {
  ExpectedAmount: readAmount,
  MinimumAmount: readAmount,
  MaximumAmount: readAmount,
  ExpectedID: readId,
  ExpectedCode: (text, node) => ({ code: coded(text, node) }),
  ExpectedValueNumeric: readNumber,
  ExpectedDescription: (text) => ({ text }),
  ExpectedIndicator: readIndicator,
  ExpectedURI: (text) => ({ uri: text }),
}
