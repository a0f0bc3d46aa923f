/**
 * The partition that Kafka's own clients give a key: murmur2 of its UTF-8 bytes, made positive, modulo the number of
 * partitions. A consumer that computes it elsewhere finds a consultation where we put it.
 */
export function partitionOf(key: string, partitions: number): number {
  return partitions === 1 ? 0 : (murmur2(Buffer.from(key, 'utf8')) & 0x7fff_ffff) % partitions
}

const multiplier = 0x5bd1_e995
const seed = 0x9747_b28c

/** Austin Appleby's MurmurHash2 as in org.apache.kafka.common.utils.Utils: a signed 32-bit integer. */
export function murmur2(bytes: Buffer): number {
  const { length } = bytes
  const whole = length & ~3
  let hash = seed ^ length
  for (let at = 0; at < whole; at += 4) {
    let word = Math.imul(bytes.readInt32LE(at), multiplier)
    word = Math.imul(word ^ (word >>> 24), multiplier)
    hash = Math.imul(hash, multiplier) ^ word
  }
  if (length > whole) {
    for (let at = length - 1; at >= whole; at--) hash ^= (bytes[at] ?? 0) << (8 * (at - whole))
    hash = Math.imul(hash, multiplier)
  }
  hash = Math.imul(hash ^ (hash >>> 13), multiplier)
  return hash ^ (hash >>> 15)
}
