import type { Reader } from './database.ts'

/** What the last token that was logged says of time. */
export async function readLastTime(
  reader: Reader,
): Promise<{ readonly time: Date; readonly accuracyMs: number } | undefined> {
  const row = await reader
    .selectFrom('time_tokens')
    .select(['gen_time', 'accuracy_ms'])
    .orderBy('idx', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && { time: new Date(row.gen_time), accuracyMs: row.accuracy_ms }
}

/** Whether a token of that signer (SHA-256 of its certificate) and serial is kept already, over a checkpoint or a seal. */
export async function isSerialKnown(reader: Reader, signer: string, serial: string): Promise<boolean> {
  for (const table of ['time_tokens', 'seal_tokens'] as const) {
    const rows = reader.selectFrom(table).select('idx').where('signer', '=', signer).where('serial', '=', serial)
    if (await rows.executeTakeFirst()) return true
  }
  return false
}

/** Size of the last checkpoint under a token: index of the first entry not yet under one. */
export async function readStampedSize(reader: Reader): Promise<number> {
  const row = await reader
    .selectFrom('checkpoints')
    .select('size')
    .where('token', 'is not', null)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.size ?? 0
}

/** The last checkpoint under a token. */
export async function readLastStamped(
  reader: Reader,
): Promise<{ readonly size: number; readonly note: string } | undefined> {
  const stamped = reader.selectFrom('checkpoints').select(['size', 'note']).where('token', 'is not', null)
  return await stamped.orderBy('size', 'desc').limit(1).executeTakeFirst()
}

/** When the oldest entry that no token covers was recorded. Time marks alone need no other time mark. */
export async function readOldestUnstamped(reader: Reader): Promise<Date | undefined> {
  const row = await reader
    .selectFrom('entries')
    .select('at')
    .where('idx', '>=', await readStampedSize(reader))
    .where('kind', '!=', 'ts')
    .orderBy('idx')
    .limit(1)
    .executeTakeFirst()
  return row && new Date(row.at)
}
