import type { Finding, Notice } from '@socle/schemas'
import type { FieldExplanation } from '../translation.ts'
import type { ExamineOptions } from '../xml/examine.ts'
import type { XmlNode } from '../xml/node.ts'
import { readEformsInside } from './eforms-inside.ts'
import { eformsIn, formIn, formNames } from './forms.ts'
import { readBoampNotice } from './notice.ts'
import { type Reading, type Roots, tellAt } from './reading.ts'
import type { OnDecoded, Tree } from './tree.ts'

/** One notice of the gazette with its parts found, whether it came in XML or as a record. */
export interface Parts {
  readonly tree: Tree
  readonly data: XmlNode | undefined
  readonly management: XmlNode | undefined
  /** The record itself, when it is one. */
  readonly record: XmlNode | undefined
  /** 0-based number in the file, when it may hold several. */
  readonly index: number | undefined
  readonly version: string | undefined
}

export interface ReadOne {
  readonly notice: Notice | undefined
  readonly told: readonly FieldExplanation[]
  readonly used: ReadonlySet<XmlNode>
}

/** Reads one notice of any form; what is wrong with it is added to `found`. */
export function readOne(parts: Parts, found: Finding[], options: ExamineOptions): ReadOne {
  const { tree, data, management, record, index, version } = parts
  const used = new Set<XmlNode>()
  const told: FieldExplanation[] = []
  const roots: Roots = {
    ...(management === undefined ? {} : { G: management }),
    ...(record === undefined ? {} : { R: record }),
  }
  const form = data === undefined ? undefined : formIn(data)
  const reading: Reading = {
    form: form?.mark ?? 'x',
    roots: { ...roots, ...form?.roots },
    placeOf: tree.placeOf,
    found,
    told,
    used,
    record: index,
    isOpenData: record !== undefined,
    now: options.now,
  }
  const eforms = data === undefined ? undefined : eformsIn(data)
  if (eforms !== undefined) return { notice: readEformsInside(eforms, reading, options), told, used }
  if (form === undefined) {
    const value = data?.children.map(({ name }) => name).join(', ') ?? ''
    tellAt(reading, 'BOAMP-FORM', tree.placeOf(data ?? tree.root), { value, expected: formNames })
    return { notice: undefined, told, used }
  }
  return { notice: readBoampNotice(reading, { format: form.format, version }), told, used }
}

/** Tells of each text that was decoded, with what it was and what it became. */
export function decodedTeller(found: Finding[], record: number | undefined): OnDecoded {
  return (at, before, { text, isLeft }) => {
    tellAt({ found, record }, 'BOAMP-ENTITY', at, { value: before, expected: text.slice(0, 200) })
    if (isLeft) tellAt({ found, record }, 'BOAMP-ENTITY-LEFT', at, { value: text })
  }
}
