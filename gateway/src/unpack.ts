import { PassThrough, pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** What an unpacked stream may become: a small file can hold a thousand times its size. */
export interface UnpackLimits {
  /** Bytes after unpacking. */
  readonly bytes: number
  /** Bytes after unpacking for one before it, once `freeBytes` have come out. */
  readonly ratio: number
  readonly freeBytes: number
}

/** A national file of 1 GB packs to a tenth; text that repeats itself to a hundredth. */
export const unpackLimits: UnpackLimits = { bytes: 8 * 1024 ** 3, ratio: 300, freeBytes: 16 * 1024 ** 2 }

/** The stream goes beyond a limit of size or of time, or is no gzip although it begins so. */
export class UnpackError extends Error {
  readonly why: 'limit' | 'slow' | 'damaged'

  constructor(why: UnpackError['why'], message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'UnpackError'
    this.why = why
  }
}

/**
 * A stream as it is, or what it holds when its first bytes are those of gzip: what a header says is not asked. Memory
 * stays flat and the source is read only as fast as the result is.
 * @throws UnpackError when read
 */
export async function* unpack(
  source: AsyncIterable<Uint8Array>,
  limits: UnpackLimits = unpackLimits,
): AsyncGenerator<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  while (head.length < 2) {
    const next = await iterator.next()
    if (next.done === true) break
    head = Buffer.concat([head, next.value])
  }
  const counted = { in: 0, out: 0 }
  const whole = count(rejoined(head, iterator), counted)
  const isGzip = head[0] === 0x1f && head[1] === 0x8b
  for await (const chunk of isGzip ? gunzipped(whole) : whole) {
    counted.out += chunk.length
    if (counted.out > limits.bytes) throw new UnpackError('limit', `${limits.bytes} bytes`)
    const isBomb = isGzip && counted.out > limits.freeBytes && counted.out > counted.in * limits.ratio
    if (isBomb) throw new UnpackError('limit', `${limits.ratio}:1`)
    yield chunk
  }
}

async function* rejoined(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head
  for (;;) {
    const next = await rest.next()
    if (next.done === true) return
    yield next.value
  }
}

async function* count(chunks: AsyncIterable<Uint8Array>, counted: { in: number }): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    counted.in += chunk.length
    yield chunk
  }
}

async function* gunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const out = new PassThrough({ highWaterMark: 131_072 })
  let cause: unknown
  pipeline(Readable.from(chunks, { objectMode: false }), createGunzip({ chunkSize: 65_536 }), out, (error) => {
    if (error) cause = error
  })
  try {
    for await (const chunk of out) yield chunk as Buffer
  } catch (error) {
    const reason = cause ?? error
    const isZlib = reason instanceof Error && 'code' in reason && String(reason.code).startsWith('Z_')
    throw isZlib ? new UnpackError('damaged', reason.message, reason) : reason
  }
}
