import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** Writes a file under a name that may stand in several folders: each call has a folder of its own. */
export function fileOf(root: string, name: string, bytes: string | Uint8Array): string {
  mkdirSync(root, { recursive: true })
  const path = join(mkdtempSync(join(root, 'file-')), name)
  writeFileSync(path, bytes)
  return path
}

/** A copy of the same name with one byte changed: at a place, or behind a text that the file holds. */
export function changed(root: string, path: string, at: number | string): string {
  const bytes = Buffer.from(readFileSync(path))
  const place = typeof at === 'number' ? at : bytes.indexOf(at) + Buffer.byteLength(at)
  if (place < 0 || place >= bytes.length || (typeof at === 'string' && !bytes.includes(at)))
    throw new Error(`${path} has no such place: ${at}`)
  bytes[place] = (bytes[place] ?? 0) ^ 1
  return fileOf(root, basename(path), bytes)
}
