import { ProofError } from '@socle/schemas'

/** Lines of pieces of UTF-8, without their ends; the last one may lack its own. @throws ProofError when one is longer than `limit` bytes */
export function* linesOf(pieces: Iterable<Buffer>, limit: number): Generator<string> {
  let rest: Buffer[] = []
  let length = 0
  for (const piece of pieces) {
    let from = 0
    for (let end = piece.indexOf(0x0a); end >= 0; end = piece.indexOf(0x0a, from)) {
      yield textOf([...rest, piece.subarray(from, end)], limit)
      rest = []
      length = 0
      from = end + 1
    }
    rest.push(piece.subarray(from))
    length += piece.length - from
    if (length > limit) throw new ProofError(`a line is longer than ${limit} bytes`)
  }
  if (length > 0) yield textOf(rest, limit)
}

function textOf(parts: readonly Buffer[], limit: number): string {
  const bytes = Buffer.concat(parts)
  if (bytes.length > limit) throw new ProofError(`a line is longer than ${limit} bytes`)
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}
