import type { Appended, Store } from '@socle/gateway'
import { expect } from 'vitest'

export async function sizeIn(store: Store): Promise<number> {
  return (await store.reader.selectFrom('ledger_head').select('size').executeTakeFirst())?.size ?? 0
}

/** Ids in log order; fails where a number is missing. */
export async function idsIn(store: Store): Promise<string[]> {
  const found = await store.reader.selectFrom('entries').select(['idx', 'id']).orderBy('idx').execute()
  found.forEach((row, i) => expect(row.idx).toBe(i))
  return found.map(({ id }) => id)
}

/** Of each result its number, or why it has none. */
export function indexesOf(appended: readonly Appended[]): unknown[] {
  return appended.map((one) => ('index' in one ? one.index : one.result))
}
