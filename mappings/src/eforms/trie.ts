import { type Step, fits, privacySteps, stepOf } from './step.ts'
import type { Group, Row, Table, Withholdable } from './table.ts'
import type { XmlNode } from '../xml/node.ts'

/** All the paths of a table as one tree, so that one walk over the elements of a document finds every field. */
export interface Trie {
  /** By local name; those with more conditions first. */
  readonly next: ReadonlyMap<string, readonly Branch[]>
}

interface Branch extends Trie {
  readonly ns: string
  /** Undefined when the name says it all. */
  readonly step: Step | undefined
  /** Places of the rows in the table that end here. */
  readonly rows: readonly number[]
  /** Place of the group in the table that starts here. */
  readonly group: number | undefined
  /** Set on efac:FieldsPrivacy: what may be withheld by it. */
  readonly withholdable: readonly Withholdable[] | undefined
  /** True when a field ends here: the text of the element is read. */
  readonly isRead: boolean
}

interface Draft {
  readonly step: Step | undefined
  readonly next: Map<string, Draft[]>
  readonly rows: number[]
  group: number | undefined
  withholdable: Withholdable[] | undefined
}

const tries = new WeakMap<Table, Trie>()

/** The tree of a table, made at its first use. */
export function trieOf(table: Table): Trie {
  let trie = tries.get(table)
  if (trie === undefined) {
    trie = compile(table)
    tries.set(table, trie)
  }
  return trie
}

function compile({ rows, groups, withholdable }: Table): Trie {
  const root = draft(undefined)
  for (const [index, { steps }] of rows.entries()) leaf(root, steps).rows.push(index)
  for (const [index, { steps }] of groups.entries()) leaf(root, steps).group = index
  for (const each of withholdable) (leaf(root, [...each.steps, ...privacySteps]).withholdable ??= []).push(each)
  return { next: finish(root.next) }
}

function draft(step: Step | undefined): Draft {
  return { step, next: new Map(), rows: [], group: undefined, withholdable: undefined }
}

function leaf(root: Draft, steps: readonly Step[]): Draft {
  let at = root
  for (const step of steps) {
    const named = at.next.get(step.name) ?? []
    at.next.set(step.name, named)
    let found = named.find((each) => each.step !== undefined && isSame(each.step, step))
    if (found === undefined) {
      found = draft(step)
      named.push(found)
    }
    at = found
    markConditions(at, step)
  }
  return at
}

/** What a condition looks at is read too: a marker no field stands for. */
function markConditions(at: Draft, { conditions }: Step): void {
  for (const { below, isBeside } of conditions) {
    const [name] = below
    if (name === undefined || below.length > 1 || isBeside) continue
    leaf(at, [stepOf(name)])
  }
}

/** Tags and repetition matter when writing only. */
function isSame(one: Step, other: Step): boolean {
  return one.qname === other.qname && one.lotKind === other.lotKind && isEqual(one.conditions, other.conditions)
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function finish(next: ReadonlyMap<string, Draft[]>): ReadonlyMap<string, readonly Branch[]> {
  const weight = ({ step }: Draft) =>
    step === undefined ? 0 : step.conditions.length + (step.lotKind === undefined ? 0 : 1)
  return new Map(
    [...next].map(([name, drafts]) => [name, drafts.toSorted((a, b) => weight(b) - weight(a)).map(finishBranch)]),
  )
}

function finishBranch({ step, next, rows, group, withholdable }: Draft): Branch {
  const isPlain = step === undefined || (step.conditions.length === 0 && step.lotKind === undefined)
  return {
    ns: step?.ns ?? '',
    step: isPlain ? undefined : step,
    next: finish(next),
    rows,
    group,
    withholdable,
    isRead: rows.length > 0,
  }
}

/** What was found below one element for one table: nodes by the place of their row or group. */
export interface Found {
  readonly rows: (XmlNode[] | undefined)[]
  readonly groups: (XmlNode[] | undefined)[]
  readonly withheld: { readonly node: XmlNode; readonly among: readonly Withholdable[] }[]
}

/** Walks the elements below one and sorts them by field. `unread` gets every element that no field reads. */
export function sort(node: XmlNode, table: Table, unread: XmlNode[] | undefined): Found {
  const found: Found = {
    rows: table.rows.map(() => undefined),
    groups: table.groups.map(() => undefined),
    withheld: [],
  }
  visit(node, trieOf(table), { table, found, unread })
  return found
}

interface Visit {
  readonly table: Table
  readonly found: Found
  readonly unread: XmlNode[] | undefined
}

function visit(node: XmlNode, trie: Trie, at: Visit): void {
  for (const child of node.children) {
    const branch = branchFor(child, trie)
    if (branch === undefined) {
      at.unread?.push(child)
      continue
    }
    if (branch.withholdable !== undefined) at.found.withheld.push({ node: child, among: branch.withholdable })
    if (branch.group !== undefined) keepGroup(child, branch.group, at)
    for (const row of branch.rows) keepRow(child, row, at)
    // Below a group its own table goes on.
    if (branch.group !== undefined) continue
    if (child.children.length > 0 && branch.next.size > 0) visit(child, branch, at)
    else if (child.children.length > 0 && branch.isRead) at.unread?.push(...child.children)
  }
}

function branchFor(child: XmlNode, { next }: Trie): Branch | undefined {
  const branches = next.get(child.name)
  if (branches === undefined) return undefined
  for (const branch of branches) {
    if (branch.ns === child.ns && (branch.step === undefined || fits(child, branch.step))) return branch
  }
  return undefined
}

function keepRow(node: XmlNode, index: number, { table, found, unread }: Visit): void {
  const known = found.rows[index]
  const row: Row | undefined = table.rows[index]
  if (known === undefined) found.rows[index] = [node]
  else if (row?.isList === true || row?.type.isMultilingual === true) known.push(node)
  else unread?.push(node)
}

function keepGroup(node: XmlNode, index: number, { table, found, unread }: Visit): void {
  const known = found.groups[index]
  const group: Group | undefined = table.groups[index]
  if (known === undefined) found.groups[index] = [node]
  else if (group?.isList === true) known.push(node)
  else unread?.push(node)
}
