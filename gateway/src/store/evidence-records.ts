import { sql } from 'kysely'
import type { EvidenceRecordRow, Reader, Writer } from './database.ts'

/** One document in a hash tree. */
export interface Member {
  /** In the log. */
  readonly index: number
  /** Whether its seal had its timestamp then: the container gives it at that level for ever. */
  readonly level: 'B' | 'T'
  /** Digest of its group of files. */
  readonly hash: Buffer
}

/** Entries before this one are covered, or need not be. */
export async function readArchivedSize(reader: Reader): Promise<number> {
  const row = await reader
    .selectFrom('evidence_records')
    .select('size')
    .orderBy('first', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.size ?? 0
}

/** Every row about the record that an entry lies in, oldest first; none before its day is archived. */
export async function readRecordOver(reader: Reader, index: number): Promise<readonly EvidenceRecordRow[]> {
  const found = await reader
    .selectFrom('evidence_records')
    .select('first')
    .where('first', '<=', index)
    .where('size', '>', index)
    .limit(1)
    .executeTakeFirst()
  return found ? await readRecord(reader, found.first) : []
}

export async function readRecord(reader: Reader, first: number): Promise<readonly EvidenceRecordRow[]> {
  return await reader
    .selectFrom('evidence_records')
    .selectAll()
    .where('first', '=', first)
    .orderBy('chain')
    .orderBy('link')
    .execute()
}

/** Where each record begins, oldest first; of one day, or of all. */
export async function readRecordStarts(reader: Reader, day?: string): Promise<readonly number[]> {
  const all = reader.selectFrom('evidence_records').select('first').where('chain', '=', 0).where('link', '=', 0)
  const rows = await (day === undefined ? all : all.where('day', '=', day)).orderBy('first').execute()
  return rows.map(({ first }) => first)
}

/** The record whose last token ends first, if that is before `at`. */
export async function readRecordsUntil(
  reader: Reader,
  at: Date,
): Promise<{ readonly day: string; readonly until: string } | undefined> {
  const { rows } = await sql<{ day: string; until: string }>`
    select day, until from evidence_records r where until < ${at.toISOString()} and not exists
      (select 1 from evidence_records l where l.first = r.first and (l.chain > r.chain or l.chain = r.chain and l.link > r.link))
    order by until limit 1`.execute(reader)
  return rows[0]
}

/** One statement: there is a whole row after a crash, or none. @throws when another process was first */
export async function keepEvidenceRecord(writer: Writer, row: EvidenceRecordRow): Promise<void> {
  await writer.insertInto('evidence_records').values(row).execute()
}

/** Offset from the first entry (4 bytes), level, digest. */
const headBytes = 5
const digestBytes: Readonly<Record<string, number>> = { sha256: 32, sha512: 64 }

export function packMembers(first: number, members: readonly Member[]): Buffer {
  return Buffer.concat(
    members.flatMap(({ index, level, hash }) => {
      const head = Buffer.alloc(headBytes)
      head.writeUInt32BE(index - first)
      head.write(level, 4, 'latin1')
      return [head, hash]
    }),
  )
}

export function unpackMembers({ first, digest, members }: EvidenceRecordRow): readonly Member[] {
  const packed = Buffer.from(members.buffer, members.byteOffset, members.length)
  const each = headBytes + bytesOf(digest)
  return Array.from({ length: packed.length / each }, (_, at) => {
    const one = packed.subarray(at * each, (at + 1) * each)
    return {
      index: first + one.readUInt32BE(),
      level: one.toString('latin1', 4, headBytes) === 'T' ? 'T' : 'B',
      hash: one.subarray(headBytes),
    }
  })
}

/** Hashes that were put one behind the other. */
export function unpackPath({ digest, path }: EvidenceRecordRow): readonly Buffer[] {
  const packed = Buffer.from(path.buffer, path.byteOffset, path.length)
  const each = bytesOf(digest)
  return Array.from({ length: packed.length / each }, (_, at) => packed.subarray(at * each, (at + 1) * each))
}

function bytesOf(digest: string): number {
  const bytes = digestBytes[digest]
  if (bytes === undefined) throw new Error(`${digest} is no digest of evidence records: the store is damaged`)
  return bytes
}
