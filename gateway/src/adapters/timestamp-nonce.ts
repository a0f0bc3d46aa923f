import { randomBytes } from 'node:crypto'

/** Random bytes of a positive INTEGER of constant length: the first bit low, the second high. */
export function positiveBytes(length: number): Buffer {
  const bytes = randomBytes(length)
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40
  return bytes
}
