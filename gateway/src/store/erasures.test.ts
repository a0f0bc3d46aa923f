import { openDatabase } from '../adapters/sqlite-database.ts'
import { expect, test } from 'vitest'
import { ledgerTables } from './migrations/0001-ledger.ts'
import { erasureIndexes } from './migrations/0013-erasure-by-number.ts'

test('entry numbers lead to keys and outcomes by an index: an erasure reads no table to its end', () => {
  using db = openDatabase(':memory:')
  for (const statement of [...ledgerTables('sqlite'), ...erasureIndexes()]) db.exec(statement)
  for (const query of [
    "update idempotency_keys set sha256 = '' where idx in (1, 2)",
    'select 1 from outcomes where idx = 1',
  ]) {
    const plan = db.prepare(`explain query plan ${query}`).all()
    expect(JSON.stringify(plan), query).toMatch(/SEARCH .* USING .*INDEX/)
    expect(JSON.stringify(plan), query).not.toContain('SCAN')
  }
})
