import { namespaces } from '../xml/namespaces.ts'
import { type XmlNode, textOf } from '../xml/node.ts'

/** A condition of a step, on the element itself, a descendant or a sibling. */
export interface Condition {
  /** Steps down to what is compared; empty for the element itself. */
  readonly below: readonly Name[]
  /** True when `below` starts at the parent: `[../cbc:DocumentType='…']`. */
  readonly isBeside: boolean
  readonly attribute: string | undefined
  readonly value: string
  readonly isEqual: boolean
}

export interface Name {
  readonly ns: string
  readonly name: string
  readonly qname: string
}

/** One step of a path of the field tables. */
export interface Step extends Name {
  readonly conditions: readonly Condition[]
  /** `[#Lot]`: what a cac:ProcurementProjectLot is, by its schemeName or else by its id. */
  readonly lotKind: string | undefined
  /** `~name`: written in an element of its own, read in any. */
  readonly tag: string
  /** `*`: one element a value. */
  readonly isRepeated: boolean
  /** `+`: one element a language of the same value. */
  readonly isPerLanguage: boolean
}

/** The eForms extension of an element, `EXT` in the tables. */
export const extension = 'ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent/efext:EformsExtension'
const stepShape = /^(\w+):(\w+)((?:\[[^\]]*\])*)(?:~(\w+))?([*+])?$/
const conditionShape = /^(\.\.\/)?((?:\w+:\w+\/)*\w+:\w+)?(?:\/?@(\w+))?(!?=)'([^']*)'$/

/** Reads `cac:A[cbc:B/@listName='c']/EXT/cbc:D`; `EXT` is the eForms extension. Throws on anything else: paths are ours. */
export function stepsOf(path: string): readonly Step[] {
  if (path === '.') return []
  return path
    .replaceAll('EXT', extension)
    .split(/\/(?![^[]*\])/)
    .map(compileStep)
}

function compileStep(source: string): Step {
  const [, prefix, name, conditions = '', tag = '', star] = stepShape.exec(source) ?? []
  if (prefix === undefined || name === undefined) throw new Error(`not a step: ${source}`)
  const inner = [...conditions.matchAll(/\[([^\]]*)\]/g)].map(([, each = '']) => each)
  return {
    ...nameOf(`${prefix}:${name}`),
    conditions: inner.filter((each) => !each.startsWith('#')).map(compileCondition),
    lotKind: inner.find((each) => each.startsWith('#'))?.slice(1),
    tag,
    isRepeated: star === '*',
    isPerLanguage: star === '+',
  }
}

function compileCondition(source: string): Condition {
  const [, beside, below, attribute, sign, value] = conditionShape.exec(source) ?? []
  if (value === undefined) throw new Error(`not a condition: ${source}`)
  return {
    below: below === undefined ? [] : below.split('/').map(nameOf),
    isBeside: beside !== undefined,
    attribute,
    value,
    isEqual: sign === '=',
  }
}

function nameOf(qname: string): Name {
  const [prefix = '', name = ''] = qname.split(':')
  const ns = namespaces[prefix]
  if (ns === undefined) throw new Error(`no namespace for the prefix ${prefix}`)
  return { ns, name, qname }
}

/** The step to an element of a name, without conditions. */
export function stepOf(name: Name): Step {
  return { ...name, conditions: [], lotKind: undefined, tag: '', isRepeated: false, isPerLanguage: false }
}

/** True when an element is what a step asks for. */
export function fits(node: XmlNode, step: Step): boolean {
  if (node.name !== step.name || node.ns !== step.ns) return false
  if (step.lotKind !== undefined && lotKindOf(node) !== step.lotKind) return false
  return step.conditions.every((condition) => holds(node, condition))
}

/** What a cac:ProcurementProjectLot is. French notices leave schemeName out, so the shape of the id tells it too. */
export function lotKindOf(node: XmlNode): 'Lot' | 'LotsGroup' | 'Part' {
  const id = node.children.find(({ name }) => name === 'ID')
  const scheme = id?.attrs['schemeName']
  if (scheme === 'Lot' || scheme === 'LotsGroup' || scheme === 'Part') return scheme
  const prefix = textOf(id)?.slice(0, 4)
  return prefix === 'GLO-' ? 'LotsGroup' : prefix === 'PAR-' ? 'Part' : 'Lot'
}

function holds(node: XmlNode, { below, isBeside, attribute, value, isEqual }: Condition): boolean {
  let subjects: readonly XmlNode[] = isBeside ? (node.parent === undefined ? [] : [node.parent]) : [node]
  for (const { name, ns } of below) {
    subjects = subjects.flatMap(({ children }) => children.filter((child) => child.name === name && child.ns === ns))
  }
  const isFound = subjects.some((each) => (attribute === undefined ? textOf(each) : each.attrs[attribute]) === value)
  return isFound === isEqual
}

/** The nodes at the end of steps below a node, in document order. */
export function nodesAt(node: XmlNode, steps: readonly Step[]): readonly XmlNode[] {
  let found: readonly XmlNode[] = [node]
  for (const step of steps) found = found.flatMap(({ children }) => children.filter((child) => fits(child, step)))
  return found
}

/** Where a value is said to be withheld, below the element of the value or its extension. */
export const privacySteps: readonly Step[] = stepsOf('efac:FieldsPrivacy*')
