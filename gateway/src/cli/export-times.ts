import { open, writeFile } from 'node:fs/promises'
import type { Envelope } from '@socle/schemas'
import type { TimeLine } from '../audit/logged-times.ts'
import type { ShardLine } from '../audit/shard-entries.ts'
import type { Reader } from '../store/database.ts'
import { readShards } from '../store/shards.ts'

const atOnce = 256

/** Part of a log: entries from its first one on, by the ledger's numbers. */
export interface ExportedLog {
  readonly first: number
  readonly end: number
}

/**
 * Writes every token that the entries of a log name, with what ties it to its entry, one JSON line each.
 * @returns how many
 */
export async function writeTimes(reader: Reader, path: string, log: ExportedLog): Promise<number> {
  const file = await open(path, 'w')
  let written = 0
  try {
    for (let after = -1; ;) {
      const lines = await readTimes(reader, after, log)
      for (const line of lines) await file.write(`${JSON.stringify(line)}\n`)
      written += lines.length
      const last = lines.at(-1)
      if (last === undefined) break
      after = last.index
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return written
}

/** Writes the entries that tie the log to its neighbours, opened: its first one and its last one, where they are that. */
export async function writeShardEntries(reader: Reader, path: string, { first, end }: ExportedLog): Promise<void> {
  const entries = reader.selectFrom('entries').select(['idx', 'envelope', 'salt']).where('kind', '=', 'shard')
  const rows = await entries
    .where('idx', 'in', [first, end - 1])
    .orderBy('idx')
    .execute()
  const lines: readonly ShardLine[] = rows.map(({ idx, envelope, salt }) => ({
    index: idx - first,
    envelope: JSON.parse(Buffer.from(envelope).toString('utf8')) as Envelope,
    salt: Buffer.from(salt).toString('base64'),
  }))
  await writeFile(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
}

/** @param after index in the log */
async function readTimes(reader: Reader, after: number, { first, end }: ExportedLog): Promise<readonly TimeLine[]> {
  const rows = await reader
    .selectFrom('entries')
    .select(['idx', 'envelope', 'salt'])
    .where('kind', '=', 'ts')
    .where('idx', '>', first + after)
    .where('idx', '<', end)
    .orderBy('idx')
    .limit(atOnce)
    .execute()
  const entries = rows.map(({ idx, envelope, salt }) => {
    const said = JSON.parse(Buffer.from(envelope).toString('utf8')) as Envelope
    return { index: idx - first, envelope: said, salt: Buffer.from(salt).toString('base64') }
  })
  if (entries.length === 0) return []
  const shards = await readShards(reader)
  const sizeOf = ({ timestamp }: Envelope): number => {
    const base =
      timestamp?.origin === undefined ? first : shards.find(({ origin }) => origin === timestamp.origin)?.first
    return (base ?? 0) + (timestamp?.size ?? 0)
  }
  const sizes = entries.map(({ envelope }) => sizeOf(envelope))
  const found = await reader.selectFrom('checkpoints').selectAll().where('size', 'in', sizes).execute()
  const bySize = new Map(found.map((row) => [row.size, row]))
  return entries.map((entry) => {
    const stamped = bySize.get(sizeOf(entry.envelope))
    const token = Buffer.from(stamped?.token ?? new Uint8Array()).toString('base64')
    return { ...entry, checkpoint: stamped?.note ?? '', token }
  })
}
