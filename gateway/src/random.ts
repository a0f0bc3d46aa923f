import { randomFillSync } from 'node:crypto'
import { v7 } from 'uuid'

/** Random bytes are drawn in advance: one system call serves hundreds of documents instead of two calls a document. */
const poolBytes = 8_192

/** Gives out each byte once and wipes it, so that what is left of a salt in memory is the salt alone. */
export function createRandom(): (size: number) => Uint8Array {
  const pool = new Uint8Array(poolBytes)
  let used = poolBytes
  return (size) => {
    if (size > poolBytes) throw new RangeError(`at most ${poolBytes} random bytes at once`)
    if (used + size > poolBytes) {
      randomFillSync(pool)
      used = 0
    }
    const bytes = pool.slice(used, used + size)
    pool.fill(0, used, used + size)
    used += size
    return bytes
  }
}

/** UUID version 7 (RFC 9562): time first, then 74 random bits. */
export function createIds(random: (size: number) => Uint8Array): () => string {
  return () => v7({ random: random(16) })
}
