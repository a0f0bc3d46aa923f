/**
 * The files that a person gave to the page, as the small tree that the verifier walks. They stay where they are: each
 * reading asks the browser for just those bytes.
 */
export interface GivenFile {
  readonly size: number
  /** Bytes [from, to). @throws Error when the file is gone or changed meanwhile */
  read(from: number, to: number): Uint8Array
}

const files = new Map<string, GivenFile>()
const folders = new Map<string, Set<string>>()

/** Replaces the tree. Paths are absolute, with slashes. */
export function mount(given: ReadonlyMap<string, GivenFile>): void {
  files.clear()
  folders.clear()
  folders.set('/', new Set())
  for (const [path, file] of given) {
    files.set(path, file)
    const names = path.split('/').slice(1)
    for (const [at, name] of names.entries()) {
      const folder = `/${names.slice(0, at).join('/')}`
      folders.set(folder, (folders.get(folder) ?? new Set()).add(name))
    }
  }
}

export function isThere(path: string): boolean {
  return files.has(path) || folders.has(path)
}

/** @throws Error as node:fs words it */
export function fileAt(path: string): GivenFile {
  const file = files.get(path)
  if (file !== undefined) return file
  if (folders.has(path)) throw new Error('EISDIR: illegal operation on a directory, read')
  throw new Error(`ENOENT: no such file or directory, open '${path}'`)
}

/** @throws Error as node:fs words it */
export function namesIn(path: string): string[] {
  const names = folders.get(path)
  if (names === undefined) throw new Error(`ENOENT: no such file or directory, scandir '${path}'`)
  return [...names]
}

export interface Stats {
  readonly size: number
  isFile(): boolean
  isDirectory(): boolean
}

/** @throws Error as node:fs words it */
export function statsOf(path: string): Stats {
  const isDirectory = folders.has(path)
  if (!isDirectory && !files.has(path)) throw new Error(`ENOENT: no such file or directory, stat '${path}'`)
  return { size: files.get(path)?.size ?? 0, isFile: () => !isDirectory, isDirectory: () => isDirectory }
}
