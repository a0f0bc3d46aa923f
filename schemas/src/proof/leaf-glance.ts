/*
 * The exact form of a leaf, read where it lies in a bundle: the verdict of `parseLeaf`, without a reason, at a tenth of
 * its cost. A leaf is ASCII and has one text only, so that each byte but those of its type has its place. A test holds
 * this reading against `parseLeaf`.
 */

/** A text that must stand there, or a number of bytes out of a set. */
type Piece = string | readonly [set: string, count: number]

const digits = '0123456789'
const hex = `${digits}abcdef`
const letters = 'abcdefghijklmnopqrstuvwxyz'
const base64 = `${letters.toUpperCase()}${letters}${digits}+/`
/** 32 bytes in their only base64: the last character before the padding stands for four bits. */
const digest: readonly Piece[] = [[base64, 42], ['AEIMQUYcgkosw048', 1], '=']

const table: number[] = []
const rows = new Map<string, number>()

/** Where the 256 answers for a set of bytes begin in the table: 1 for a byte of the set. */
function rowOf(set: string): number {
  const known = rows.get(set)
  if (known !== undefined) return known
  const row = table.length
  for (let byte = 0; byte < 256; byte += 1) table.push(set.includes(String.fromCharCode(byte)) ? 1 : 0)
  rows.set(set, row)
  return row
}

/** The row that each byte of a run of pieces must be found in. */
function rowsOf(...pieces: readonly Piece[]): Int32Array {
  const found = pieces.flatMap((piece) =>
    typeof piece === 'string' ? piece.split('').map(rowOf) : Array.from({ length: piece[1] }, () => rowOf(piece[0])),
  )
  return Int32Array.from(found)
}

const time: readonly Piece[] = [
  [digits, 4],
  '-',
  ['01', 1],
  [digits, 1],
  '-',
  ['0123', 1],
  [digits, 1],
  'T',
  ['012', 1],
  [digits, 1],
  ':',
  ['012345', 1],
  [digits, 1],
  ':',
  ['012345', 1],
  [digits, 1],
  '.',
  [digits, 3],
  'Z',
]
const id: readonly Piece[] = [[hex, 8], '-', [hex, 4], '-7', [hex, 3], '-', ['89ab', 1], [hex, 3], '-', [hex, 12]]

const beginning = rowsOf('{"at":"', ...time, '","commitment":"', ...digest, '","id":"', ...id, '","kind":"')
/** From the kind to the type; commonest kinds first. */
const middles = [
  ...['doc', 'rej'].map((kind) => rowsOf(`${kind}","seal":"`, ...digest, '","type":"')),
  ...['dlv', 'out', 'avl', 'ts', 'era', 'key', 'cfg', 'shard'].map((kind) => rowsOf(`${kind}","type":"`)),
]
const typeFirst = rowOf(`${letters}${digits}`)
const typeRest = rowOf(`${letters}${digits}.:-`)
const maxType = 64
const ending = rowsOf('","v":1}')
const answers = Uint8Array.from(table)

/** True when a leaf in its exact form stands in bytes from one place to another. */
export function isLeafAt(bytes: Uint8Array, from: number, to: number): boolean {
  if (!fits(beginning, bytes, from) || !isTime(bytes, from + 7)) return false
  const kindAt = from + beginning.length
  const middle = middles.find((rows) => fits(rows, bytes, kindAt))
  if (middle === undefined) return false
  const typeAt = kindAt + middle.length
  const typeEnd = to - ending.length
  const length = typeEnd - typeAt
  if (length < 1 || length > maxType || !isIn(typeFirst, bytes, typeAt)) return false
  for (let at = typeAt + 1; at < typeEnd; at += 1) if (!isIn(typeRest, bytes, at)) return false
  return fits(ending, bytes, typeEnd)
}

function fits(rows: Int32Array, bytes: Uint8Array, from: number): boolean {
  // Past the end there is no byte, no number and no answer.
  for (let at = 0; at < rows.length; at += 1) if (!isIn(rows[at] ?? 0, bytes, from + at)) return false
  return true
}

function isIn(row: number, bytes: Uint8Array, at: number): boolean {
  return answers[row + (bytes[at] ?? Number.NaN)] === 1
}

/** What sets of digits cannot say. A day that its month lacks passes, as in `parseLeaf`: it is the next month's. */
function isTime(bytes: Uint8Array, at: number): boolean {
  const month = number(bytes, at + 5, 2)
  const day = number(bytes, at + 8, 2)
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 && number(bytes, at + 11, 2) <= 23
}

/** True for a time mark. @param from where a leaf in its exact form begins */
export function isTimeMarkAt(bytes: Uint8Array, from: number): boolean {
  const kindAt = from + beginning.length
  return bytes[kindAt] === 0x74 && bytes[kindAt + 1] === 0x73 && bytes[kindAt + 2] === 0x22
}

const centuriesMs = 146_097 * 86_400_000

/** Milliseconds since 1970 of a leaf. @param from where a leaf in its exact form begins */
export function leafTimeAt(bytes: Uint8Array, from: number): number {
  const at = from + 7
  // Date.UTC takes the years 0 to 99 for 1900 to 1999: the calendar repeats itself after 400 years.
  const date =
    Date.UTC(number(bytes, at, 4) + 400, number(bytes, at + 5, 2) - 1, number(bytes, at + 8, 2)) - centuriesMs
  const minutes = number(bytes, at + 11, 2) * 60 + number(bytes, at + 14, 2)
  return date + minutes * 60_000 + number(bytes, at + 17, 2) * 1000 + number(bytes, at + 20, 3)
}

function number(bytes: Uint8Array, from: number, length: number): number {
  let value = 0
  for (let at = from; at < from + length; at += 1) value = value * 10 + (bytes[at] ?? 0) - 0x30
  return value
}
