import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'

/** A directory that only its owner may enter. */
export function privateDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
}

/**
 * Writes a new file whole or not at all, readable by its owner only, and on disk when this returns.
 * A crash leaves no half-written key: at worst a temporary file that nobody reads. When another process was faster its
 * file stays and this one is dropped, hence a link (which never replaces) and not a rename.
 * @param unique makes the temporary name
 */
export function writeOnce(path: string, content: string | Uint8Array, unique: string): void {
  if (existsSync(path)) return
  const temporary = writeTemporary(path, content, unique)
  try {
    linkSync(temporary, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    rmSync(temporary, { force: true })
  }
  syncDirectory(dirname(path))
}

/** The same for a file that may exist: readers see the old text or the new one, never a part. */
export function replaceFile(path: string, content: string | Uint8Array, unique: string): void {
  renameSync(writeTemporary(path, content, unique), path)
  syncDirectory(dirname(path))
}

function writeTemporary(path: string, content: string | Uint8Array, unique: string): string {
  const temporary = `${path}.${unique}.tmp`
  const file = openSync(temporary, 'wx', 0o600)
  try {
    writeFileSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return temporary
}

/** Without this a crash may forget the new name though the bytes are on disk. */
function syncDirectory(path: string): void {
  const directory = openSync(path, 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}
