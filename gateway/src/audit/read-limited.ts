import { readFile, stat } from 'node:fs/promises'
import { ProofError } from '@socle/schemas'

/** A whole file, unless it is larger than anything that it may be. @throws ProofError; file system errors as they come */
export async function readLimited(path: string, limit: number): Promise<Buffer> {
  const { size } = await stat(path)
  if (size > limit) throw new ProofError(`the file is larger than ${limit} bytes`)
  return await readFile(path)
}
