import { randomUUID } from 'node:crypto'
import { erase, eraseConsultation, type NewEntry, readContent, type Store } from '@socle/gateway'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anEntry, documentEffect } from '../contracts/entries.ts'
import { startHub, type TestHub } from '../support/hub.ts'

const decision = '2026-17'
/** Documents a transaction of an erasure. */
const part = 256
/** Documents of a consultation that are looked up together. */
const page = 10_000

let hub: TestHub
beforeAll(async () => (hub = await startHub()))
afterAll(async () => await hub[Symbol.asyncDispose]())

/** So many documents of a new consultation, in the ledger. */
async function consultationOf(count: number): Promise<{ readonly name: string; readonly ids: readonly string[] }> {
  const name = `C-${randomUUID()}`
  const ids: string[] = []
  for (let at = 0; at < count; at += part) {
    const some = Array.from({ length: Math.min(part, count - at) }, () =>
      anEntry({ kind: 'doc', effects: [documentEffect('x', name)] }),
    )
    ids.push(...some.map(({ id }) => id))
    await hub.hub.store.append(some)
  }
  return { name, ids }
}

/** The hub with a store that says what is appended to it, before it is. */
function watched(before: (entries: readonly NewEntry[]) => void): TestHub['hub'] {
  const { store } = hub.hub
  const append: Store['append'] = async (entries) => {
    before(entries)
    return await store.append(entries)
  }
  return { ...hub.hub, store: { ...store, append } }
}

/** Of a consultation: documents that stand erased, others, and its keys. */
async function stateOf(name: string): Promise<{ erased: number; kept: number; keys: number }> {
  const { reader } = hub.hub.store
  const rows = await reader.selectFrom('documents').select('stored_as').where('consultation', '=', name).execute()
  const keys = await reader.selectFrom('consultation_keys').select('idx').where('consultation', '=', name).execute()
  const erased = rows.filter(({ stored_as }) => stored_as === 'erased').length
  return { erased, kept: rows.length - erased, keys: keys.length }
}

describe('an erasure of many documents', () => {
  test('takes them in parts, and goes on behind a crash between two with the same order', async () => {
    const { name, ids } = await consultationOf(2 * part + 1)
    const sizes: number[] = []
    const dying = watched((entries) => {
      if (sizes.length === 1) throw new Error('killed')
      sizes.push(entries.length)
    })
    await expect(erase(dying, { documents: ids, decision })).rejects.toThrow('killed')
    expect(await stateOf(name)).toEqual({ erased: part, kept: part + 1, keys: 1 })
    const last = ids.at(-1) ?? ''
    expect(Buffer.from((await readContent(hub.hub.store, last))?.bytes ?? []).toString()).toBe('x')

    const all = watched((entries) => void sizes.push(entries.length))
    expect(await eraseConsultation(all, { consultation: name, decision })).toEqual({ now: part + 1, before: part })
    expect(sizes).toEqual([part, part, 1])
    expect(await stateOf(name)).toEqual({ erased: 2 * part + 1, kept: 0, keys: 0 })
  })

  test('erases nothing when one of them is no document', async () => {
    const { name, ids } = await consultationOf(part + 1)
    const order = { documents: [...ids, randomUUID()], decision }
    await expect(erase(hub.hub, order)).rejects.toThrow('is no document and no refusal')
    expect(await stateOf(name)).toEqual({ erased: 0, kept: part + 1, keys: 1 })
  })
})

describe('a consultation of more documents than are looked up together', () => {
  test('is erased whole by one order, with what is recorded meanwhile', async () => {
    const { name } = await consultationOf(page + 2)
    let late: Promise<unknown> | undefined
    const busy = watched(() => {
      late ??= hub.hub.store.append([anEntry({ kind: 'doc', effects: [documentEffect('late', name)] })])
    })
    expect(await eraseConsultation(busy, { consultation: name, decision })).toEqual({ now: page + 3, before: 0 })
    await late
    expect(await stateOf(name)).toEqual({ erased: page + 3, kept: 0, keys: 0 })
    const again = await eraseConsultation(hub.hub, { consultation: name, decision })
    expect(again).toEqual({ now: 0, before: page + 3 })
  }, 120_000)
})
