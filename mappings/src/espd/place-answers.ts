import { type DumeResponseAnswer, type DumeResponseValue, type Finding, type RuleId, finding } from '@socle/schemas'
import { compact } from '../compact.ts'
import { mostFindings } from '../xml/bounds.ts'
import { type XmlNode, textOf, xpathOf } from '../xml/node.ts'
import { type Path, all, first, placeOf } from '../xml/path.ts'
import { readAnswer } from './answers.ts'
import type { Property, TreeReading } from './groups.ts'
import { at } from './paths.ts'

interface Placing {
  readonly reading: TreeReading
  readonly evidences: ReadonlySet<string>
  readonly found: Finding[]
}

/**
 * Reads every answer and puts it on its question: the property id is the only link between them, and it means nothing
 * outside this document. Rule numbers are those of the official Schematron.
 */
export function placeAnswers(root: XmlNode, placing: Placing): void {
  for (const response of all(root, at('responses'))) {
    if (placing.found.length > mostFindings) return
    placeAnswer(response, placing)
  }
}

function placeAnswer(response: XmlNode, placing: Placing): void {
  const { found, reading } = placing
  const target = first(response, at('property'))
  const id = textOf(target)
  if (target === undefined || id === undefined) {
    found.push(finding('ESPD-ANSWER-UNLINKED', { xpath: placeOf(response, at('property')) })) // BR-TCR-01-01
    return
  }
  const [property, ...twins] = reading.properties.get(id) ?? []
  if (property === undefined || twins.length > 0) {
    // BR-TCR-01-02
    const count = String(property === undefined ? 0 : twins.length + 1)
    found.push(finding('ESPD-ANSWER-UNKNOWN', { xpath: xpathOf(target), value: id, expected: '1' }, { count }))
    return
  }
  markRead(response, target, reading)
  if (!hasOneShape(response, found)) return
  const value = judgeAnswer(response, property, placing)
  if (value === undefined) return
  const answers = (property.item.answers ??= [])
  // Versions 2 and 3 allow one answer a question (BR-TCR-01-03); version 4 dropped the rule for its repeated groups.
  if (answers.length > 0 && !reading.version.startsWith('4.'))
    found.push(finding('ESPD-ANSWER-TWICE', { xpath: xpathOf(target), value: id }))
  // In place: a question of version 4 may have answers by the thousand.
  answers.push(
    compact<DumeResponseAnswer>({
      sourceId: take(response, at('id'), reading),
      lot: take(response, at('lot'), reading),
      confidentiality: take(response, at('confidentiality'), reading),
      value,
    }),
  )
  if (reading.pointers !== undefined) explainAnswer(response, property, answers.length - 1, reading)
}

function explainAnswer(response: XmlNode, { item }: Property, place: number, reading: TreeReading): void {
  const holder = response.children.find(({ name }) => answerHolders.includes(name))
  const node = holder?.children.find(({ name }) => name !== 'ID') ?? holder ?? response
  const pointer = `${reading.pointers?.get(item) ?? ''}/answers/${place}/value`
  reading.trace?.({ pointer, state: 'present', source: xpathOf(node), value: textOf(node)?.slice(0, 200) })
}

const answerHolders: readonly string[] = ['ResponseValue', 'ApplicablePeriod', 'EvidenceSupplied']

/** The link itself and the id of the value carry nothing of their own. */
function markRead(response: XmlNode, target: XmlNode, { used }: TreeReading): void {
  used.add(target)
  const id = first(response, at('valueId'))
  if (id !== undefined) used.add(id)
}

function take(node: XmlNode, place: Path, { used }: TreeReading): string | undefined {
  const found = first(node, place)
  if (found !== undefined) used.add(found)
  return textOf(found)
}

/** BR-TCR-03 and BR-TCR-04: one of value, period or evidence, and no more than one of it. */
function hasOneShape(response: XmlNode, found: Finding[]): boolean {
  const counts = (['value', 'period', 'evidenceSupplied'] as const).map((place) => all(response, at(place)).length)
  const sum = counts.reduce((total, count) => total + count, 0)
  if (sum === 1) return true
  const expected = 'cac:ResponseValue | cac:ApplicablePeriod | cac:EvidenceSupplied'
  found.push(finding('ESPD-ANSWER-SHAPE', { xpath: xpathOf(response), expected }, { count: String(sum) }))
  return false
}

/** BR-TCR-08 (the element fits the type), BR-TCR-09 (the evidence exists), and the hub's own checks on values. */
function judgeAnswer(
  response: XmlNode,
  { type }: Property,
  { evidences, found, reading }: Placing,
): DumeResponseValue | undefined {
  const answer = readAnswer(response, type, reading)
  if (answer === undefined) return undefined
  const xpath = xpathOf('fault' in answer ? answer.node : response)
  if ('fault' in answer) {
    const rule: RuleId = answer.fault === 'place' ? 'ESPD-ANSWER-TYPE' : 'ESPD-ANSWER-VALUE'
    const written = textOf(answer.node)
    const value = written === undefined ? {} : { value: written }
    found.push(finding(rule, { xpath, ...value, expected: answer.expected }))
    return undefined
  }
  if (answer.value.evidence !== undefined && !evidences.has(answer.value.evidence))
    found.push(finding('ESPD-EVIDENCE-UNKNOWN', { xpath, value: answer.value.evidence }))
  judgeMeasures(answer.value, xpath, found)
  return answer.value
}

function judgeMeasures({ period, percentage, amount }: DumeResponseValue, xpath: string, found: Finding[]): void {
  if (period?.start !== undefined && period.end !== undefined && period.start > period.end) {
    const value = `${period.start} – ${period.end}`
    found.push(finding('ESPD-PERIOD', { xpath, value, expected: `>= ${period.start}` }))
  }
  if (percentage !== undefined && (Number(percentage) < 0 || Number(percentage) > 1))
    found.push(finding('ESPD-PERCENTAGE', { xpath, value: percentage, expected: '0 … 1' }))
  if (amount?.amount.startsWith('-') === true)
    found.push(finding('ESPD-AMOUNT-NEGATIVE', { xpath, value: amount.amount, expected: '>= 0' }))
}
