import { type Finding, type RuleId, finding } from '@socle/schemas'

export type DecpContract = 'marche' | 'contrat-concession'

/** The shapes of record that are read. The XML of version 2 (2.0.2) is read as a record of 2.0.4. */
export type DecpVersion = '1.5.0' | '2.0.4'

/**
 * One record as the rules see it: any JSON, since a record that breaks the schema is still judged on all that can be
 * read of it.
 */
export interface RecordView {
  readonly contract: DecpContract
  readonly version: DecpVersion
  readonly record: unknown
  /** 0-based number of the record in the file. */
  readonly index: number
  /** JSON Pointer from the root of the document to the record. */
  readonly base: string
  /** The last day that is not future, YYYY-MM-DD; undefined when no date is to be called future. */
  readonly today: string | undefined
}

export interface Spot<T = unknown> {
  readonly pointer: string
  readonly value: T
}

/** A rule looks at one record and tells what it found; it never throws. */
export type DecpRule = (view: RecordView) => readonly Finding[]

const nowhere: readonly never[] = []

/** Findings of one document: what comes after them is not told, so a rule need not make more (a list may have 200 000 faults). */
export const mostFindings = 1000

/**
 * The values at a path that a rule seeks, with their places. A path is such as `lieuExecution/code`, a step `*` standing
 * for each place of a list; the empty path is the record itself. Most records hold nothing that a rule seeks, so places
 * are written only once something is found: that is most of the time a record takes. The test may be asked twice.
 */
export function spotsWhere(view: RecordView, path: string, isSought: (value: unknown) => boolean): readonly Spot[] {
  if (!anyAt(view.record, stepsOf(view, path), 0, isSought)) return nowhere
  return spotsAt(view, path)
    .filter(({ value }) => isSought(value))
    .slice(0, mostFindings)
}

/** Every value at a path, with its place. */
export function spotsAt(view: RecordView, path: string): Spot[] {
  const spots: Spot[] = []
  collect({ pointer: view.base, value: view.record }, stepsOf(view, path), 0, spots)
  return spots
}

export function textsWhere(
  view: RecordView,
  path: string,
  isSought: (text: string) => boolean,
): readonly Spot<string>[] {
  // The test picks texts alone, which the type of the filter inside cannot tell.
  return spotsWhere(view, path, (value) => typeof value === 'string' && isSought(value)) as readonly Spot<string>[]
}

/** The text of a property of the record itself: most rules look at one or two of these, in every record. */
export function ownText({ record }: RecordView, name: string): string | undefined {
  const value = isObject(record) ? record[name] : undefined
  return typeof value === 'string' ? value : undefined
}

/** True when the record has a property at all. */
export function has({ record }: RecordView, name: string): boolean {
  return isObject(record) && record[name] !== undefined
}

export function numbersWhere(
  view: RecordView,
  path: string,
  isSought: (number: number) => boolean,
): readonly Spot<number>[] {
  return spotsWhere(view, path, (value) => typeof value === 'number' && isSought(value)) as readonly Spot<number>[]
}

/** The numbers at a path, without their places. */
export function numbersAt(view: RecordView, path: string): number[] {
  const numbers: number[] = []
  anyAt(view.record, stepsOf(view, path), 0, (value) => {
    if (typeof value === 'number') numbers.push(value)
    return false
  })
  return numbers
}

/** The value at a path without `*`, or undefined. */
export function valueAt(view: RecordView, path: string): unknown {
  let value = view.record
  for (const step of stepsOf(view, path)) value = isObject(value) ? value[step] : undefined
  return value
}

/** The list at a path without `*`; an empty one when there is none. */
export function listAt(view: RecordView, path: string): readonly unknown[] {
  const value = valueAt(view, path)
  return Array.isArray(value) ? value : nowhere
}

/** A finding of this record. */
export function found(
  view: RecordView,
  rule: RuleId,
  at: {
    readonly pointer?: string
    readonly xpath?: string
    readonly value?: string
    readonly expected?: string
    readonly severity?: Finding['severity']
  },
  params: Readonly<Record<string, string>> = {},
): Finding {
  return finding(rule, { record: view.index, ...at }, params)
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const splitPaths: Readonly<Record<DecpVersion, Map<string, readonly string[]>>> = {
  '1.5.0': new Map(),
  '2.0.4': new Map(),
}

/** Keys that surround each item of a list in version 2; version 1 has its items bare. */
const wrappers = new Set(['titulaire', 'concessionnaire', 'modification', 'donneesAnnuelles', 'tarif'])

/** Rules name some fifty paths, all in the words of version 2, for every record: each is split once a version. */
function stepsOf({ version }: RecordView, path: string): readonly string[] {
  const known = splitPaths[version].get(path)
  if (known !== undefined) return known
  const all = path === '' ? [] : path.split('/')
  const steps = version === '2.0.4' ? all : all.filter((step, at) => all[at - 1] !== '*' || !wrappers.has(step))
  splitPaths[version].set(path, steps)
  return steps
}

// No name of the form is one that every object inherits, so looking it up needs no question about who owns it.
function anyAt(value: unknown, steps: readonly string[], from: number, isSought: (value: unknown) => boolean): boolean {
  let inside = value
  for (let at = from; at < steps.length; at++) {
    const step = steps[at] ?? ''
    if (step === '*') return Array.isArray(inside) && anyIn(inside, steps, at + 1, isSought)
    if (!isObject(inside)) return false
    inside = inside[step]
    if (inside === undefined) return false
  }
  return isSought(inside)
}

function anyIn(
  list: readonly unknown[],
  steps: readonly string[],
  from: number,
  isSought: (value: unknown) => boolean,
): boolean {
  for (const item of list) if (anyAt(item, steps, from, isSought)) return true
  return false
}

function collect({ pointer, value }: Spot, steps: readonly string[], from: number, into: Spot[]): void {
  const step = steps[from]
  if (step === undefined) {
    into.push({ pointer, value })
  } else if (step !== '*') {
    // The names of the form need no escape in a pointer.
    if (isObject(value) && value[step] !== undefined) {
      collect({ pointer: `${pointer}/${step}`, value: value[step] }, steps, from + 1, into)
    }
  } else if (Array.isArray(value)) {
    for (const [place, item] of value.entries()) {
      collect({ pointer: `${pointer}/${place}`, value: item as unknown }, steps, from + 1, into)
    }
  }
}
