import { readFile, stat } from 'node:fs/promises'
import { ProofError } from '@socle/schemas'

/** A whole file, unless it is larger than anything that it may be. @throws ProofError; file system errors as they come */
export async function readLimited(path: string, limit: number): Promise<Buffer> {
  const file = await stat(path)
  // A pipe or a device has no size and may have no end.
  if (!file.isFile()) throw new ProofError('not a regular file')
  const { size } = file
  if (size > limit) throw new ProofError(`the file is larger than ${limit} bytes`)
  return await readFile(path)
}
