import type { Money } from '@socle/schemas'
import { decimal } from '../decimal.ts'
import { isObject } from '../view.ts'

export type Json = Readonly<Record<string, unknown>>

/**
 * How one value stands in a record. `read` may trust that the record passed its structure; `write` gives what stands in
 * the record for a canonical value. What a codec cannot carry is found by reading back, not told by the codec.
 */
export interface Codec<T> {
  /** `record` is the whole record: the meaning of an amount depends on what is beside it. */
  read(source: unknown, record: Json): T | undefined
  write(value: T): unknown
  /** Parts that can be explained one by one. */
  readonly parts?: Parts
}

/** The fields of an object, or of each object of a list; `wrapper` is the one key that surrounds each item of version 2. */
export interface Parts {
  readonly fields: AnyFields
  readonly list: boolean
  readonly wrapper: string | undefined
}

/** Where a field stands below its object, `techniques/technique`, and how. An empty place stands nowhere: it is known. */
export interface Place<T> {
  readonly at: string
  readonly codec: Codec<T>
}

/** Every field of a canonical type: its place, or undefined where the form has none. Forgetting one is a compile error. */
export type FieldsOf<T> = { readonly [K in keyof T]-?: Place<NonNullable<T[K]>> | undefined }

export type AnyFields = Readonly<Record<string, Place<never> | undefined>>

export function at<T>(path: string, codec: Codec<T>): Place<T> {
  return { at: path, codec }
}

function same<T>(): Codec<T> {
  // The structure has just accepted the value as this very type.
  return { read: (source) => source as T, write: (value) => value }
}

export const text: Codec<string> = same()
export const integer: Codec<number> = same()
export const flag: Codec<boolean> = same()
export const texts: Codec<readonly string[]> = same()

/** A day; version 1 may write an offset after it, which a day without time has no use for. */
export const day: Codec<string> = { read: (source) => String(source).slice(0, 10), write: (value) => value }

export const share: Codec<string> = { read: (source) => decimal(Number(source)), write: Number }

/** A value that every record of the form has without writing it. */
export function constant<T>(value: T): Place<T> {
  return { at: '', codec: { read: () => value, write: () => undefined } }
}

/** DECP amounts are in euros, before tax. */
export function euros(meaning: Money['meaning'] | ((record: Json) => Money['meaning'])): Codec<Money> {
  return {
    read: (source, record) => ({
      amount: decimal(Number(source)),
      currency: 'EUR',
      meaning: typeof meaning === 'string' ? meaning : meaning(record),
    }),
    write: ({ amount }) => Number(amount),
  }
}

export function object<T extends object>(fields: FieldsOf<T>): Codec<T> {
  const parts: Parts = { fields: fields as AnyFields, list: false, wrapper: undefined }
  const compiled = compile(parts.fields)
  return {
    read: (source, record) => readFields(compiled, source, record) as T,
    write: (value) => writeFields(compiled, value as Json),
    parts,
  }
}

/** A list of objects; an empty one says as much as none. */
export function listOf<T extends object>(fields: FieldsOf<T>, wrapper?: string): Codec<readonly T[]> {
  const parts: Parts = { fields: fields as AnyFields, list: true, wrapper }
  const compiled = compile(parts.fields)
  const inside = (item: unknown): unknown => (wrapper === undefined ? item : isObject(item) ? item[wrapper] : undefined)
  return {
    read: (source, record) =>
      Array.isArray(source) && source.length > 0
        ? source.map((item: unknown) => readFields(compiled, inside(item), record) as T)
        : undefined,
    write: (items) =>
      items.map((item) => {
        const written = writeFields(compiled, item as Json)
        return wrapper === undefined ? written : { [wrapper]: written }
      }),
    parts,
  }
}

interface Compiled {
  readonly field: string
  readonly first: string
  readonly second: string | undefined
  readonly codec: Codec<unknown>
}

/** Fields with a place, their paths split once. A path has two steps at most: no place of the form is deeper. */
export function compile(fields: AnyFields): readonly Compiled[] {
  return Object.entries(fields).flatMap(([field, place]) => {
    if (place === undefined) return []
    const [first = '', second] = place.at.split('/')
    // A codec is asked for the values of its own field alone.
    return [{ field, first, second, codec: place.codec }]
  })
}

/** The canonical object of a source object; fields the source leaves out are left out. */
export function readFields(fields: readonly Compiled[], source: unknown, record: Json): Json {
  const target: Record<string, unknown> = {}
  const holder: Json = isObject(source) ? source : {}
  for (const { field, first, second, codec } of fields) {
    const value = first === '' ? null : placed(holder[first], second)
    const read = value === undefined ? undefined : codec.read(value, record)
    if (read !== undefined) target[field] = read
  }
  return target
}

function placed(value: unknown, second: string | undefined): unknown {
  if (second === undefined) return value
  return isObject(value) ? value[second] : undefined
}

/** The source object of a canonical one, in the order of the table. */
export function writeFields(fields: readonly Compiled[], canonical: Json): Json {
  const target: Record<string, unknown> = {}
  for (const { field, first, second, codec } of fields) {
    const value = canonical[field]
    const written = value === undefined || first === '' ? undefined : codec.write(value)
    if (written === undefined) continue
    if (second === undefined) target[first] = written
    else target[first] = { ...(isObject(target[first]) ? target[first] : {}), [second]: written }
  }
  return target
}
