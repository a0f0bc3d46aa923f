import type { FieldState } from '../translation.ts'
import { type XmlNode, textOf, xpathOf } from '../xml/node.ts'
import { type Path, all, path } from '../xml/path.ts'
import { type XmlElement, group } from '../xml/write.ts'

/** What a reader found of one field; given to whoever asked for an explanation. */
export interface Trace {
  readonly pointer: string
  readonly state: FieldState
  readonly source: string
  readonly value: string | undefined
}

/** One reading of one document. */
export interface Reading {
  /** ESPD-EDM version of the document. */
  readonly version: string
  /** Texts that went into the canonical form: the rest is what it does not carry. */
  readonly used: Set<XmlNode>
  /** Given to explain; without it no pointer is ever built. */
  readonly trace?: (trace: Trace) => void
}

/** What is needed to write beside the value: who numbered the document, and which ids are the hub's to give. */
export interface Writing {
  readonly issuer: string
}

/** How a value of the canonical form and an element stand for each other. `pointer` is undefined when nobody asks. */
export interface Codec<T> {
  readonly read: (node: XmlNode, reading: Reading, pointer: string | undefined) => T | undefined
  readonly write: (value: T, name: string, writing: Writing) => XmlElement | undefined
}

/**
 * One line of a field table: a property of the canonical form and where its element is. Lines stand in the order of the
 * XSD. Methods, not functions: a line of what every party has is then also a line of a buyer.
 */
export interface Field<T> {
  read(target: Partial<T>, node: XmlNode, reading: Reading, pointer: string | undefined): void
  write(value: T, writing: Writing): readonly (XmlElement | undefined)[]
  /** The containers around the elements. */
  readonly around: readonly string[]
}

export interface FieldOptions {
  /** Beginning of the versions that have the field at all: `['2.', '3.']`. */
  readonly versions?: readonly string[]
}

export interface Table<T> {
  readonly one: <K extends keyof T & string>(
    key: K,
    at: string,
    codec: Codec<NonNullable<T[K]>>,
    options?: FieldOptions,
  ) => Field<T>
  readonly many: <K extends ListKeys<T>>(
    key: K,
    at: string,
    codec: Codec<ItemOf<T[K]>>,
    options?: { readonly always: true },
  ) => Field<T>
}

type ItemOf<L> = NonNullable<L> extends readonly (infer I)[] ? I : never
type ListKeys<T> = { [K in keyof T & string]: NonNullable<T[K]> extends readonly unknown[] ? K : never }[keyof T &
  string]

/** The two kinds of lines of a table of `T`: one element, or a list (empty lists are left out unless `always`). */
export function tableOf<T extends object>(): Table<T> {
  return {
    one(key, at, codec, options = {}) {
      const place = placeOf(at)
      return {
        around: place.around,
        read(target, node, reading, pointer) {
          const inner = pointer === undefined ? undefined : `${pointer}/${key}`
          const found = all(node, place.path)[0]
          const value = found === undefined ? undefined : codec.read(found, reading, inner)
          if (value !== undefined) target[key] = value
          else if (inner !== undefined) traceAbsent(reading, { pointer: inner, node, at, ...options })
        },
        write: (value, writing) => {
          const own = value[key]
          return own === undefined || own === null ? [] : [codec.write(own, place.last, writing)]
        },
      }
    },
    many(key, at, codec, options) {
      const place = placeOf(at)
      return {
        around: place.around,
        read(target, node, reading, pointer) {
          const list: unknown[] = []
          for (const found of all(node, place.path)) {
            const inner = pointer === undefined ? undefined : `${pointer}/${key}/${list.length}`
            const value = codec.read(found, reading, inner)
            if (value !== undefined) list.push(value)
          }
          // The list is made of what the codec of this very key reads.
          if (list.length > 0 || options?.always === true) target[key] = list as T[typeof key]
          else if (pointer !== undefined) traceAbsent(reading, { pointer: `${pointer}/${key}`, node, at })
        },
        write: (value, writing) =>
          ((value[key] ?? []) as readonly ItemOf<T[typeof key]>[]).map((item) =>
            codec.write(item, place.last, writing),
          ),
      }
    },
  }
}

interface Place {
  readonly path: Path
  readonly around: readonly string[]
  readonly last: string
}

function placeOf(at: string): Place {
  const steps = at.split('/')
  return { path: path(at), around: steps.slice(0, -1), last: steps.at(-1) ?? at }
}

interface Absent {
  readonly pointer: string
  readonly node: XmlNode
  readonly at: string
  readonly versions?: readonly string[]
}

/** Inside a list only what is there is told: a criterion may lack twenty fields that no one expects of it. */
function traceAbsent({ trace, version }: Reading, { pointer, node, at, versions }: Absent): void {
  if (trace === undefined || /\/\d+\//.test(pointer)) return
  const applies = versions === undefined || versions.some((start) => version.startsWith(start))
  const state = applies ? 'absent' : 'not-applicable'
  trace({ pointer, state, source: `${xpathOf(node)}/${at}`, value: undefined })
}

/** An element read and written by a table of fields. An object without any field is undefined. */
export function object<T extends object>(fields: readonly Field<T>[]): Codec<T> {
  return {
    read: (node, reading, pointer) => readFields(fields, node, reading, pointer),
    write: (value, name, writing) => group(name, writeFields(fields, value, writing)),
  }
}

/** What a table finds below a node; undefined when it finds nothing. */
export function readFields<T extends object>(
  fields: readonly Field<T>[],
  node: XmlNode,
  reading: Reading,
  pointer: string | undefined,
): T | undefined {
  const target: Partial<T> = {}
  for (const field of fields) field.read(target, node, reading, pointer)
  // The mandatory properties are those the XSD makes mandatory, or the table always gives.
  return Object.keys(target).length === 0 ? undefined : (target as T)
}

interface Open {
  readonly name: string
  readonly children: (XmlElement | Open)[]
}

/** The elements of a value in the order of its table; lines that share containers are put in the same ones. */
export function writeFields<T extends object>(fields: readonly Field<T>[], value: T, writing: Writing): XmlElement[] {
  const children: (XmlElement | Open)[] = []
  const opened = new Set<object>()
  for (const field of fields) {
    const elements = field.write(value, writing).filter((element) => element !== undefined)
    if (elements.length === 0) continue
    let list = children
    for (const name of field.around) {
      const last = list.at(-1)
      if (last?.name === name && opened.has(last)) {
        list = (last as Open).children
        continue
      }
      const open: Open = { name, children: [] }
      opened.add(open)
      list.push(open)
      list = open.children
    }
    list.push(...elements)
  }
  return children
}

/** A line whose element is written empty when there is no text: the model asks for the element (BR-TC-05, 06 and 19). */
export function kept<T>(field: Field<T>, name: string): Field<T> {
  return {
    around: field.around,
    read: (target, node, reading, pointer) => {
      field.read(target, node, reading, pointer)
    },
    write: (value, writing) => {
      const written = field.write(value, writing)
      return written.length > 0 ? written : [{ name }]
    },
  }
}

/** Tells that a text went into the canonical form. */
export function used(node: XmlNode, reading: Reading, pointer: string | undefined): void {
  reading.used.add(node)
  if (pointer === undefined || reading.trace === undefined) return
  reading.trace({ pointer, state: 'present', source: xpathOf(node), value: textOf(node)?.slice(0, 200) })
}

/** Elements that hold a text which no field took, in document order. */
export function unusedTexts(root: XmlNode, reading: Reading): readonly XmlNode[] {
  const unused: XmlNode[] = []
  const look = (node: XmlNode): void => {
    for (const child of node.children) look(child)
    if (node.children.length === 0 && node.text.trim() !== '' && !reading.used.has(node)) unused.push(node)
  }
  look(root)
  return unused
}
