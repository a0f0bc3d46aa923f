/** The part of node:zlib that the verifier uses. */
import { inflate } from './inflate.ts'

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/** CRC-32 of zip files: an unsigned number. */
export function crc32(data: Uint8Array): number {
  let value = ~0
  for (const byte of data) value = (value >>> 8) ^ (table[(value ^ byte) & 0xff] ?? 0)
  return ~value >>> 0
}

/** @throws Error when the bytes are damaged, or unpack to more than `maxOutputLength` */
export function inflateRawSync(packed: Uint8Array, { maxOutputLength }: { readonly maxOutputLength: number }): Buffer {
  return Buffer.from(inflate(packed, maxOutputLength))
}
