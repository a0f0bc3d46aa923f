import type { Reader, Writer } from './database.ts'

/** Index of the next entry to read; 0 when the reader never started. */
export async function readCursor(reader: Reader, name: string): Promise<number> {
  const row = await reader.selectFrom('cursors').select('position').where('name', '=', name).executeTakeFirst()
  return row?.position ?? 0
}

export async function writeCursor(writer: Writer, name: string, position: number, at: Date): Promise<void> {
  const values = { position, at: at.toISOString() }
  await writer
    .insertInto('cursors')
    .values({ name, ...values })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
    .execute()
}
