import type { DumeResponseValue } from '@socle/schemas'
import { compact } from '../compact.ts'
import { type XmlNode, attribute, textOf } from '../xml/node.ts'
import { type Path, all, first, path, textAt } from '../xml/path.ts'
import { parseDay, parseDecimal, parseTime } from '../xml/values.ts'
import { parseIndicator, readCoded, readRegistered } from './codecs.ts'
import type { Reading } from './fields.ts'

/** A value read, or why there is none: `place` the wrong element holds it, `value` the element holds something else. */
export type Answered =
  | { readonly value: DumeResponseValue }
  | { readonly fault: 'place' | 'value'; readonly node: XmlNode; readonly expected: string }

export type ReadValue = (text: string, node: XmlNode) => DumeResponseValue | undefined

interface Way {
  /** Elements of cac:ResponseValue that may hold the answer; the last ones are tolerated spellings of older versions. */
  readonly elements: readonly string[]
  readonly read: ReadValue
  /** What an attribute of the element must say: BR-TCR-08-08 and 08-11. */
  readonly mark?: string
}

const text: Way = { elements: ['Description'], read: (text) => ({ text }) }
const amount: Way = { elements: ['ResponseAmount'], read: readAmount }
const code: Way = { elements: ['ResponseCode'], read: readCode }
const id: Way = { elements: ['ResponseID'], read: readId }
const number: Way = { elements: ['ResponseNumeric', 'ResponseQuantity'], read: readNumber }
const quantity: Way = { elements: ['ResponseQuantity', 'ResponseNumeric'], read: readQuantity }
const indicator: Way = { elements: ['ResponseIndicator'], read: readIndicator }

/** Where the answer to each data type is, and how it reads (ESPD-EDM rules BR-TCR-08-01 to 08-26). */
const byType: Readonly<Record<string, Way>> = {
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
  QUANTITY_YEAR: { ...quantity, mark: 'YEAR' },
  MINIMUM_QUANTITY: quantity,
  MINIMUM_QUANTITY_INTEGER: quantity,
  MINIMUM_QUANTITY_YEAR: quantity,
  MAXIMUM_VALUE_NUMERIC: number,
  MINIMUM_VALUE_NUMERIC: number,
  PERCENTAGE: { elements: ['ResponseNumeric', 'ResponseQuantity'], read: readPercentage, mark: 'PERCENTAGE' },
}

// Looked up by what a document says, which may be a name that every object has.
const ways: ReadonlyMap<string, Way> = new Map(Object.entries(byType))

/** Every data type of versions 2 to 4 that a question or requirement may have; NONE is for captions. */
export const dataTypes: readonly string[] = [...ways.keys(), 'PERIOD', 'EVIDENCE_IDENTIFIER', 'NONE']

const responseValue: Path = path('cac:ResponseValue')
const applicablePeriod: Path = path('cac:ApplicablePeriod')
const evidenceId = path('cac:EvidenceSupplied/cbc:ID')
const startDate = path('cbc:StartDate')
const endDate = path('cbc:EndDate')

/** Reads one answer by the data type of its question. Undefined: the answer is empty, which official samples do on captions. */
export function readAnswer(response: XmlNode, type: string, reading: Reading): Answered | undefined {
  if (type === 'PERIOD') return readPeriod(response, reading)
  if (type === 'EVIDENCE_IDENTIFIER') return readEvidence(response, reading)
  const holder = first(response, responseValue)
  if (holder === undefined) return misplaced(response, elementsOf(type))
  const [value, ...more] = holder.children.filter(({ name }) => name !== 'ID')
  if (value === undefined) return type === 'NONE' ? undefined : misplaced(holder, elementsOf(type))
  if (more.length > 0) return misplaced(holder, elementsOf(type))
  const answered = readValue(value, type)
  if (answered !== undefined && 'value' in answered) reading.used.add(value)
  return answered
}

function readValue(node: XmlNode, type: string): Answered | undefined {
  const way = ways.get(type)
  const written = textOf(node)
  if (type === 'NONE' && written === undefined) return undefined
  if (way?.elements.includes(node.name) !== true || !isMarked(node, way)) return misplaced(node, elementsOf(type))
  const value = written === undefined ? undefined : way.read(written, node)
  return value === undefined ? { fault: 'value', node, expected: type } : { value }
}

function isMarked(node: XmlNode, { mark }: Way): boolean {
  return mark === undefined || attribute(node, 'unitCode') === mark || attribute(node, 'format') === mark
}

function elementsOf(type: string): string {
  const way = ways.get(type)
  const elements = (way?.elements ?? ['-']).map((name) => `cbc:${name}`).join(' / ')
  return `${type}: ${elements}${way?.mark === undefined ? '' : ` (${way.mark})`}`
}

function misplaced(node: XmlNode, expected: string): Answered {
  return { fault: 'place', node, expected }
}

/** The period below a node: the answer of a response, or what a requirement asks for. */
export function readPeriod(holder: XmlNode, reading: Reading): Answered {
  const period = first(holder, applicablePeriod)
  if (period === undefined) return misplaced(holder, 'PERIOD: cac:ApplicablePeriod')
  const [start, end] = [startDate, endDate].map((at) => textAt(period, at))
  const days = { start: dayOf(start), end: dayOf(end) }
  const isWrong = (start !== undefined && days.start === undefined) || (end !== undefined && days.end === undefined)
  if (isWrong || (start === undefined && end === undefined)) return { fault: 'value', node: period, expected: 'PERIOD' }
  for (const at of [startDate, endDate]) for (const node of all(period, at)) reading.used.add(node)
  return { value: { period: compact<NonNullable<DumeResponseValue['period']>>(days) } }
}

function readEvidence(response: XmlNode, reading: Reading): Answered {
  const [cited] = all(response, evidenceId)
  const evidence = textOf(cited)
  if (cited === undefined || evidence === undefined)
    return misplaced(response, 'EVIDENCE_IDENTIFIER: cac:EvidenceSupplied')
  reading.used.add(cited)
  return { value: { evidence } }
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

export function readIndicator(text: string): DumeResponseValue | undefined {
  const indicator = parseIndicator(text)
  return indicator === undefined ? undefined : { indicator }
}

export function readAmount(text: string, node: XmlNode): DumeResponseValue | undefined {
  const amount = parseDecimal(text)
  const currency = attribute(node, 'currencyID')
  if (amount === undefined || (currency !== undefined && !/^[A-Z]{3}$/.test(currency))) return undefined
  return { amount: { amount, ...(currency === undefined ? {} : { currency }) } }
}

export function readNumber(text: string): DumeResponseValue | undefined {
  const number = parseDecimal(text)
  return number === undefined ? undefined : { number }
}

export function readQuantity(text: string, node: XmlNode): DumeResponseValue | undefined {
  const value = parseDecimal(text)
  const unit = attribute(node, 'unitCode')
  return value === undefined ? undefined : { quantity: { value, ...(unit === undefined ? {} : { unit }) } }
}

function readPercentage(text: string): DumeResponseValue | undefined {
  const percentage = parseDecimal(text)
  return percentage === undefined ? undefined : { percentage }
}

export function readId(text: string, node: XmlNode): DumeResponseValue {
  return { id: readRegistered(text, node) }
}

export function readCode(text: string, node: XmlNode): DumeResponseValue {
  return { code: readCoded(text, node) }
}
