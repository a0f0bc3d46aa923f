/** Where a scan of one JSON value stands, between two pieces of the stream. */
export interface ScanState {
  /** Open arrays and objects; 0 before the value and after it. */
  depth: number
  inString: boolean
  /** The last byte was a backslash in a string. */
  escaped: boolean
  /** The last byte closed a string, which what comes next has to confirm. */
  closed: boolean
  /** The last byte of the pieces before that is no blank. */
  before: number
  /** Per level, 1 for an object. */
  readonly objects: Uint8Array
}

/** `more`: the value goes on in the next piece. `broken`: no JSON goes on like this. */
export type ScanEnd = 'done' | 'more' | 'broken'

export interface Scanned {
  readonly end: ScanEnd
  /** Place after the last byte that was looked at. */
  readonly at: number
}

export function newScan(depth: number): ScanState {
  return {
    depth: 0,
    inString: false,
    escaped: false,
    closed: false,
    before: 0,
    objects: new Uint8Array(depth + 2),
  }
}

const ordinary = 0
const quote = 1
const opening = 2
const closing = 3
/** Signs outside strings that a scan must look at. */
const signs = new Uint8Array(256)
signs[0x22] = quote
signs[0x7b] = opening
signs[0x5b] = opening
signs[0x7d] = closing
signs[0x5d] = closing

/** What may follow a string: a blank, a colon, a comma, an end. Anything else shows a quote inside a text that was not escaped. */
const afterString = new Uint8Array(256)
for (const sign of ' \t\r\n:,]}') afterString[sign.charCodeAt(0)] = 1

/**
 * Finds the end of a value that began with a bracket. Does not judge it, except where going on would take in the records
 * that follow: a string closed in the middle of a word or not at all, brackets that do not match, a record begun inside another.
 */
export function scanValue(bytes: Uint8Array, from: number, state: ScanState): Scanned {
  const end = bytes.length
  let at = resume(bytes, from, state)
  while (at < end && !state.closed) {
    const sign = signs[bytes[at] ?? 0]
    if (sign === ordinary) at++
    else if (sign === quote) at = scanString(bytes, at + 1, state)
    else if (sign === opening ? enter(bytes, at, state) : leave(bytes[at] ?? 0, state)) {
      at++
      if (state.depth === 0) return { end: 'done', at }
    } else return { end: 'broken', at }
  }
  if (state.closed && at < end) return { end: 'broken', at }
  if (!state.inString) state.before = lastSign(bytes, end, state.before)
  return { end: 'more', at }
}

/** Goes on with a string that the piece before began, or looks at what follows the one it ended with. */
function resume(bytes: Uint8Array, from: number, state: ScanState): number {
  if (state.inString) return scanString(bytes, from, state)
  if (state.closed) state.closed = afterString[bytes[from] ?? 0] === 0
  return from
}

/** The last byte before a place that is no blank. */
function lastSign(bytes: Uint8Array, place: number, before: number): number {
  for (let at = place - 1; at >= 0; at--) {
    const byte = bytes[at] ?? 0
    if (byte > 0x20) return byte
  }
  return before
}

/** An opening bracket; false where none can stand: in an object before a name, in a list without a comma. */
function enter(bytes: Uint8Array, at: number, state: ScanState): boolean {
  const { depth, objects } = state
  if (depth >= objects.length - 1) return false
  if (depth > 0) {
    const before = lastSign(bytes, at, state.before)
    const fits = objects[depth] === 1 ? before === 0x3a : before === 0x2c || before === 0x5b
    // Most often the object before was never closed, and this is the next record.
    if (!fits) return false
  }
  state.depth = depth + 1
  objects[depth + 1] = bytes[at] === 0x7b ? 1 : 0
  return true
}

function leave(byte: number, state: ScanState): boolean {
  const { depth, objects } = state
  if (depth === 0 || objects[depth] !== (byte === 0x7d ? 1 : 0)) return false
  state.depth = depth - 1
  return true
}

/**
 * The place after the closing quote; the end of the piece when the string goes on. `closed` is left set when what follows
 * the quote is not there to be seen, or shows that the string did not end.
 */
function scanString(bytes: Uint8Array, from: number, state: ScanState): number {
  const end = bytes.length
  let at = state.escaped ? from + 1 : from
  state.inString = true
  if (from < end) state.escaped = false
  while (at < end) {
    const byte = bytes[at++]
    if (byte === 0x22) {
      state.inString = false
      if (at === end || afterString[bytes[at] ?? 0] === 0) state.closed = true
      return at
    }
    // No text goes on in the next line: this one was never closed.
    if (byte === 0x0a) {
      state.inString = false
      state.closed = true
      return at - 1
    }
    if (byte === 0x5c && at++ >= end) {
      state.escaped = true
      return end
    }
  }
  return end
}
