import { createHash } from 'node:crypto'
import { parseCheckpointText, parseNote } from '@socle/schemas'
import { isGrowth, noteIn } from '../audit/check-history.ts'
import { type Given, nameOf } from './sort-files.ts'

const pieceBytes = 1_048_576

/** SHA-256 of a file, piece by piece. @throws Error when it cannot be read */
function digestOf(given: Given, path: string): string {
  const hash = createHash('sha256')
  const file = given.get(path)
  const size = file?.size ?? 0
  for (let at = 0; at < size; at += pieceBytes) hash.update(file?.read(at, Math.min(size, at + pieceBytes)) ?? '')
  return hash.digest('hex')
}

function textOf(given: Given, path: string): string {
  const file = given.get(path)
  return file === undefined ? '' : Buffer.from(file.read(0, file.size)).toString('utf8')
}

/** `a.receipt.json` and `a.xml` have one stem. */
function stemOf(path: string): string {
  return nameOf(path).replace(/(?:\.(?:receipt|refusal))?\.[^.]*$/, '')
}

/**
 * Which document goes with which receipt: the one that has the digest it names, else the one of that name, else the only
 * one left for the only receipt left, so that an altered document is seen to be altered.
 * @returns document by receipt
 * @throws Error when a file cannot be read
 */
export function pairDocuments(
  given: Given,
  receipts: readonly string[],
  documents: readonly string[],
): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>()
  const free = new Map(documents.map((path) => [path, digestOf(given, path)]))
  const claims = receipts.map((receipt) => ({ receipt, ...claimsOf(textOf(given, receipt)) }))
  const take = (receipt: string, path: string | undefined): void => {
    if (path === undefined) return
    pairs.set(receipt, path)
    free.delete(path)
  }
  const isLeft = ({ receipt }: { readonly receipt: string }): boolean => !pairs.has(receipt)
  for (const { receipt, sha256 } of claims) take(receipt, [...free].find(([, digest]) => digest === sha256)?.[0])
  for (const { receipt, name } of claims.filter(isLeft)) {
    const named = [...free.keys()].filter((path) => nameOf(path) === name || stemOf(path) === stemOf(receipt))
    take(receipt, named.length === 1 ? named[0] : undefined)
  }
  const [only, ...others] = claims.filter(isLeft)
  if (only !== undefined && others.length === 0 && free.size === 1) take(only.receipt, [...free.keys()][0])
  return pairs
}

/** What a receipt names as its document; read loosely, since it may have been altered. */
function claimsOf(text: string): { readonly sha256: string | undefined; readonly name: string | undefined } {
  const content = /"content"\s*:\s*\{[^}]*\}/.exec(text)?.[0] ?? ''
  return {
    sha256: /"sha256"\s*:\s*"([0-9a-f]{64})"/.exec(content)?.[1],
    name: /"name"\s*:\s*"([^"]*)"/.exec(content)?.[1],
  }
}

/** Token by checkpoint: `NAME.tsr` goes with `NAME`; a single one with the single checkpoint, whatever their names. */
export function pairTokens(checkpoints: readonly string[], tokens: readonly string[]): ReadonlyMap<string, string> {
  const [checkpoint, token] = [checkpoints[0], tokens[0]]
  if (checkpoint !== undefined && token !== undefined && checkpoints.length === 1 && tokens.length === 1)
    return new Map([[checkpoint, token]])
  const pairs = new Map<string, string>()
  for (const path of checkpoints) {
    const own = tokens.find((candidate) => candidate === `${path}.tsr`)
    const alike = tokens.find((candidate) => stemOf(candidate) === stemOf(`${nameOf(path)}.note`))
    const found = own ?? alike
    if (found !== undefined) pairs.set(path, found)
  }
  return pairs
}

/** Checkpoints from the smallest log to the largest; one with a proof behind, where sizes are equal. */
export function inOrder(given: Given, checkpoints: readonly string[]): string[] {
  const sized = checkpoints.map((path) => ({ path, ...sizeOf(textOf(given, path)) }))
  return sized
    .sort((left, right) => left.size - right.size || Number(left.proof) - Number(right.proof))
    .map(({ path }) => path)
}

function sizeOf(text: string): { readonly size: number; readonly proof: boolean } {
  const proof = isGrowth(text)
  try {
    return { size: parseCheckpointText(parseNote(noteIn(Buffer.from(text))).text).size, proof }
  } catch {
    return { size: 0, proof }
  }
}
