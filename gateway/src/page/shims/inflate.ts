/**
 * Raw deflate (RFC 1951), as strict as zlib: what one of the two refuses, the other refuses. Our containers are stored;
 * this is for those that a tool has packed again. Bit by bit: some ten megabytes a second.
 */
interface Code {
  /** How many codes have each length. */
  readonly counts: Uint16Array
  /** In the order of their codes. */
  readonly symbols: Uint16Array
}

interface State {
  readonly input: Uint8Array
  readonly output: Uint8Array
  /** In bits. */
  at: number
  length: number
}

const maxBits = 15
const lengthBase = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
]
const lengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
const orderOfLengths = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

/** @throws Error when the bytes are damaged, cut, or unpack to more than `limit` */
export function inflate(input: Uint8Array, limit: number): Uint8Array {
  const state: State = { input, output: new Uint8Array(limit), at: 0, length: 0 }
  for (let isLast = false; !isLast;) {
    isLast = bits(state, 1) === 1
    const kind = bits(state, 2)
    if (kind === 0) copyStored(state)
    else if (kind === 1) unpack(state, fixed)
    else if (kind === 2) unpack(state, readCodes(state))
    else throw new Error('invalid block type')
  }
  return state.output.subarray(0, state.length)
}

function bits(state: State, count: number): number {
  let value = 0
  for (let bit = 0; bit < count; bit += 1, state.at += 1) {
    const byte = state.input[state.at >> 3]
    if (byte === undefined) throw new Error('unexpected end of file')
    value |= ((byte >> (state.at & 7)) & 1) << bit
  }
  return value
}

function put(state: State, byte: number): void {
  if (state.length >= state.output.length) throw new Error(`more than ${state.output.length} bytes`)
  state.output[state.length++] = byte
}

function copyStored(state: State): void {
  state.at = (state.at + 7) & ~7
  const length = bits(state, 16)
  if ((length ^ 0xffff) !== bits(state, 16)) throw new Error('invalid stored block lengths')
  for (let left = length; left > 0; left -= 1) put(state, bits(state, 8))
}

/** @throws Error when there are more codes than their lengths allow, or fewer: unless the only one has one bit */
function codeOf(lengths: Uint8Array): Code {
  const counts = new Uint16Array(maxBits + 1)
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1
  let left = 1
  const offsets = [0, 0]
  for (let length = 1; length <= maxBits; length += 1) {
    const count = counts[length] ?? 0
    left = left * 2 - count
    if (left < 0) throw new Error('invalid code lengths set')
    offsets.push((offsets[length] ?? 0) + count)
  }
  const used = lengths.length - (counts[0] ?? 0)
  if (left > 0 && used !== (counts[1] ?? 0)) throw new Error('invalid code lengths set')
  const symbols = new Uint16Array(lengths.length)
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue
    const place = offsets[length] ?? 0
    symbols[place] = symbol
    offsets[length] = place + 1
  }
  return { counts, symbols }
}

function decode(state: State, { counts, symbols }: Code): number {
  let code = 0
  let first = 0
  let index = 0
  for (let length = 1; length <= maxBits; length += 1) {
    code |= bits(state, 1)
    const count = counts[length] ?? 0
    if (code - count < first) return symbols[index + code - first] ?? 0
    index += count
    first = (first + count) << 1
    code <<= 1
  }
  throw new Error('invalid code')
}

interface Codes {
  readonly literals: Code
  readonly distances: Code
}

const fixed: Codes = {
  literals: codeOf(Uint8Array.from({ length: 288 }, (_, at) => (at < 144 ? 8 : at < 256 ? 9 : at < 280 ? 7 : 8))),
  distances: codeOf(new Uint8Array(32).fill(5)),
}

function readCodes(state: State): Codes {
  const literals = bits(state, 5) + 257
  const distances = bits(state, 5) + 1
  const given = bits(state, 4) + 4
  if (literals > 286 || distances > 30) throw new Error('too many length or distance symbols')
  const firstLengths = new Uint8Array(19)
  for (const symbol of orderOfLengths.slice(0, given)) firstLengths[symbol] = bits(state, 3)
  const lengths = readLengths(state, codeOf(firstLengths), literals + distances)
  if (lengths[256] === 0) throw new Error('invalid code -- missing end-of-block')
  return { literals: codeOf(lengths.subarray(0, literals)), distances: codeOf(lengths.subarray(literals)) }
}

function readLengths(state: State, code: Code, count: number): Uint8Array {
  const lengths = new Uint8Array(count)
  for (let at = 0; at < count;) {
    const symbol = decode(state, code)
    if (symbol < 16) {
      lengths[at++] = symbol
      continue
    }
    if (symbol === 16 && at === 0) throw new Error('invalid bit length repeat')
    const value = symbol === 16 ? (lengths[at - 1] ?? 0) : 0
    const times = symbol === 16 ? 3 + bits(state, 2) : symbol === 17 ? 3 + bits(state, 3) : 11 + bits(state, 7)
    if (at + times > count) throw new Error('invalid bit length repeat')
    lengths.fill(value, at, at + times)
    at += times
  }
  return lengths
}

function unpack(state: State, { literals, distances }: Codes): void {
  for (let symbol = decode(state, literals); symbol !== 256; symbol = decode(state, literals)) {
    if (symbol < 256) put(state, symbol)
    else copyBack(state, symbol - 257, distances)
  }
}

function copyBack(state: State, symbol: number, code: Code): void {
  const base = lengthBase[symbol]
  if (base === undefined) throw new Error('invalid literal/length code')
  const length = base + bits(state, lengthBits[symbol] ?? 0)
  const kind = decode(state, code)
  if (kind > 29) throw new Error('invalid distance code')
  const extra = kind < 4 ? 0 : (kind >> 1) - 1
  const distance = (kind < 4 ? kind : (2 + (kind & 1)) << extra) + 1 + bits(state, extra)
  if (distance > state.length) throw new Error('invalid distance too far back')
  for (let left = length; left > 0; left -= 1) put(state, state.output[state.length - distance] ?? 0)
}
