import { open } from 'node:fs/promises'
import type { Envelope } from '@socle/schemas'
import type { TimeLine } from '../audit/logged-times.ts'
import type { Reader } from '../store/database.ts'

const atOnce = 256

/**
 * Writes every token that the first `size` entries name, with what ties it to its entry, one JSON line each.
 * @returns how many
 */
export async function writeTimes(reader: Reader, path: string, size: number): Promise<number> {
  const file = await open(path, 'w')
  let written = 0
  try {
    for (let after = -1; ;) {
      const lines = await readTimes(reader, after, size)
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

async function readTimes(reader: Reader, after: number, size: number): Promise<readonly TimeLine[]> {
  const rows = await reader
    .selectFrom('entries')
    .select(['idx', 'envelope', 'salt'])
    .where('kind', '=', 'ts')
    .where('idx', '>', after)
    .where('idx', '<', size)
    .orderBy('idx')
    .limit(atOnce)
    .execute()
  const entries = rows.map(({ idx, envelope, salt }) => {
    const said = JSON.parse(Buffer.from(envelope).toString('utf8')) as Envelope
    return { index: idx, envelope: said, salt: Buffer.from(salt).toString('base64') }
  })
  if (entries.length === 0) return []
  const sizes = entries.map(({ envelope }) => envelope.timestamp?.size ?? 0)
  const found = await reader.selectFrom('checkpoints').selectAll().where('size', 'in', sizes).execute()
  const bySize = new Map(found.map((row) => [row.size, row]))
  return entries.map((entry) => {
    const stamped = bySize.get(entry.envelope.timestamp?.size ?? 0)
    const token = Buffer.from(stamped?.token ?? new Uint8Array()).toString('base64')
    return { ...entry, checkpoint: stamped?.note ?? '', token }
  })
}
