const longestName = 64

/** Reads the name of a member, between two pieces of the stream or whole. */
export class NameReader {
  /** A name is open. */
  isOpen = false
  #bytes: number[] = []
  #isEscaped = false

  open(): void {
    this.isOpen = true
    this.#bytes = []
    this.#isEscaped = false
  }

  drop(): void {
    this.isOpen = false
  }

  /** The place after what was read of the name: after its closing quote, the end of the piece, or a line break in it. */
  read(piece: Uint8Array, from: number): number {
    for (let at = from; at < piece.length; at++) {
      const byte = piece[at] ?? 0
      if (byte === 0x22 && !this.#isEscaped) {
        this.isOpen = false
        return at + 1
      }
      if (byte === 0x0a) return at
      this.#isEscaped = byte === 0x5c && !this.#isEscaped
      if (this.#bytes.length < longestName) this.#bytes.push(byte)
    }
    return piece.length
  }

  /** The name as a reader of JSON has it; only its beginning when it is longer than any that means something. */
  get name(): string {
    const text = Buffer.from(this.#bytes).toString()
    if (!text.includes('\\')) return text
    try {
      return String(JSON.parse(`"${text}"`))
    } catch {
      return text
    }
  }
}
