import { ProofError } from '@socle/schemas'

/** Lines of a stream of UTF-8, without their ends; the last one may lack its own. @throws ProofError when one is longer than `limit` bytes */
export async function* linesOf(stream: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<string> {
  let rest = Buffer.alloc(0)
  for await (const piece of stream) {
    rest = Buffer.concat([rest, piece])
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
      yield textOf(rest.subarray(0, end), limit)
      rest = rest.subarray(end + 1)
    }
    if (rest.length > limit) throw new ProofError(`a line is longer than ${limit} bytes`)
  }
  if (rest.length > 0) yield textOf(rest, limit)
}

function textOf(bytes: Uint8Array, limit: number): string {
  if (bytes.length > limit) throw new ProofError(`a line is longer than ${limit} bytes`)
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
}
