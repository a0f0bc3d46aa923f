import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { listFolder } from './list-folder.ts'
import { containerLimits } from './read-container.ts'
import { readPieces, readRegular } from './read-limited.ts'

/** Documents that lie beside receipts, and which of them a receipt has been found for. */
export interface DocumentsFolder {
  /** The document of the receipt `NAME.json`: `NAME` or `NAME.ext`, else the one with the digest that the receipt states. */
  claim(receiptFile: string, receiptText: Buffer): string | undefined
  read(name: string): Buffer
  unclaimed(): readonly string[]
}

/**
 * Hashes every document of a folder.
 * @param fail told each one that cannot be read: no regular file, or larger than a container may be
 * @throws ProofError when there are too many
 */
export function openDocuments(path: string, fail: (name: string, error: unknown) => void): DocumentsFolder {
  const byName = new Map<string, string>()
  const byDigest = new Map<string, string>()
  const left = new Set<string>()
  for (const name of listFolder(path)) {
    try {
      const digest = digestOf(join(path, name))
      for (const key of [name, name.replace(/\.[^.]*$/, '')]) if (!byName.has(key)) byName.set(key, name)
      if (!byDigest.has(digest)) byDigest.set(digest, name)
      left.add(name)
    } catch (error) {
      fail(name, error)
    }
  }
  return {
    claim(receiptFile, receiptText) {
      const stem = receiptFile.replace(/(?:\.(?:receipt|refusal))?\.json$/, '')
      const digest = /"sha256"\s*:\s*"([0-9a-f]{64})"/.exec(receiptText.toString('latin1'))?.[1] ?? ''
      const name = byName.get(stem) ?? byDigest.get(digest)
      if (name !== undefined) left.delete(name)
      return name
    },
    read: (name) => readRegular(join(path, name), containerLimits.bytes),
    unclaimed: () => [...left],
  }
}

function digestOf(path: string): string {
  const hash = createHash('sha256')
  for (const piece of readPieces(path, containerLimits.bytes)) hash.update(piece)
  return hash.digest('hex')
}
