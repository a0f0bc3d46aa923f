import {
  type DumeResponseCriterion,
  type DumeResponseGroup,
  type DumeResponseItem,
  type DumeResponseValue,
  finding,
} from '@socle/schemas'
import { xpathOf } from '../../xml/node.ts'
import type { Judging } from './judging.ts'

/** An answer below what the buyer asks for is told and never refused: the buyer decides. */
export function judgeMinimums(criteria: readonly DumeResponseCriterion[], judging: Judging): void {
  for (const { groups } of criteria) for (const group of groups) judgeGroup(group, judging)
}

function judgeGroup(group: DumeResponseGroup, judging: Judging): void {
  for (const item of group.items) {
    const least = leastOf(item)
    if (least !== undefined) for (const { answer, of } of answersIn(group)) tell(of, answer, least, judging)
  }
  for (const inner of group.groups) judgeGroup(inner, judging)
}

/** Version 4 puts the least quantity where a value is expected, and says by the type that it is a least. */
function leastOf({ kind, type, minimum, expected }: DumeResponseItem): DumeResponseValue | undefined {
  if (kind !== 'requirement') return undefined
  return minimum ?? (type.startsWith('MINIMUM_') ? expected : undefined)
}

interface Given {
  readonly of: DumeResponseItem
  readonly answer: DumeResponseValue
}

function answersIn({ items, groups }: DumeResponseGroup): Given[] {
  const own = items.flatMap((of) => (of.answers ?? []).map(({ value }) => ({ of, answer: value })))
  return [...own, ...groups.flatMap(answersIn)]
}

function tell(of: DumeResponseItem, answer: DumeResponseValue, least: DumeResponseValue, judging: Judging): void {
  const given = measureOf(answer)
  const asked = measureOf(least)
  if (given === undefined || asked === undefined || given.unit !== asked.unit || given.value >= asked.value) return
  const node = judging.reading.nodes.get(of)
  if (node === undefined) return
  const place = { xpath: xpathOf(node), value: given.text, expected: `>= ${asked.text}` }
  judging.found.push(finding('ESPD-BELOW-MINIMUM', place))
}

interface Measure {
  readonly value: number
  /** Currency of an amount; numbers and quantities compare with each other whatever their unit. */
  readonly unit: string
  readonly text: string
}

function measureOf({ amount, number, quantity }: DumeResponseValue): Measure | undefined {
  if (amount !== undefined) {
    const { amount: text, currency = '' } = amount
    return { value: Number(text), unit: currency, text: `${text} ${currency}` }
  }
  const text = number ?? quantity?.value
  return text === undefined ? undefined : { value: Number(text), unit: '', text }
}
