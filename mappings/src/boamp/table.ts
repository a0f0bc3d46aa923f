import type { FormMark, RootName } from './reading.ts'

/** One place where a value may stand: a starting point and the names of elements below it. */
export interface Path {
  readonly root: RootName
  readonly steps: readonly string[]
}

/** One field: property of the canonical object, type of its value, and where it stands, most telling place first. */
export interface Row {
  readonly property: readonly string[]
  readonly type: string
  /** Empty when the form has no place for the field. */
  readonly paths: readonly Path[]
}

export type Table = Readonly<Record<FormMark, readonly Row[]>>

/**
 * Compiles a table of lines `property type path path…`. A path is `fm:B/natureMarche/intitule`: marks of the forms that
 * have it (FNSimple, MAPA, DSP and DIVERS, old XML; none means all), a starting point, names of elements.
 * Throws on anything else: tables are ours.
 */
export function tableOf(lines: string): Table {
  const all = lines
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  const rows = (mark: FormMark): readonly Row[] => all.map((line) => rowOf(line, mark))
  return { f: rows('f'), m: rows('m'), d: rows('d'), x: rows('x') }
}

function rowOf([property = '', type = '', ...paths]: readonly string[], mark: FormMark): Row {
  return { property: property.split('/'), type, paths: paths.flatMap((path) => pathOf(path, mark)) }
}

function pathOf(source: string, mark: FormMark): Path[] {
  const [, own, root, steps] = /^(?:([fmdx]+):)?([RGDBOLAW])\/(\S+)$/.exec(source) ?? []
  if (root === undefined || steps === undefined) throw new Error(`not a path: ${source}`)
  if (own !== undefined && !own.includes(mark)) return []
  return [{ root: root as RootName, steps: steps.split('/') }]
}
