import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { openPromise } from 'yauzl'

/** Files taken out of a jar, a zip or a folder, by their path inside it, and the digest of the whole. */
export interface Archive {
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly sha256: string
}

/** Largest file and largest sum of files taken out of an archive: the largest real ones are 11 and 40 MB. */
const largestFile = 64 * 1024 * 1024
const largestSum = 512 * 1024 * 1024

/** Reads the files that `wanted` names. Throws when the path is neither, or an archive holds more than any real one does. */
export async function readArchive(path: string, wanted: (path: string) => boolean): Promise<Archive> {
  if (statSync(path).isDirectory()) return readFolder(path, wanted)
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
  const zip = await openPromise(path, { lazyEntries: true, validateEntrySizes: true, strictFileNames: true })
  const files = new Map<string, Uint8Array>()
  let sum = 0
  for await (const entry of zip.eachEntry()) {
    if (!wanted(entry.fileName)) continue
    sum += entry.uncompressedSize
    if (entry.uncompressedSize > largestFile || sum > largestSum) {
      throw new Error(`${path}: ${entry.fileName} is too large`)
    }
    files.set(entry.fileName, await buffer(await zip.openReadStreamPromise(entry)))
  }
  return { files, sha256 }
}

function readFolder(root: string, wanted: (path: string) => boolean): Archive {
  const files = new Map<string, Uint8Array>()
  const hash = createHash('sha256')
  for (const found of readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()) {
    if (!wanted(found)) continue
    const bytes = readFileSync(join(root, found))
    files.set(found, bytes)
    hash.update(`${found}\n${createHash('sha256').update(bytes).digest('hex')}\n`)
  }
  return { files, sha256: hash.digest('hex') }
}
