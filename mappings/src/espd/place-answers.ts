import { type DumeResponseAnswer, type DumeResponseValue, type Finding, type RuleId, finding } from '@socle/schemas'
import { compact } from '../compact.ts'
import { mostFindings } from '../xml/bounds.ts'
import { type XmlNode, textOf, xpathOf } from '../xml/node.ts'
import { all, first, placeOf, textAt } from '../xml/path.ts'
import { readAnswer } from './answers.ts'
import type { Properties, Property } from './criteria.ts'
import { at } from './paths.ts'

interface Placing {
  readonly properties: Properties
  readonly evidences: ReadonlySet<string>
  /** Versions 2 and 3 allow one answer a question; version 4 dropped the rule for its repeated groups. */
  readonly isSingle: boolean
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
  const { found } = placing
  const target = first(response, at('property'))
  const id = textOf(target)
  if (target === undefined || id === undefined) {
    found.push(finding('ESPD-ANSWER-UNLINKED', { xpath: placeOf(response, at('property')) })) // BR-TCR-01-01
    return
  }
  const [property, ...twins] = placing.properties.get(id) ?? []
  if (property === undefined || twins.length > 0) {
    // BR-TCR-01-02
    found.push(
      finding(
        'ESPD-ANSWER-UNKNOWN',
        { xpath: xpathOf(target), value: id, expected: '1' },
        { count: String(property === undefined ? 0 : twins.length + 1) },
      ),
    )
    return
  }
  if (!hasOneShape(response, found)) return
  const value = judgeAnswer(response, property, placing)
  if (value === undefined) return
  const answers = property.item.answers ?? []
  if (placing.isSingle && answers.length > 0) {
    found.push(finding('ESPD-ANSWER-TWICE', { xpath: xpathOf(target), value: id })) // BR-TCR-01-03
  }
  property.item.answers = [
    ...answers,
    compact<DumeResponseAnswer>({ sourceId: textAt(response, at('id')), lot: textAt(response, at('lot')), value }),
  ]
}

/** BR-TCR-03 and BR-TCR-04: one of value, period or evidence, and one value at most. A lot may stand beside them in UBL 2.3. */
function hasOneShape(response: XmlNode, found: Finding[]): boolean {
  const shapes = (['value', 'period', 'evidenceSupplied'] as const).map((place) => all(response, at(place)).length)
  const given = shapes.filter((count) => count > 0).length
  const [values = 0] = shapes
  const hasLot = first(response, at('lot')) !== undefined
  if (values <= 1 && (given === 1 || (given === 0 && hasLot))) return given === 1
  const expected = 'cac:ResponseValue | cac:ApplicablePeriod | cac:EvidenceSupplied'
  found.push(
    finding(
      'ESPD-ANSWER-SHAPE',
      { xpath: xpathOf(response), expected },
      { count: String(shapes.reduce((sum, count) => sum + count, 0)) },
    ),
  )
  return false
}

/** BR-TCR-08 (the element fits the type), BR-TCR-09 (the evidence exists), and the hub's own checks on values. */
function judgeAnswer(
  response: XmlNode,
  { type }: Property,
  { evidences, found }: Placing,
): DumeResponseValue | undefined {
  const answer = readAnswer(response, type)
  if (answer === undefined) return undefined
  if ('fault' in answer) {
    const rule: RuleId = answer.fault === 'place' ? 'ESPD-ANSWER-TYPE' : 'ESPD-ANSWER-VALUE'
    const written = textOf(answer.node)
    found.push(
      finding(rule, {
        xpath: xpathOf(answer.node),
        ...(written === undefined ? {} : { value: written }),
        expected: answer.expected,
      }),
    )
    return undefined
  }
  const { evidence, period, percentage } = answer.value
  const xpath = xpathOf(response)
  if (evidence !== undefined && !evidences.has(evidence))
    found.push(finding('ESPD-EVIDENCE-UNKNOWN', { xpath, value: evidence }))
  if (period?.start !== undefined && period.end !== undefined && period.start > period.end) {
    found.push(
      finding('ESPD-PERIOD', { xpath, value: `${period.start} – ${period.end}`, expected: `>= ${period.start}` }),
    )
  }
  if (percentage !== undefined && (Number(percentage) < 0 || Number(percentage) > 1)) {
    found.push(finding('ESPD-PERCENTAGE', { xpath, value: percentage, expected: '0 … 1' }))
  }
  return answer.value
}
