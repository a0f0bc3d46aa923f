import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assertDurable, type Durability, durabilityOf, NotDurableError, openDatabase } from '@socle/gateway'
import { afterAll, describe, expect, test } from 'vitest'

const directory = mkdtempSync(join(tmpdir(), 'socle-durability-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const durable: Durability = {
  sqliteVersion: '3.51.3',
  journalMode: 'wal',
  synchronous: 2,
  inMemoryFileSystem: false,
}

describe('the facts that decide whether a commit survives', () => {
  test.each<[string, Partial<Durability>]>([
    ['the first SQLite without the fault', {}],
    ['a later patch', { sqliteVersion: '3.51.10' }],
    ['a later minor', { sqliteVersion: '3.53.0' }],
    ['a later major', { sqliteVersion: '4.0.0' }],
    ['synchronous=extra', { synchronous: 3 }],
  ])('%s is accepted', (_, facts) => {
    expect(() => assertDurable({ ...durable, ...facts }, false)).not.toThrow()
  })

  test.each<[string, Partial<Durability>, string]>([
    ['the SQLite just before', { sqliteVersion: '3.51.2' }, '3.51.3 or later'],
    ['an older minor with a higher patch', { sqliteVersion: '3.46.99' }, '3.51.3 or later'],
    ['an older major', { sqliteVersion: '2.99.99' }, '3.51.3 or later'],
    ['a rollback journal', { journalMode: 'delete' }, 'wal is needed'],
    ['a journal in memory', { journalMode: 'memory' }, 'wal is needed'],
    ['synchronous=normal', { synchronous: 1 }, 'full (2) is needed'],
    ['synchronous=off', { synchronous: 0 }, 'full (2) is needed'],
    ['a file system in memory', { inMemoryFileSystem: true }, 'HUB_DATA'],
  ])('%s is refused with what to change', (_, facts, text) => {
    const start = (): void => assertDurable({ ...durable, ...facts }, false)
    expect(start).toThrow(NotDurableError)
    expect(start).toThrow(text)
  })

  test('every fault is named at once, and a file system in memory passes in a sandbox only', () => {
    const facts = { ...durable, sqliteVersion: '3.40.0', synchronous: 0, inMemoryFileSystem: true }
    expect(() => assertDurable(facts, false)).toThrow(/3\.51\.3.*full.*HUB_DATA/)
    expect(() => assertDurable({ ...durable, inMemoryFileSystem: true }, true)).not.toThrow()
  })
})

describe('a real database', () => {
  test('opened as the store opens it is durable', () => {
    const file = join(directory, 'good.sqlite')
    const db = openDatabase(file)
    expect(() => assertDurable(durabilityOf(db, file), true)).not.toThrow()
    expect(durabilityOf(db, file)).toMatchObject({ journalMode: 'wal', synchronous: 2 })
    db.close()
  })

  test.each([
    ['synchronous = normal', /synchronous is 1/],
    ['synchronous = off', /synchronous is 0/],
    ['journal_mode = delete', /journal_mode is delete/],
  ])('set to %s is read back and refused', (pragma, text) => {
    const file = join(directory, `${pragma.replaceAll(/\W+/g, '-')}.sqlite`)
    const db = openDatabase(file)
    db.exec(`pragma ${pragma}`)
    expect(() => assertDurable(durabilityOf(db, file), true)).toThrow(text)
    db.close()
  })
})
