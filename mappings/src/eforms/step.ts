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
  for (const condition of step.conditions) if (!holds(node, condition)) return false
  return true
}

/** What a cac:ProcurementProjectLot is. French notices leave schemeName out, so the shape of the id tells it too. */
export function lotKindOf(node: XmlNode): 'Lot' | 'LotsGroup' | 'Part' {
  const id = node.children.find(({ name }) => name === 'ID')
  const scheme = id?.attrs['schemeName']
  if (scheme === 'Lot' || scheme === 'LotsGroup' || scheme === 'Part') return scheme
  const prefix = textOf(id)?.slice(0, 4)
  return prefix === 'GLO-' ? 'LotsGroup' : prefix === 'PAR-' ? 'Part' : 'Lot'
}

function holds(node: XmlNode, condition: Condition): boolean {
  const from = condition.isBeside ? node.parent : node
  return (from !== undefined && isFound(from, condition, 0)) === condition.isEqual
}

/** True when some element at the end of `below` has the value; written without lists, for it runs on every step. */
function isFound(node: XmlNode, condition: Condition, depth: number): boolean {
  const name = condition.below[depth]
  if (name === undefined) {
    const { attribute, value } = condition
    return (attribute === undefined ? textOf(node) : node.attrs[attribute]) === value
  }
  for (const child of node.children) {
    if (child.name === name.name && child.ns === name.ns && isFound(child, condition, depth + 1)) return true
  }
  return false
}

/** The nodes at the end of steps below a node, in document order. */
export function nodesAt(node: XmlNode, steps: readonly Step[]): readonly XmlNode[] {
  const found: XmlNode[] = []
  gather(node, steps, 0, found)
  return found
}

function gather(node: XmlNode, steps: readonly Step[], depth: number, found: XmlNode[]): void {
  const step = steps[depth]
  if (step === undefined) {
    found.push(node)
    return
  }
  for (const child of node.children) if (fits(child, step)) gather(child, steps, depth + 1, found)
}

/** Where a value is said to be withheld, below the element of the value or its extension. */
export const privacySteps: readonly Step[] = stepsOf('efac:FieldsPrivacy*')
