import { JsonSplitter } from './json-splitter.ts'
import { type Splitter, type StreamItem, type StreamLimits, streamLimits } from './items.ts'
import { Keeper } from './keeper.ts'
import { XmlSplitter } from './xml-splitter.ts'

/**
 * A splitter for a stream of which nothing is known yet: its first sign tells JSON from XML. Anything that begins with
 * neither is read as JSON, which then says what it found.
 */
export function createSplitter(limits: Partial<StreamLimits> = {}): Splitter {
  const within = { ...streamLimits, ...limits }
  let splitter: Splitter | undefined
  let head = Buffer.alloc(0)
  let blanks = 0
  const begin = (isWhole: boolean): readonly StreamItem[] => {
    const at = head.findIndex(isSign)
    // The byte after the sign tells UTF-16.
    if (at === head.length - 1 && !isWhole) return []
    if (at !== -1) splitter = splitterFor(head, at, within, blanks)
    else blanks += head.length
    const first = head
    head = Buffer.alloc(0)
    return splitter?.push(first) ?? []
  }
  return {
    push(chunk) {
      if (splitter !== undefined) return splitter.push(chunk)
      head = Buffer.concat([head, chunk])
      return begin(false)
    },
    end() {
      const last = splitter === undefined ? begin(true) : []
      return [...last, ...(splitter?.end() ?? [])]
    },
  }
}

/** For a stream that begins like this, its first sign at a place; `blanks` bytes were before it. */
function splitterFor(head: Buffer, at: number, limits: StreamLimits, blanks: number): Splitter {
  const mark = head.toString('hex', at, at + 2)
  if (mark === 'fffe' || mark === 'feff' || head[at + 1] === 0 || (at > 0 && head[at - 1] === 0)) {
    return refusing(blanks + at, limits, 'STREAM-ENCODING', { value: 'UTF-16', expected: 'UTF-8' })
  }
  // Who reads a stream has unpacked it: this is a second time.
  if (mark === '1f8b') return refusing(blanks + at, limits, 'FORMAT-COMPRESSED', { value: 'gzip × 2' })
  return head[at] === 0x3c ? new XmlSplitter(limits, blanks) : new JsonSplitter(limits, blanks)
}

/** Reads nothing: says why once. */
function refusing(offset: number, limits: StreamLimits, ...why: Parameters<Keeper['stop']>): Splitter {
  const keeper = new Keeper(limits)
  keeper.place(offset)
  keeper.stop(...why)
  return { push: () => keeper.takeItems(), end: () => [] }
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

/** A byte that is neither blank nor part of a byte order mark; the first of gzip is a sign too. */
function isSign(byte: number): boolean {
  return byte === 0x1f || (byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf)
}
