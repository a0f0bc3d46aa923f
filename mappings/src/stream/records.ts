import { JsonSplitter } from './json-splitter.ts'
import { type Splitter, type StreamItem, type StreamLimits, streamLimits } from './items.ts'
import { XmlSplitter } from './xml-splitter.ts'

/**
 * A splitter for a stream of which nothing is known yet: its first sign tells JSON from XML. Anything that begins with
 * neither is read as JSON, which then says what it found.
 */
export function createSplitter(limits: Partial<StreamLimits> = {}): Splitter {
  const within = { ...streamLimits, ...limits }
  let splitter: Splitter | undefined
  let blanks = 0
  return {
    push(chunk) {
      const sign = splitter === undefined ? firstSign(chunk) : undefined
      if (sign !== undefined)
        splitter = sign === 0x3c ? new XmlSplitter(within, blanks) : new JsonSplitter(within, blanks)
      else if (splitter === undefined) blanks += chunk.length
      return splitter?.push(chunk) ?? []
    },
    end() {
      return splitter?.end() ?? []
    },
  }
}

/**
 * The records of a stream, one after the other, as they are read. Nothing of the stream is kept but the record being
 * read; back-pressure is that of the source. The last item of a stream that broke off is a fault that `stops`.
 */
export async function* streamRecords(
  chunks: AsyncIterable<Uint8Array>,
  limits: Partial<StreamLimits> = {},
): AsyncGenerator<StreamItem> {
  const splitter = createSplitter(limits)
  for await (const chunk of chunks) {
    for (const item of splitter.push(chunk)) {
      yield item
      if (item.kind === 'fault' && item.stops) return
    }
  }
  yield* splitter.end()
}

/** The first byte that is neither blank nor part of a byte order mark. */
function firstSign(chunk: Uint8Array): number | undefined {
  return chunk.find((byte) => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf)
}
