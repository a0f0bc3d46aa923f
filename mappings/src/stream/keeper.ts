import { type Finding, type RuleId, finding } from '@socle/schemas'
import type { DecpContract } from '../decp/view.ts'
import { Carry } from './carry.ts'
import type { StreamItem, StreamLimits } from './items.ts'

/**
 * Keeps the bytes of the record being read, in the piece they came in when the record is whole in it, and hands records
 * out. Owned by one splitter, which tells it every piece.
 */
export class Keeper {
  readonly limits: StreamLimits
  items: StreamItem[] = []
  isStopped = false
  readonly #carry = new Carry()
  /** Place in the piece where the record begins, 0 when it began in an earlier one. Undefined: nothing is kept. */
  #start: number | undefined
  #recordOffset = 0
  /** Offset in the stream of the first byte of the piece. */
  #base = 0
  #index = 0
  /** What is kept is the end of something too large to keep. */
  #isTail = false

  constructor(limits: StreamLimits) {
    this.limits = limits
  }

  get offset(): number {
    return this.#base
  }

  get records(): number {
    return this.#index
  }

  /** Bytes kept before those of this piece. */
  get carried(): number {
    return this.#carry.length
  }

  keepFrom(at: number): void {
    this.#start = at
    this.#recordOffset = this.#base + at
  }

  /** For a splitter that keeps its own bytes: where the next record, or the fault, is. */
  place(offset: number): void {
    this.#recordOffset = offset
    this.#base = offset
  }

  drop(): void {
    this.#start = undefined
    this.#carry.clear()
  }

  /** The piece was read to its end. */
  endPiece(piece: Uint8Array): void {
    if (this.#start !== undefined) {
      const size = this.#carry.length + piece.length - this.#start
      if (size > this.limits.recordBytes) this.drop()
      else {
        this.#carry.append(piece.subarray(this.#start))
        this.#start = 0
      }
    }
    this.#base += piece.length
  }

  /** The record ends before a place. A record that was dropped for its size is told as such. */
  finish(piece: Uint8Array, end: number, contract: DecpContract | undefined): void {
    if (this.#start === undefined) return this.skip()
    const own = piece.subarray(this.#start, end)
    if (this.#carry.length > 0) this.#carry.append(own)
    const bytes = this.#carry.length > 0 ? this.#carry.take() : own
    this.#start = undefined
    if (bytes.length > this.limits.recordBytes) this.skip()
    else this.hand(bytes, contract)
  }

  hand(bytes: Uint8Array, contract: DecpContract | undefined): void {
    this.items.push({ kind: 'record', index: this.#index, offset: this.#recordOffset, bytes, contract })
    this.#count()
  }

  /** A record too large to be kept. */
  skip(): void {
    const expected = String(this.limits.recordBytes)
    const fault = finding('FORMAT-TOO-LARGE', { record: this.#index, value: `> ${expected}`, expected })
    this.items.push({ kind: 'fault', index: this.#index, offset: this.#recordOffset, finding: fault, stops: false })
    this.#count()
  }

  /** The stream cannot be read beyond this place. */
  stop(rule: RuleId, place: { readonly value?: string; readonly expected?: string } = {}): void {
    this.isStopped = true
    this.items.push({
      kind: 'fault',
      index: undefined,
      offset: this.#base,
      finding: finding(rule, { value: String(this.#base), ...place }),
      stops: true,
    })
  }

  note(rule: RuleId, place: { readonly value?: string; readonly expected?: string } = {}): void {
    this.tell(finding(rule, place))
  }

  /** Something wrong around the records, at a place of the piece. */
  tell(found: Finding, at = 0): void {
    if (this.isStopped) return
    this.items.push({ kind: 'fault', index: undefined, offset: this.#base + at, finding: found, stops: false })
  }

  takeItems(): readonly StreamItem[] {
    const { items } = this
    this.items = []
    return items
  }

  /** What is kept at the end of the stream, for looking only. */
  get rest(): Buffer {
    return this.#carry.view()
  }

  /** What is kept at the end of the stream is a record. */
  handRest(contract: DecpContract | undefined): void {
    if (this.#carry.length > 0) this.cut(this.#carry.length, this.#carry.length, contract)
  }

  /** From the start of the record on, everything is kept, whatever it is. Gives the place it starts at. */
  keepAll(at: number): number {
    if (this.#start === undefined) this.keepFrom(at)
    const start = this.#start ?? at
    this.#start = undefined
    this.#base += start
    return start
  }

  /** While everything is kept: takes a piece and shows all there is. */
  addAll(piece: Uint8Array): Buffer {
    this.#carry.append(piece)
    this.#base += piece.length
    return this.#carry.view()
  }

  /** While everything is kept: lets go of all but the end. */
  keepTail(bytes: number): void {
    this.#isTail = true
    const tail = Buffer.from(this.#carry.view().subarray(-bytes))
    this.#carry.clear()
    this.#carry.append(tail)
  }

  /** What was kept up to a place is a record, unreadable as it is; what comes back is to be read again. */
  cut(end: number, next: number, contract: DecpContract | undefined): Buffer {
    const all = this.#carry.take()
    this.#base -= all.length - next
    if (this.#isTail || end > this.limits.recordBytes) this.skip()
    else this.hand(all.subarray(0, end), contract)
    this.#isTail = false
    return all.subarray(next)
  }

  #count(): void {
    this.#index++
    if (this.#index >= this.limits.records) {
      this.stop('STREAM-LIMIT', { value: String(this.#index), expected: String(this.limits.records) })
    }
  }
}
