import { type Finding, type RuleId, finding } from '@socle/schemas'

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

export interface TextSpot extends Spot {
  readonly value: string
}

export interface NumberSpot extends Spot {
  readonly value: number
}

/** A rule looks at one record and tells what it found; it never throws. */
export type DecpRule = (view: RecordView) => Finding[]

/** Every value at a path such as `lieuExecution/code`, a step `*` standing for each place of a list. */
export function spotsAt(view: RecordView, path: string): Spot[] {
  const spots: Spot[] = []
  collect({ pointer: view.base, value: view.record }, stepsOf(path), 0, spots)
  return spots
}

export function textsAt(view: RecordView, path: string): TextSpot[] {
  return spotsAt(view, path).filter((spot): spot is TextSpot => typeof spot.value === 'string')
}

export function numbersAt(view: RecordView, path: string): NumberSpot[] {
  return spotsAt(view, path).filter((spot): spot is NumberSpot => typeof spot.value === 'number')
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

const splitPaths = new Map<string, readonly string[]>()

/** Rules name some fifty paths, for every record: each is split once. */
function stepsOf(path: string): readonly string[] {
  const known = splitPaths.get(path)
  if (known !== undefined) return known
  const steps = path.split('/')
  splitPaths.set(path, steps)
  return steps
}

function collect({ pointer, value }: Spot, steps: readonly string[], from: number, into: Spot[]): void {
  const step = steps[from]
  if (step === undefined) {
    into.push({ pointer, value })
  } else if (step !== '*') {
    // The names of the form need no escape in a pointer.
    if (isObject(value) && Object.hasOwn(value, step)) {
      collect({ pointer: `${pointer}/${step}`, value: value[step] }, steps, from + 1, into)
    }
  } else if (Array.isArray(value)) {
    for (const [place, item] of value.entries()) {
      collect({ pointer: `${pointer}/${place}`, value: item as unknown }, steps, from + 1, into)
    }
  }
}
