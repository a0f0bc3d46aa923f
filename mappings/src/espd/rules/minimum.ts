import {
  type DumeResponseCriterion,
  type DumeResponseGroup,
  type DumeResponseItem,
  type DumeResponseValue,
  finding,
} from '@socle/schemas'
import { mostFindings } from '../../xml/bounds.ts'
import { xpathOf } from '../../xml/node.ts'
import type { Judging } from './judging.ts'

/** An answer below what the buyer asks for is told and never refused: the buyer decides. */
export function judgeMinimums(criteria: readonly DumeResponseCriterion[], judging: Judging): void {
  for (const { groups } of criteria) for (const group of groups) judgeGroup(group, judging)
}

function judgeGroup(group: DumeResponseGroup, judging: Judging): void {
  const asked = strictest(group.items)
  if (asked.size > 0) for (const given of answersIn(group)) tell(given, asked, judging)
  for (const inner of group.groups) judgeGroup(inner, judging)
}

/** The highest of the leasts that a group asks for, by unit: who meets it meets them all. */
function strictest(items: readonly DumeResponseItem[]): ReadonlyMap<string, Measure> {
  const asked = new Map<string, Measure>()
  for (const item of items) {
    const least = leastOf(item)
    const measure = least === undefined ? undefined : measureOf(least)
    if (measure !== undefined && measure.value > (asked.get(measure.unit)?.value ?? -Infinity))
      asked.set(measure.unit, measure)
  }
  return asked
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

function tell({ of, answer }: Given, asked: ReadonlyMap<string, Measure>, { reading, found }: Judging): void {
  const given = measureOf(answer)
  const least = given === undefined ? undefined : asked.get(given.unit)
  const node = reading.nodes.get(of)
  if (given === undefined || least === undefined || given.value >= least.value || node === undefined) return
  if (found.length > mostFindings) return
  found.push(finding('ESPD-BELOW-MINIMUM', { xpath: xpathOf(node), value: given.text, expected: `>= ${least.text}` }))
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
