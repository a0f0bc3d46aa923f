/** The part of node:fs that the verifier uses, over the files that were given to the page. Nothing can be written. */
import { fileAt, type GivenFile, isThere, namesIn, type Stats, statsOf } from './files.ts'

export { isThere as existsSync } from './files.ts'

/** No file given to a page is a pipe: flags change nothing. */
export const constants: { readonly O_RDONLY: number; readonly O_NONBLOCK: number } = { O_RDONLY: 0, O_NONBLOCK: 0 }

interface StatOptions {
  readonly throwIfNoEntry?: boolean
}

/** @throws Error when there is nothing, unless told to give undefined then */
export function statSync(path: string): Stats
export function statSync(path: string, options: StatOptions): Stats | undefined
export function statSync(path: string, { throwIfNoEntry = true }: StatOptions = {}): Stats | undefined {
  return throwIfNoEntry || isThere(path) ? statsOf(path) : undefined
}

/** As `statSync`: no file given to a page is a link. */
export function lstatSync(path: string): Stats
export function lstatSync(path: string, options: StatOptions): Stats | undefined
export function lstatSync(path: string, options: StatOptions = {}): Stats | undefined {
  return statSync(path, options)
}

interface OpenFile {
  readonly stats: Stats
  /** Undefined for a folder. */
  readonly file: GivenFile | undefined
  at: number
}

const open = new Map<number, OpenFile>()
let lastNumber = 2

export interface Folder {
  /** The next name; null after the last one. */
  readSync(): { readonly name: string } | null
  closeSync(): void
}

/** @throws Error when there is no such folder */
export function opendirSync(path: string): Folder {
  const names = namesIn(path)
  let at = 0
  return {
    readSync() {
      const name = names[at]
      at += 1
      return name === undefined ? null : { name }
    },
    closeSync: () => undefined,
  }
}

/** @throws Error when there is no such file */
export function openSync(path: string): number {
  const stats = statsOf(path)
  open.set(++lastNumber, { stats, file: stats.isFile() ? fileAt(path) : undefined, at: 0 })
  return lastNumber
}

/** @throws Error when it is not open */
export function fstatSync(number: number): Stats {
  return openFile(number).stats
}

/**
 * Reads on from where the last reading ended, or from `position`.
 * @returns how many bytes there were
 * @throws Error
 */
export function readSync(
  number: number,
  ...[into, offset = 0, length = into.length - offset, position = null]: readonly [
    into: Uint8Array,
    offset?: number,
    length?: number,
    position?: number | null,
  ]
): number {
  const file = openFile(number)
  if (file.file === undefined) throw new Error('EISDIR: illegal operation on a directory, read')
  const from = position ?? file.at
  const bytes = file.file.read(from, Math.max(from, Math.min(file.file.size, from + length)))
  into.set(bytes, offset)
  if (position === null) file.at += bytes.length
  return bytes.length
}

/** @throws Error when it is not open */
export function closeSync(number: number): void {
  openFile(number)
  open.delete(number)
}

function openFile(number: number): OpenFile {
  const file = open.get(number)
  if (file === undefined) throw new Error('EBADF: bad file descriptor')
  return file
}
