import { requireSize } from './merkle.ts'
import { ProofError } from './proof-error.ts'

/** Hashes in a full tile, entries in a full bundle (C2SP tlog-tiles, height 8). */
export const tileWidth = 256

export interface Tile {
  /** `entries` for an entry bundle, else the tile level. */
  readonly level: number | 'entries'
  readonly index: number
  /** 256 when full. */
  readonly width: number
}

/** Path of a tile or an entry bundle below the log's prefix: `tile/0/x001/234.p/17`. */
export function tilePath({ level, index, width }: Tile): string {
  const suffix = width === tileWidth ? '' : `.p/${width}`
  return `tile/${level}/${indexPath(index)}${suffix}`
}

function indexPath(index: number): string {
  requireSize(index)
  let path = threeDigits(index % 1000)
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${threeDigits(rest % 1000)}/${path}`
  }
  return path
}

function threeDigits(value: number): string {
  return String(value).padStart(3, '0')
}

const pathForm =
  /^tile\/(entries|0|[1-9]|[1-5]\d|6[0-3])\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/([1-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-5]))?$/

/** The tile a path names, or undefined when it is not the one canonical path of a tile. */
export function parseTilePath(path: string): Tile | undefined {
  const match = pathForm.exec(path)
  const [, levelText, indexText, widthText] = match ?? []
  if (levelText === undefined || indexText === undefined) return undefined
  const index = Number(indexText.replaceAll(/[x/]/g, ''))
  const level = levelText === 'entries' ? 'entries' : Number(levelText)
  const tile: Tile = { level, index, width: widthText === undefined ? tileWidth : Number(widthText) }
  return Number.isSafeInteger(index) && tilePath(tile) === path ? tile : undefined
}

/** Every tile of one level (or every entry bundle) of a log of `size` leaves; the last one may be partial. */
export function* tilesOfLevel(size: number, level: number | 'entries'): Generator<Tile> {
  const hashes = level === 'entries' ? size : Math.floor(size / tileWidth ** level)
  for (let index = 0; index * tileWidth < hashes; index += 1) {
    yield { level, index, width: Math.min(tileWidth, hashes - index * tileWidth) }
  }
}

/** Number of tile levels of a log of `size` leaves. */
export function tileLevels(size: number): number {
  let levels = 0
  for (let hashes = size; hashes > 0; hashes = Math.floor(hashes / tileWidth)) levels += 1
  return levels
}

/** Entry bundle: each entry behind its length on two bytes, big-endian. */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Buffer {
  if (entries.length > tileWidth) throw new ProofError('more than 256 entries in a bundle')
  const parts: Uint8Array[] = []
  for (const entry of entries) {
    if (entry.length > 0xffff) throw new ProofError('an entry is longer than 65535 bytes')
    parts.push(Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry)
  }
  return Buffer.concat(parts)
}

/**
 * Where each entry of a bundle ends. It begins two bytes after the end of the one before: those hold its length.
 * @throws ProofError unless there are exactly `width` of them and nothing after
 */
export function entryEnds(bytes: Uint8Array, width: number): number[] {
  const ends: number[] = []
  let at = 0
  while (at < bytes.length) {
    const end = at + 2 + (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)
    if (at + 2 > bytes.length || end > bytes.length) {
      throw new ProofError(`entry ${ends.length} of the bundle is cut short`)
    }
    if (ends.length === width) throw new ProofError(`the bundle holds more than ${width} entries`)
    ends.push(end)
    at = end
  }
  if (ends.length !== width) throw new ProofError(`the bundle holds ${ends.length} entries instead of ${width}`)
  return ends
}

/**
 * The entries of a bundle, as views of its bytes.
 * @throws ProofError unless there are exactly `width` of them and nothing after
 */
export function parseEntryBundle(bytes: Uint8Array, width: number): Uint8Array[] {
  const ends = entryEnds(bytes, width)
  return ends.map((end, at) => bytes.subarray((ends[at - 1] ?? 0) + 2, end))
}
