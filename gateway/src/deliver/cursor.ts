import { createHash } from 'node:crypto'
import { HubError } from '../errors.ts'
import { parseSubjects, type Subject } from './interest.ts'

/**
 * What a page of the feed was made of, so that its cursor, when it comes back, says which documents it brought: the
 * entries looked at, the kinds asked for, and by which mandates (those in the log before `size`, running at `at`).
 */
export interface Page {
  /** Index of the first entry looked at. */
  readonly since: number
  readonly subjects: ReadonlySet<Subject>
  /** Size of the log at that moment. */
  readonly size: number
  readonly at: Date
}

/** A page and the index of the entry after it. */
export interface Cursor extends Page {
  readonly position: number
}

/**
 * Opaque to its reader. The ledger's name is in it so that a cursor of another environment or of another ledger is told
 * apart from a position; it stays good when a half-year's log is handed over to the next.
 */
export function formatCursor(origin: string, { since, subjects, size, at, position }: Cursor): string {
  const parts = [1, logMark(origin), since, size, at.getTime(), [...subjects].join('+'), position]
  return Buffer.from(parts.join('.')).toString('base64url')
}

const form = /^1\.([0-9a-f]{8})\.(\d{1,15})\.(\d{1,15})\.(\d{1,15})\.([a-z+-]{1,100})\.(\d{1,15})$/

/** @throws HubError CURSOR_INVALID, CURSOR_OUTDATED (another log), CURSOR_FUTURE (beyond this log) */
export function parseCursor(text: string, origin: string, size: number): Cursor {
  const [, mark, ...rest] = form.exec(Buffer.from(text, 'base64url').toString('latin1')) ?? []
  const [since, seen, at, words, end] = rest
  if (words === undefined || end === undefined) throw new HubError('CURSOR_INVALID')
  if (mark !== logMark(origin)) throw new HubError('CURSOR_OUTDATED')
  const cursor = { since: Number(since), size: Number(seen), at: new Date(Number(at)), position: Number(end) }
  if (cursor.position > size || cursor.size > size) throw new HubError('CURSOR_FUTURE')
  if (cursor.since > cursor.position || cursor.position > cursor.size) throw new HubError('CURSOR_INVALID')
  return { ...cursor, subjects: parseSubjects(words.split('+')) }
}

function logMark(origin: string): string {
  return createHash('sha256').update(origin).digest('hex').slice(0, 8)
}
