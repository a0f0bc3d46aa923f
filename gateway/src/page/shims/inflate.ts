import { Inflate } from 'fflate'

/** Packed bytes are given in such pieces: what one unpacks to at most bounds the memory of a hostile file. */
const pieceBytes = 16_384

/** Unpacks raw deflate. @throws Error when it is damaged or does not give exactly `size` bytes */
export function inflateExactly(packed: Uint8Array, size: number): Buffer {
  const parts: Uint8Array[] = []
  let total = 0
  const inflate = new Inflate((part) => {
    total += part.length
    if (total > size) throw new Error(`too many bytes in the stream. expected ${size}. got at least ${total}`)
    parts.push(part)
  })
  for (let at = 0; at < packed.length; at += pieceBytes)
    inflate.push(packed.subarray(at, at + pieceBytes), at + pieceBytes >= packed.length)
  if (total < size) throw new Error(`not enough bytes in the stream. expected ${size}. got only ${total}`)
  return Buffer.concat(parts)
}
