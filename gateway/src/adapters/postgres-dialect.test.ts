import { sql } from 'kysely'
import { DatabaseError, type Pool } from 'pg'
import { expect, test } from 'vitest'
import { kyselyOverPool } from './postgres-dialect.ts'

/** A server on which a transaction does not begin (the statement is given up), and every other statement passes. */
function poolOf(sent: string[]): Pool {
  const client = {
    async query(text: string) {
      sent.push(text.split(' ', 1)[0] ?? '')
      await new Promise((resolve) => setImmediate(resolve))
      if (!text.startsWith('start transaction')) return { rows: [], rowCount: 0, command: text.toUpperCase() }
      throw Object.assign(new DatabaseError('canceling statement', 0, 'error'), { severity: 'ERROR', code: '57014' })
    },
    release: () => undefined,
  }
  return { connect: async () => await Promise.resolve(client), end: async () => undefined } as unknown as Pool
}

test('nothing is written when the transaction did not begin: each statement would commit by itself', async () => {
  const sent: string[] = []
  const appender = kyselyOverPool(poolOf(sent), true)
  const append = appender.transaction().execute(async (tx) => {
    await sql`select size from ledger_head for update`.execute(tx)
    await sql`insert into entries (idx) values (1)`.execute(tx)
  })
  await expect(append).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  expect(sent).toEqual(['start', 'select', 'rollback'])
})
