import type { Readable } from 'node:stream'

/** Destroys a stream from which nobody took anything for so long. @returns the stream */
export function unlessStalled(stream: Readable, ms: number): Readable {
  const timer = setTimeout(() => stream.destroy(new Error(`nobody read for ${ms} ms`)), ms)
  stream.on('data', () => timer.refresh())
  stream.pause()
  stream.once('close', () => clearTimeout(timer))
  return stream
}
