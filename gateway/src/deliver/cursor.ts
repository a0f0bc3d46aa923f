import { createHash } from 'node:crypto'
import { HubError } from '../errors.ts'

/**
 * An opaque cursor: which log, and the index of the next entry. The log's name is in it so that a cursor of another
 * environment or of a closed shard is told apart from a position.
 */
export function formatCursor(origin: string, position: number): string {
  return Buffer.from(`1.${logMark(origin)}.${position}`).toString('base64url')
}

/** @throws HubError CURSOR_INVALID, CURSOR_OUTDATED (another log), CURSOR_FUTURE (beyond this log) */
export function parseCursor(text: string, origin: string, size: number): number {
  const match = /^1\.([0-9a-f]{8})\.(\d{1,15})$/.exec(Buffer.from(text, 'base64url').toString('latin1'))
  if (!match) throw new HubError('CURSOR_INVALID')
  if (match[1] !== logMark(origin)) throw new HubError('CURSOR_OUTDATED')
  const position = Number(match[2])
  if (position > size) throw new HubError('CURSOR_FUTURE')
  return position
}

function logMark(origin: string): string {
  return createHash('sha256').update(origin).digest('hex').slice(0, 8)
}
