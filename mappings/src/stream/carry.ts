/** Bytes kept between two pieces of a stream. Doubles when it must grow, so that a byte is copied a bounded number of times. */
export class Carry {
  #bytes = Buffer.allocUnsafe(8192)
  #length = 0

  get length(): number {
    return this.#length
  }

  append(piece: Uint8Array): void {
    const length = this.#length + piece.length
    if (length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, this.#bytes.length * 2))
      larger.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = larger
    }
    this.#bytes.set(piece, this.#length)
    this.#length = length
  }

  /** What is kept, for looking only: the next append may write over it. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  /** What is kept, as bytes of its own; then nothing is. */
  take(): Buffer {
    const taken = Buffer.from(this.view())
    this.#length = 0
    return taken
  }

  clear(): void {
    this.#length = 0
  }
}
