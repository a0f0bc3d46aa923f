import { type Finding, type RuleId, finding } from '@socle/schemas'
import { escapeStep } from '../json/pointer.ts'

export type DecpContract = 'marche' | 'contrat-concession'

/**
 * One record as the rules see it: any JSON, since a record that breaks the schema is still judged on all that can be
 * read of it.
 */
export interface RecordView {
  readonly contract: DecpContract
  readonly record: unknown
  /** 0-based number of the record in the file. */
  readonly index: number
  /** JSON Pointer from the root of the document to the record. */
  readonly base: string
  /** The moment dates are compared with; undefined when no date is to be called future. */
  readonly now: Date | undefined
}

export interface Spot {
  readonly pointer: string
  readonly value: unknown
}

/** A rule looks at one record and tells what it found; it never throws. */
export type DecpRule = (view: RecordView) => Finding[]

/** Every value at a path such as `lieuExecution/code`, a step `*` standing for each place of a list. */
export function spotsAt(view: RecordView, path: string): Spot[] {
  let spots: Spot[] = [{ pointer: view.base, value: view.record }]
  for (const step of path.split('/')) spots = spots.flatMap((spot) => below(spot, step))
  return spots
}

export function textsAt(view: RecordView, path: string): { readonly pointer: string; readonly value: string }[] {
  return spotsAt(view, path).flatMap(({ pointer, value }) => (typeof value === 'string' ? [{ pointer, value }] : []))
}

export function numbersAt(view: RecordView, path: string): { readonly pointer: string; readonly value: number }[] {
  return spotsAt(view, path).flatMap(({ pointer, value }) => (typeof value === 'number' ? [{ pointer, value }] : []))
}

/** The first value at a path, or undefined. */
export function valueAt(view: RecordView, path: string): unknown {
  return spotsAt(view, path)[0]?.value
}

/** A finding of this record. */
export function found(
  view: RecordView,
  rule: RuleId,
  at: {
    readonly pointer: string
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

function below({ pointer, value }: Spot, step: string): Spot[] {
  if (step === '*') {
    return Array.isArray(value)
      ? value.map((item: unknown, place) => ({ pointer: `${pointer}/${place}`, value: item }))
      : []
  }
  if (!isObject(value) || !Object.hasOwn(value, step)) return []
  return [{ pointer: `${pointer}/${escapeStep(step)}`, value: value[step] }]
}
