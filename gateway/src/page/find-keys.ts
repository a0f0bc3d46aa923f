import { trustFileNames } from '../audit/load-trust.ts'
import type { GivenFile } from './shims/files.ts'
import { type Given, nameOf, type Sorted } from './sort-files.ts'

export interface FoundKeys {
  /** By the name that the verifier asks for. */
  readonly files: ReadonlyMap<string, GivenFile>
  /** They came inside an export, from whoever made it. */
  readonly inExport: boolean
  /** A name under which two different files were given. */
  readonly conflict?: string
}

/** A list of keys and revocations has a few kilobytes; this is beyond anything an operator publishes. */
const maxKeyBytes = 1_048_576

/** Keys given on their own; without any, those inside the first export, where `socle verify` looks for them too. */
export function keysIn(given: Given, { keys, exports }: Sorted): FoundKeys {
  const files = new Map<string, GivenFile>()
  for (const path of keys) {
    const file = given.get(path)
    const known = files.get(nameOf(path))
    if (file === undefined) continue
    if (known !== undefined && !isSame(known, file)) return { files, inExport: false, conflict: nameOf(path) }
    files.set(nameOf(path), file)
  }
  if (files.size > 0 || exports[0] === undefined) return { files, inExport: false }
  for (const name of Object.values(trustFileNames)) {
    const places = ['', 'trust/', 'log/'].map((folder) => given.get(`${exports[0]}/${folder}${name}`))
    const found = places.find((file) => file !== undefined)
    if (found !== undefined) files.set(name, found)
  }
  return { files, inExport: true }
}

function isSame(left: GivenFile, right: GivenFile): boolean {
  if (left.size !== right.size || left.size > maxKeyBytes) return false
  return Buffer.compare(left.read(0, left.size), right.read(0, right.size)) === 0
}
