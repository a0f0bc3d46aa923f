import { Beside } from './beside.ts'
import { type Frame, innerFrame, isBlank, isMark } from './frame.ts'
import type { Splitter, StreamItem, StreamLimits } from './items.ts'
import { type ScanState, newScan, scanValue } from './json-scan.ts'
import { Keeper } from './keeper.ts'
import { NameReader } from './name-reader.ts'
import { endsAsFile, findBoundary, findLine } from './resync.ts'

/** What the next sign may be. */
type Expect = 'value' | 'item-or-end' | 'name-or-end' | 'name' | 'colon' | 'comma-or-end'

/** How much of a broken stream is kept to look for the next record in. */
const tailBytes = 1024

/**
 * Splits JSON into its records whatever their arrangement (decp/layout.ts tells them for one document): two lists in an
 * object, one list, a record alone, and any number of these one after the other, on lines of their own or not.
 */
export class JsonSplitter implements Splitter {
  readonly #keeper: Keeper
  readonly #scan: ScanState
  #stack: Frame[] = []
  #expect: Expect = 'value'
  /** A value is being passed over: a record of a list, or a member nobody looks into. */
  #passing: 'record' | 'member' | undefined
  #isScalar = false
  readonly #name = new NameReader()
  readonly #beside = new Beside()
  /** The document being read holds a list: it is no record itself. */
  #holdsList = false
  /** Where to look for the next record from, in what is kept, while the stream is broken. */
  #lostFrom: number | undefined

  /** `offset`: bytes of the stream before the first piece. */
  constructor(limits: StreamLimits, offset = 0) {
    this.#keeper = new Keeper(limits)
    this.#keeper.place(offset)
    this.#scan = newScan(limits.depth)
  }

  push(chunk: Uint8Array): readonly StreamItem[] {
    this.#readAll(chunk)
    return this.#keeper.takeItems()
  }

  #readAll(chunk: Uint8Array): void {
    let piece: Uint8Array | undefined = chunk
    while (piece !== undefined && piece.length > 0 && !this.#keeper.isStopped) {
      piece = this.#lostFrom === undefined ? this.#read(piece) : this.#seek(piece)
    }
  }

  end(): readonly StreamItem[] {
    const keeper = this.#keeper
    while (!keeper.isStopped && this.#leaveOpenLine());
    if (keeper.isStopped) return keeper.takeItems()
    const isOpen = this.#stack.length > 0 || this.#lostFrom !== undefined
    const isPassing = this.#passing !== undefined && !(this.#isScalar && !isOpen)
    const isWhole = !isPassing && (!isOpen || (this.#lostFrom !== undefined && endsAsFile(keeper.rest)))
    // The beginning of a record is no record: sent again whole, it would be another one under the same number.
    if (!isWhole) keeper.stop('STREAM-CUT')
    else keeper.handRest(this.#stack.at(-1)?.contract)
    return keeper.takeItems()
  }

  /** At the end of a stream of lines, a record that was never closed took in the lines after it: they are read again. */
  #leaveOpenLine(): boolean {
    const isList = this.#stack.some(({ role }) => role === 'list')
    if (this.#stack.length === 0 || isList || this.#lostFrom !== undefined) return false
    const next = findLine(this.#keeper.rest)
    if (next === undefined) return false
    this.#keeper.keepAll(0)
    this.#forget(0)
    this.#readAll(this.#keeper.cut(next - 1, next, undefined))
    return true
  }

  /** Of the open containers only the first ones are left; what was being read in them is not. */
  #forget(depth: number): void {
    this.#stack = this.#stack.slice(0, depth)
    this.#passing = undefined
    this.#name.drop()
    this.#expect = 'value'
  }

  /** Reads a piece as far as it can; what comes back is to be read again from there. */
  #read(piece: Uint8Array): Uint8Array | undefined {
    let at = 0
    while (at < piece.length && !this.#keeper.isStopped) {
      const next = this.#passing === undefined ? this.#step(piece, at) : this.#pass(piece, at)
      if (next < 0) return this.#lose(piece, -1 - next)
      at = next
    }
    this.#keeper.endPiece(piece)
    return undefined
  }

  /** One sign of the containers. Places come back negative, less one, where the sign cannot stand. */
  #step(piece: Uint8Array, at: number): number {
    const byte = piece[at] ?? 0
    if (this.#name.isOpen) return this.#readName(piece, at)
    if (isBlank(byte) || (this.#stack.length === 0 && isMark(byte))) return at + 1
    switch (this.#expect) {
      case 'item-or-end':
        return byte === 0x5d ? this.#close(piece, at) : this.#value(at, byte)
      case 'value':
        return this.#value(at, byte)
      case 'colon':
        this.#expect = 'value'
        return byte === 0x3a ? at + 1 : -1 - at
      case 'comma-or-end':
        return this.#separator(piece, at)
      default:
        if (byte === 0x7d && this.#expect === 'name-or-end') return this.#close(piece, at)
        if (byte !== 0x22) return -1 - at
        this.#name.open()
        return at + 1
    }
  }

  #separator(piece: Uint8Array, at: number): number {
    const isList = this.#stack.at(-1)?.role === 'list'
    if (piece[at] === 0x2c) {
      this.#expect = isList ? 'value' : 'name'
      return at + 1
    }
    return piece[at] === (isList ? 0x5d : 0x7d) ? this.#close(piece, at) : -1 - at
  }

  #readName(piece: Uint8Array, from: number): number {
    const at = this.#name.read(piece, from)
    if (!this.#name.isOpen) this.#expect = 'colon'
    // No text goes on in the next line.
    return piece[at] === 0x0a && this.#name.isOpen ? -1 - at : at
  }

  #value(at: number, byte: number): number {
    const frame = this.#stack.at(-1)
    if (frame !== undefined && frame.role !== 'list') {
      const inner = this.#member(frame, this.#name.name, at, byte)
      return inner === undefined ? this.#beginValue(at, byte, 'member') : this.#open(at, inner)
    }
    if (frame === undefined && byte === 0x5b) return this.#open(at, { role: 'list', contract: undefined })
    this.#keeper.keepFrom(at)
    // Whether a lone object is a record is known at its end only, or once a list is met in it.
    if (frame === undefined && byte === 0x7b) return this.#open(at, { role: 'document', contract: undefined })
    return this.#beginValue(at, byte, 'record')
  }

  /** The container that a member opens, when it is one of those that hold records; any other is not read, and told. */
  #member({ role }: Frame, name: string, at: number, byte: number): Frame | undefined {
    const inner = innerFrame(role, name, byte)
    if (inner !== undefined) this.#beside.list(role === 'lists' ? '/marches' : '', name)
    else if (role === 'lists') this.#keeper.tell(this.#beside.inMarches(name), at)
    else this.#beside.other(name)
    return inner
  }

  #open(at: number, frame: Frame): number {
    if (this.#stack.length === 0) this.#beside.begin(this.#keeper.records)
    this.#holdsList = frame.role !== 'document'
    if (this.#holdsList) this.#keeper.drop()
    this.#stack.push(frame)
    this.#expect = frame.role === 'list' ? 'item-or-end' : 'name-or-end'
    return at + 1
  }

  #close(piece: Uint8Array, at: number): number {
    const frame = this.#stack.pop()
    if (frame?.role === 'document' && !this.#holdsList) this.#keeper.finish(piece, at + 1, undefined)
    else if (this.#stack.length === 0) {
      for (const found of this.#beside.end(this.#keeper.records)) this.#keeper.tell(found, at)
    }
    this.#afterValue()
    return at + 1
  }

  #afterValue(): void {
    this.#expect = this.#stack.length === 0 ? 'value' : 'comma-or-end'
  }

  #beginValue(at: number, byte: number, passing: 'record' | 'member'): number {
    if (byte === 0x2c || byte === 0x3a || byte === 0x5d || byte === 0x7d) return -1 - at
    this.#passing = passing
    Object.assign(this.#scan, { depth: 0, inString: byte === 0x22, escaped: false, closed: false, before: 0 })
    this.#isScalar = byte !== 0x7b && byte !== 0x5b
    return this.#isScalar ? at + 1 : at
  }

  /** Goes through the value of which the first sign was seen. */
  #pass(piece: Uint8Array, at: number): number {
    if (this.#isScalar) return this.#passScalar(piece, at)
    const scanned = scanValue(piece, at, this.#scan)
    if (scanned.end === 'broken') return -1 - scanned.at
    if (scanned.end === 'done') this.#passed(piece, scanned.at)
    return scanned.at
  }

  /** A number, a word or a text ends where a sign of the container stands. */
  #passScalar(piece: Uint8Array, from: number): number {
    const scan = this.#scan
    for (let at = from; at < piece.length; at++) {
      const byte = piece[at] ?? 0
      if (scan.escaped) scan.escaped = false
      else if (scan.inString) {
        if (byte === 0x0a) return -1 - at
        scan.escaped = byte === 0x5c
        scan.inString = byte !== 0x22
      } else if (byte === 0x2c || byte === 0x5d || byte === 0x7d || byte === 0x0a) {
        this.#passed(piece, at)
        return at
      }
    }
    return piece.length
  }

  #passed(piece: Uint8Array, end: number): void {
    if (this.#passing === 'record') this.#keeper.finish(piece, end, this.#stack.at(-1)?.contract)
    this.#passing = undefined
    this.#afterValue()
  }

  /** No JSON goes on like this: from the start of the record everything is kept, until the next one is found. */
  #lose(piece: Uint8Array, at: number): Uint8Array | undefined {
    const { carried } = this.#keeper
    const start = this.#keeper.keepAll(at)
    // In a stream of lines the record may have taken in some that follow it before that showed.
    const isList = this.#stack.some(({ role }) => role === 'list')
    this.#lostFrom = isList ? Math.max(carried + at - start, 0) : 0
    return this.#seek(piece.subarray(start))
  }

  #seek(piece: Uint8Array): Uint8Array | undefined {
    const kept = this.#keeper.addAll(piece)
    const list = this.#stack.findLastIndex(({ role }) => role === 'list')
    const boundary = findBoundary(kept, this.#lostFrom ?? 0, list === -1 ? 'sequence' : 'list')
    if (boundary === undefined) {
      this.#lostFrom = Math.max(this.#lostFrom ?? 0, kept.length - tailBytes)
      if (kept.length <= 2 * this.#keeper.limits.recordBytes) return undefined
      this.#keeper.keepTail(tailBytes)
      this.#lostFrom = 0
      return undefined
    }
    this.#lostFrom = undefined
    this.#forget(list + 1)
    const { contract } = this.#stack.at(-1) ?? { contract: undefined }
    if (boundary.contract !== undefined) this.#stack.splice(-1, 1, { role: 'list', contract: boundary.contract })
    return this.#keeper.cut(boundary.end, boundary.next, contract)
  }
}
