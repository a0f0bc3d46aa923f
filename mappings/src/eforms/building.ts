import type { XmlElement } from '../xml/write.ts'
import { type Condition, type Step, stepOf } from './step.ts'
import { sequences } from './write-order.ts'

/** An element while it is filled. */
export interface Building {
  readonly qname: string
  /** The step it was made for; its conditions become attributes and elements at the end. */
  readonly step: Step | undefined
  readonly attrs: Record<string, string>
  readonly children: Building[]
  /** Elements that several fields share, by their step. */
  readonly shared: Map<string, Building>
  text: string | undefined
}

/** Starts an element. */
export function building(qname: string, step?: Step): Building {
  return { qname, step, attrs: {}, children: [], shared: new Map(), text: undefined }
}

/** The element at some steps below one, made where it is not there; a repeated step gives the first there is. */
export function sharedAt(at: Building, steps: readonly Step[]): Building {
  let here = at
  for (const step of steps) {
    const key = keyOf(step)
    let next = here.shared.get(key)
    if (next === undefined) {
      next = child(here, step)
      here.shared.set(key, next)
    }
    here = next
  }
  return here
}

/** A new element at some steps below one: everything from the last repeated step on is made anew. */
export function newAt(at: Building, steps: readonly Step[]): Building {
  const last = Math.max(
    steps.findLastIndex(({ isRepeated, isPerLanguage }) => isRepeated || isPerLanguage),
    0,
  )
  let here = sharedAt(at, steps.slice(0, last))
  for (const step of steps.slice(last)) {
    const next = child(here, step)
    const key = keyOf(step)
    // The first one is what later fields of the same step find; those made after it stand alone.
    if (!here.shared.has(key)) here.shared.set(key, next)
    here = next
  }
  return here
}

function child(at: Building, step: Step): Building {
  const made = building(step.qname, step)
  at.children.push(made)
  return made
}

const keys = new WeakMap<Step, string>()

function keyOf(step: Step): string {
  let key = keys.get(step)
  if (key === undefined) {
    const conditions = step.conditions.map(({ below, attribute, value }) => [
      below.map(({ qname }) => qname),
      attribute,
      value,
    ])
    key = JSON.stringify([step.qname, step.tag, step.lotKind, conditions])
    keys.set(step, key)
  }
  return key
}

/** The element to write: children in the order of the schemas, and what the conditions of its step ask for. */
export function finish(at: Building, name: string = at.qname): XmlElement {
  for (const condition of at.step?.conditions ?? []) fulfil(at, condition)
  const order = orderOf(at.step === undefined ? '*' : at.qname)
  const children = at.children.toSorted((a, b) => rank(order, a.qname) - rank(order, b.qname))
  return {
    name,
    attrs: at.attrs,
    children: at.text === undefined ? children.map((each) => finish(each)) : [at.text],
  }
}

/** Writes what makes an element fit its step, unless a field already did: a marker code, its list name. */
function fulfil(at: Building, { below, isBeside, attribute, value, isEqual }: Condition): void {
  if (!isEqual || isBeside || below.length > 1) return
  const [name] = below
  let target = at
  if (name !== undefined) {
    const found = at.children.find(({ qname }) => qname === name.qname)
    target = found ?? building(name.qname, stepOf(name))
    if (found === undefined) at.children.push(target)
  }
  if (attribute !== undefined) target.attrs[attribute] = value
  else target.text ??= value
}

const orders = new Map<string, ReadonlyMap<string, number>>()

function orderOf(parent: string): ReadonlyMap<string, number> {
  let order = orders.get(parent)
  if (order === undefined) {
    const names = (sequences[parent] ?? '').trim().split(/\s+/)
    order = new Map(names.map((name, index) => [name, index]))
    orders.set(parent, order)
  }
  return order
}

function rank(order: ReadonlyMap<string, number>, qname: string): number {
  return order.get(qname) ?? order.size
}
