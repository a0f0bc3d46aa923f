import { randomUUID } from 'node:crypto'
import { readContent, type Store } from '@socle/gateway'
import { describe, expect, test } from 'vitest'
import { anEntry } from './entries.ts'
import { aDocument, bytesOf, decision, eraEntry } from './erasure-entries.ts'
import { damage, races } from './erasure-races.ts'
import { indexesOf } from './ledger-view.ts'

/** Documents are kept under keys, and an erasure takes away exactly what opens one. */
export function erasure(storeNow: () => Store): void {
  atRest(storeNow)
  damage(storeNow)
  blanks(storeNow)
  acts(storeNow)
  races(storeNow)
  traps(storeNow)
}

function atRest(storeNow: () => Store): void {
  describe('documents at rest', () => {
    test('are stored encrypted, and read as they came', async () => {
      const store = storeNow()
      const documents = ['one', 'two', ''].map((text) => aDocument(text, 'c'))
      await store.append(documents)
      expect(await Promise.all(documents.map(async ({ id }) => await bytesOf(store, id)))).toEqual(['one', 'two', ''])
      const rows = await store.reader.selectFrom('documents').selectAll().execute()
      for (const row of rows) {
        expect(row.stored_as).toBe('aes-256-gcm')
        expect(Buffer.from(row.content).toString('latin1')).not.toMatch(/one|two/)
      }
      expect(await store.reader.selectFrom('consultation_keys').select('idx').execute()).toEqual([{ idx: 0 }])
      expect(new Set(rows.map((row) => Buffer.from(row.data_key ?? []).toString('hex'))).size).toBe(3)
    })
  })
}

/** What goes and what stays. */
function blanks(storeNow: () => Store): void {
  describe('an erasure', () => {
    test('blanks its document, keeps the others and the leaf, and goes with its entry', async () => {
      const store = storeNow()
      const [gone, kept] = [aDocument('gone', 'c', 'k'), aDocument('kept', 'c')]
      const reason = 'a free text'
      const outcome = { document: gone.id, account: 'b', result: 'refused', url: 'https://x.example', reason }
      const said = anEntry({ kind: 'out', key: 'o', effects: [{ write: 'outcome', row: outcome }] })
      await store.append([gone, kept, said])
      expect(indexesOf(await store.append([eraEntry(gone.id)]))).toEqual([3])

      const { reader } = store
      const entries = await reader.selectFrom('entries').selectAll().orderBy('idx').execute()
      const open = entries.map(({ envelope, salt, seal }) => [envelope.length > 0, salt.length > 0, seal !== null])
      const [blank, whole] = [
        [false, false, false],
        [true, true, true],
      ]
      expect(open).toEqual([blank, whole, blank, [true, true, false]])
      expect(Buffer.from(entries[0]?.leaf ?? []).toString()).toBe(`leaf of ${gone.id}`)
      const document = await reader.selectFrom('documents').selectAll().where('idx', '=', 0).executeTakeFirst()
      expect(document).toMatchObject({
        stored_as: 'erased',
        data_key: null,
        sha256: '',
        source_key: '',
        buyer: '21690123100011',
      })
      expect(document?.content.length).toBe(0)
      expect(await reader.selectFrom('outcomes').select(['result', 'url', 'reason']).execute()).toEqual([
        { result: 'refused', url: '', reason: '' },
      ])
      const keys = await reader.selectFrom('idempotency_keys').select('sha256').execute()
      expect(keys).toEqual([{ sha256: '' }, { sha256: '' }])
      expect(await reader.selectFrom('erasures').select(['document', 'idx', 'decision']).execute()).toEqual([
        { document: gone.id, idx: 3, decision },
      ])
      expect([await bytesOf(store, gone.id), await bytesOf(store, kept.id)]).toEqual(['', 'kept'])
      expect((await readContent(store, gone.id))?.whole).toBe(false)
    })

    test('takes the key of a consultation with its last document; the next document has another', async () => {
      const store = storeNow()
      const [first, second, elsewhere] = [aDocument('1', 'c'), aDocument('2', 'c'), aDocument('3', 'other')]
      await store.append([first, second, elsewhere])
      const keys = async (): Promise<readonly number[]> =>
        (await store.reader.selectFrom('consultation_keys').select('idx').orderBy('idx').execute()).map(
          ({ idx }) => idx,
        )
      await store.append([eraEntry(first.id)])
      expect(await keys()).toEqual([0, 2])
      await store.append([eraEntry(second.id)])
      expect(await keys()).toEqual([2])
      const next = aDocument('4', 'c')
      await store.append([next])
      expect(await keys()).toEqual([2, 5])
      expect([await bytesOf(store, next.id), await bytesOf(store, elsewhere.id)]).toEqual(['4', '3'])
    })
  })
}

/** One act, once. */
function acts(storeNow: () => Store): void {
  describe('an erasure', () => {
    test('of several documents is one: all of it or nothing', async () => {
      const store = storeNow()
      const documents = ['1', '2'].map((text) => aDocument(text, 'c'))
      await store.append(documents)
      const orders = documents.map(({ id }) => eraEntry(id))
      const known = documents[0]?.id ?? ''
      await expect(store.append([...orders, anEntry({ id: known })])).rejects.toThrow()
      expect(await store.reader.selectFrom('erasures').selectAll().execute()).toEqual([])
      expect(await Promise.all(documents.map(async ({ id }) => await bytesOf(store, id)))).toEqual(['1', '2'])
      await store.append(orders)
      expect(await Promise.all(documents.map(async ({ id }) => await bytesOf(store, id)))).toEqual(['', ''])
    })

    test('leaves the sender’s key taken: whatever comes under it is no second recording', async () => {
      const store = storeNow()
      const document = aDocument('1', 'c', 'k')
      await store.append([document, eraEntry(document.id)])
      const again = [aDocument('1', 'c', 'k'), anEntry({ kind: 'doc', key: 'k', sha256: 'other' })]
      expect(await store.append(again)).toEqual([
        { result: 'replayed', index: 0 },
        { result: 'replayed', index: 0 },
      ])
    })

    test('reaches a refusal too, and an entry that another kind has stays', async () => {
      const store = storeNow()
      const [refusal, other] = [anEntry({ kind: 'rej', key: 'k' }), anEntry({ kind: 'dlv' })]
      await store.append([refusal, other, eraEntry(refusal.id)])
      const salts = await store.reader.selectFrom('entries').select('salt').orderBy('idx').execute()
      expect(salts.map(({ salt }) => salt.length)).toEqual([0, 16, 16])
    })
  })
}

/** What the traps allow is the erasure and nothing beside it. */
function traps(storeNow: () => Store): void {
  describe('the traps refuse', () => {
    const refused = /append-only|permission denied/
    const blank = { envelope: Buffer.alloc(0), salt: Buffer.alloc(0), seal: null }

    test('an erasure without its entry, or with an entry of another kind', async () => {
      const store = storeNow()
      const document = aDocument('1', 'c')
      await store.append([document])
      for (const idx of [0, 99]) {
        const values = { document: document.id, idx, at: '', decision }
        await expect(store.writer.insertInto('erasures').values(values).execute()).rejects.toThrow(refused)
      }
    })

    test('blanking what no erasure covers, and taking the key of what is still there', async () => {
      const store = storeNow()
      const [gone, kept] = [aDocument('1', 'c', 'k'), aDocument('2', 'c', 'l')]
      await store.append([gone, kept, eraEntry(gone.id)])
      const { writer } = store
      const content = { content: Buffer.alloc(0), data_key: null, stored_as: 'erased', sha256: '', source_key: '' }
      for (const change of [
        writer.updateTable('entries').set(blank).where('id', '=', kept.id),
        writer.updateTable('documents').set(content).where('id', '=', kept.id),
        writer.updateTable('idempotency_keys').set({ sha256: '' }).where('idx', '=', 1),
        writer.deleteFrom('consultation_keys'),
      ])
        await expect(change.execute()).rejects.toThrow(refused)
      expect(await bytesOf(store, kept.id)).toBe('2')
    })

    test('anything but blank in what an erasure covers, any other column, and undoing it', async () => {
      const store = storeNow()
      const gone = aDocument('1', 'c', 'k')
      await store.append([gone, eraEntry(gone.id)])
      const { writer } = store
      const entry = writer.updateTable('entries').where('id', '=', gone.id)
      for (const change of [
        entry.set({ envelope: Buffer.from('{}') }),
        entry.set({ salt: Buffer.alloc(16) }),
        entry.set({ leaf: Buffer.from('x') }),
        entry.set({ ...blank, at: 'x' }),
        writer
          .updateTable('documents')
          .set({ content: Buffer.from('1') })
          .where('id', '=', gone.id),
        writer.updateTable('documents').set({ buyer: 'x' }).where('id', '=', gone.id),
        writer.updateTable('idempotency_keys').set({ sha256: 'aa' }),
        writer.updateTable('erasures').set({ decision: 'x' }),
        writer.deleteFrom('erasures'),
        writer.deleteFrom('documents'),
      ])
        await expect(change.execute()).rejects.toThrow(refused)
      // The same again changes nothing.
      await entry.set(blank).execute()
    })

    test('another key in the place of a consultation’s', async () => {
      const store = storeNow()
      await store.append([aDocument('1', 'c')])
      const change = store.writer.updateTable('consultation_keys').set({ wrapped_key: Buffer.from(randomUUID()) })
      await expect(change.execute()).rejects.toThrow(refused)
    })
  })
}
