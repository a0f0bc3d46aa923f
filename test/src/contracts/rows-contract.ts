import { randomBytes } from 'node:crypto'
import { readContent, type Store } from '@socle/gateway'
import { expect, test } from 'vitest'
import { anEntry, documentEffect } from './entries.ts'
import { indexesOf } from './ledger-view.ts'

/** What goes with an entry, and what goes beside the ledger. */
export function rows(at: { readonly store: Store }): void {
  test('rows become visible with their entry, and a document delivered twice keeps its first entry', async () => {
    const document = anEntry({ kind: 'doc', effects: [documentEffect('bytes')] })
    await at.store.append([document])
    const row = await at.store.reader.selectFrom('documents').selectAll().executeTakeFirstOrThrow()
    expect(row).toMatchObject({ idx: 0, id: document.id, size: 5 })
    expect(Buffer.from((await readContent(at.store, document.id))?.bytes ?? []).toString()).toBe('bytes')
    const delivery = { write: 'delivery', documents: [document.id], recipient: 'profil-b', channel: 'feed' } as const
    await at.store.append([anEntry({ kind: 'dlv', effects: [delivery] })])
    await at.store.append([anEntry({ kind: 'dlv', effects: [delivery] })])
    expect(await at.store.reader.selectFrom('deliveries').select(['document', 'idx']).execute()).toEqual([
      { document: document.id, idx: 1 },
    ])
  })

  test('text of any length is found, a NUL in it is marked, and nobody else’s entry suffers from it', async () => {
    const long = randomBytes(6_000).toString('hex')
    const row = { document: 'd', account: 'a', result: 'refused', url: '', reason: 'a\0b' } as const
    const effects = [documentEffect('bytes', long), { write: 'outcome', row }] as const
    expect(indexesOf(await at.store.append([anEntry({ kind: 'doc', effects }), anEntry()]))).toEqual([0, 1])
    const { reader } = at.store
    const named = reader.selectFrom('documents').select('idx').where('consultation', '=', long)
    expect(await named.execute()).toEqual([{ idx: 0 }])
    expect(await reader.selectFrom('outcomes').select('reason').execute()).toEqual([{ reason: 'a\ufffdb' }])
    expect(await reader.selectFrom('accounts').select('id').where('id', '=', 'x\0y').execute()).toEqual([])
  })

  test('a token goes with the checkpoint that it dates', async () => {
    await at.store.append([anEntry(), anEntry()])
    const token = Buffer.from('token')
    await at.store.append([anEntry({ kind: 'ts', effects: [{ write: 'token', size: 2, token }] })])
    const rows = await at.store.reader.selectFrom('checkpoints').select(['size', 'token']).orderBy('size').execute()
    expect(rows.map((row) => [row.size, row.token && Buffer.from(row.token).toString()])).toEqual([
      [2, 'token'],
      [3, null],
    ])
  })

  test('a statement beside the ledger is visible once it resolved, and the reader writes nothing', async () => {
    const values = { name: 'relay', position: 7, at: '2026-03-01T08:00:00.000Z', state: '' }
    await at.store.writer.insertInto('cursors').values(values).execute()
    expect(await at.store.reader.selectFrom('cursors').selectAll().execute()).toEqual([values])
    await expect(
      at.store.reader
        .insertInto('cursors')
        .values({ ...values, name: 'x' })
        .execute(),
    ).rejects.toThrow()
  })
}
