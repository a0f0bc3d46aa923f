import { gunzipSync } from 'node:zlib'
import { type Finding, finding } from '@socle/schemas'

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/** What gzip bytes hold, never more than a bound: a small file can unpack to a thousand times its size. */
export function gunzip(
  bytes: Uint8Array,
  maxBytes: number,
): { readonly bytes: Uint8Array } | { readonly fault: Finding } {
  try {
    return { bytes: gunzipSync(bytes, { maxOutputLength: maxBytes }) }
  } catch (error) {
    const isTooLarge =
      error instanceof RangeError ||
      (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
    if (isTooLarge)
      return { fault: finding('FORMAT-TOO-LARGE', { value: `> ${maxBytes}`, expected: String(maxBytes) }) }
    const expected = error instanceof Error ? error.message : String(error)
    return { fault: finding('STREAM-COMPRESSION', { value: 'gzip', expected }) }
  }
}
