import { type Marks, marksIn, writeMarked } from './marks.ts'
import { type Building, newAt, sharedAt } from './building.ts'
import { type Step, privacySteps } from './step.ts'
import { type Group, type Row, type Table, withheldTable } from './table.ts'
import type { Leaf, Writing } from './values/value-type.ts'

/** What a written document holds less than its canonical form is told by pointer. */
export interface TreeWriting extends Writing {
  readonly lost: (pointer: string) => void
}

/** How to write, and the JSON Pointer of what is written. */
export interface Context {
  readonly writing: TreeWriting
  readonly pointer: string
}

interface RowContext extends Context {
  readonly marks: Marks
}

/** Adds the elements of an object below one, in any order: `finish` sorts them. Properties no field writes are told. */
export function writeTree(at: Building, table: Table, object: object, context: Context): void {
  const { writing, pointer } = context
  const marks = marksIn(object)
  for (const row of table.rows) {
    const value = valueAt(object, row.property)
    if (value !== undefined) writeRow(at, row, value, { ...context, marks })
  }
  for (const group of table.groups) {
    const value = valueAt(object, group.property)
    if (value !== undefined) writeGroup(at, group, value, context)
  }
  for (const [index, each] of listAt(object, 'withheld').entries()) {
    if (!writeWithheld(at, table, each, writing)) writing.lost(`${pointer}/withheld/${index}`)
  }
  for (const left of unwritten(object, table)) writing.lost(`${pointer}/${left}`)
}

function writeRow(at: Building, row: Row, value: unknown, { writing, pointer, marks }: RowContext): void {
  const { type, steps } = row
  if (type.isTimeOfDay === true) return
  if (row.attribute !== undefined) {
    const [leaf] = type.write(value, writing)
    if (leaf !== undefined) sharedAt(at, steps).attrs[row.attribute] = leaf.text
    return
  }
  if (row.isList) {
    for (const [index, each] of asList(value).entries()) {
      const leaves = writeMarked(row, each, writing, marks[[...row.property, index].join('/')])
      if (leaves.length > 0) putAnew(at, steps, leaves)
    }
    return
  }
  const sole = type.isSoleOfList === true ? asList(value) : [value]
  if (sole.length > 1) writing.lost(`${pointer}/${row.property.join('/')}/1`)
  put(at, steps, writeMarked(row, sole[0], writing, marks[row.property.join('/')]))
  if (row.time !== undefined) put(at, row.time.steps, type.writeTime?.(value, writing) ?? [])
}

/** One value at its place; the languages after the first are elements of their own beside it. */
function put(at: Building, steps: readonly Step[], [first, ...others]: readonly Leaf[]): void {
  if (first === undefined) return
  const element = sharedAt(at, steps)
  element.text = first.text
  Object.assign(element.attrs, first.attrs)
  const isHolderRepeated = steps.some(({ isPerLanguage }) => isPerLanguage)
  if (!isHolderRepeated) putBeside(sharedAt(at, steps.slice(0, -1)), steps, others)
  else for (const other of others) putBeside(newAt(at, steps.slice(0, -1)), steps, [other])
}

/** One value of a list, in elements of its own from the repeated step on. */
function putAnew(at: Building, steps: readonly Step[], [first, ...others]: readonly Leaf[]): void {
  if (first === undefined) return
  const isLastRepeated = steps.at(-1)?.isRepeated === true
  const holder = isLastRepeated ? sharedAt(at, steps.slice(0, -1)) : newAt(at, steps.slice(0, -1))
  putBeside(holder, steps, [first, ...others])
}

function putBeside(holder: Building, steps: readonly Step[], leaves: readonly Leaf[]): void {
  for (const { text, attrs } of leaves) {
    const element = newAt(holder, steps.slice(-1))
    element.text = text
    Object.assign(element.attrs, attrs)
  }
}

function writeGroup(at: Building, group: Group, value: unknown, { writing, pointer }: Context): void {
  const place = `${pointer}/${group.property.join('/')}`
  if (!group.isList) {
    if (isObject(value)) writeTree(sharedAt(at, group.steps), group.table, value, { writing, pointer: place })
    return
  }
  for (const [index, each] of asList(value).entries()) {
    if (isObject(each)) writeTree(newAt(at, group.steps), group.table, each, { writing, pointer: `${place}/${index}` })
  }
}

function writeWithheld(at: Building, { withholdable }: Table, value: unknown, writing: TreeWriting): boolean {
  if (!isObject(value)) return false
  const found = withholdable.find(({ property }) => property === value['property'])
  if (found === undefined) return false
  const { property: _, ...said } = value
  writeTree(
    newAt(sharedAt(at, found.steps), privacySteps),
    withheldTable,
    { ...said, code: found.code },
    { writing, pointer: '' },
  )
  return true
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function listAt(object: object, name: string): readonly unknown[] {
  return asList(valueAt(object, [name]))
}

function valueAt(object: object, property: readonly string[]): unknown {
  let at: unknown = object
  for (const name of property) {
    if (!isObject(at)) return undefined
    at = at[name]
  }
  return at
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const writable = new WeakMap<Table, ReadonlySet<string>>()

/** Properties of an object, `a` or `a/b`, that its table has no place for. */
function unwritten(object: object, table: Table): string[] {
  let known = writable.get(table)
  if (known === undefined) {
    known = new Set([
      'withheld',
      'marks',
      ...[...table.rows, ...table.groups].flatMap(({ property }) => prefixes(property)),
    ])
    writable.set(table, known)
  }
  const names = known
  return Object.entries(object).flatMap(([name, value]) => {
    if (value === undefined) return []
    if (!names.has(name)) return [name]
    if (!names.has(`${name}/`) || !isObject(value)) return []
    return Object.keys(value).flatMap((inner) => (names.has(`${name}/${inner}`) ? [] : [`${name}/${inner}`]))
  })
}

/** `a/b` is known by itself, and `a` as an object that holds it. */
function prefixes(property: readonly string[]): string[] {
  const [first = ''] = property
  return property.length === 1 ? [first] : [first, `${first}/`, property.join('/')]
}
