import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '@socle/gateway'
import { parseTrust, type Trust } from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'
import { checkLog } from './checker.ts'
import { createHistory, type History } from './history.ts'
import { createSender } from './sender.ts'

const directory = await mkdtemp(join(tmpdir(), 'socle-checker-'))
const file = join(directory, 'ledger.sqlite')
afterAll(async () => await rm(directory, { recursive: true, force: true }))

let history: History
let trust: Trust

/** Seven documents of one account: a log of eight entries with its mandate. */
beforeAll(async () => {
  await using hub = await startHub({}, { directory })
  trust = parseTrust(hub.hub.keys.trust)
  await hub.account('profil-a', { buyers: [buyerSiret] })
  const account = await hub.hub.accounts.find('profil-a')
  if (!account) throw new Error('the account just made is not there')
  const { token } = await hub.hub.tokens.issue(account.id, account.scopes)
  const sender = createSender(hub.url, token, 2)
  history = createHistory()
  for (let i = 0; i < 7; i++) {
    const sent = history.next()
    history.take(sent, await sender.deposit(sent.key, sent.body))
  }
  sender.close()
})

const faultsOf = (sent = history.all): readonly string[] => checkLog(file, sent, trust).faults

/** Runs statements, looks, and puts the file back as it was. */
function faultsAfter(...statements: readonly string[]): readonly string[] {
  const db = openDatabase(file)
  db.exec('pragma foreign_keys = off')
  const saved = join(directory, `saved-${Math.random()}.sqlite`)
  db.exec(`vacuum into '${saved}'`)
  // Whoever has the file takes the traps out first: they stop mistakes, the signed tree stops people.
  const traps = db.prepare("select name from sqlite_master where type = 'trigger'").all()
  for (const { name } of traps) db.exec(`drop trigger ${String(name)}`)
  try {
    for (const statement of statements) db.exec(statement)
    return faultsOf()
  } finally {
    db.exec(`attach '${saved}' as saved`)
    const tables = db.prepare("select name from saved.sqlite_master where type = 'table'").all()
    for (const { name } of tables)
      db.exec(`delete from main.${String(name)}; insert into main.${String(name)} select * from saved.${String(name)}`)
    db.close()
  }
}

describe('the checker', () => {
  test('finds no fault in a log that has none', () => {
    expect(checkLog(file, history.all, trust)).toEqual({ size: 8, documents: 7, faults: [] })
    expect(faultsAfter('select 1')).toEqual([])
  })

  test.each([
    ['a document is gone', ['delete from documents where idx = 3'], 'key-2026-00000002: lost'],
    [
      'the last entry is gone with all its rows',
      [
        'delete from entries where idx = 7',
        'delete from documents where idx = 7',
        'delete from idempotency_keys where idx = 7',
      ],
      'acknowledged, and not in the log',
    ],
    ['an entry in the middle is gone', ['delete from entries where idx = 4'], 'entry 4: numbered 5'],
    ['a leaf is another', ["update entries set leaf = cast('{}' as blob) where idx = 2"], 'another root'],
    ['a byte of a document is another', ["update documents set content = content || ' ' where idx = 5"], 'do not open'],
    [
      'a document is there twice',
      [
        'insert into documents select 99, id, kind, account, buyer, consultation, source_key, format, version, name, media_type, size, sha256, content, stored_as, data_key from documents where idx = 5',
      ],
      'the same bytes are recorded twice',
    ],
    ['a key is another', ["update idempotency_keys set key = 'unknown' where idx = 6"], 'nobody sent it'],
    ['a key is gone', ['delete from idempotency_keys where idx = 6'], 'nobody sent it'],
    ['the head stands back', ['update ledger_head set size = 7'], 'head: 7 entries, not 8'],
    [
      'the head has an earlier checkpoint',
      ['update ledger_head set checkpoint = (select note from checkpoints where size = 7)'],
      'head: not the last checkpoint',
    ],
    [
      'an old checkpoint is another',
      ['update checkpoints set note = (select note from checkpoints where size = 3) where size = 4'],
      'checkpoint 4: signed for 3',
    ],
    [
      'a signature is another',
      ["update checkpoints set note = replace(note, '— ', '— x') where size = 5"],
      'checkpoint 5',
    ],
  ])('sees that %s', (_, statements, fault) => {
    expect(faultsAfter(...statements).join('\n')).toContain(fault)
    expect(faultsOf()).toEqual([])
  })

  test('sees a document that its senders do not know, one that is missing, and a receipt that is another', () => {
    const [first, ...rest] = history.all
    if (!first) throw new Error('nothing was sent')
    expect(faultsOf(rest)).toEqual(['document 1: nobody sent it'])
    const lost = { ...first, key: 'never-recorded', receipt: undefined }
    expect(faultsOf([...history.all, lost])).toEqual(['never-recorded: lost'])
    const receipt = Buffer.from(first.receipt?.toString('utf8').replace('"index":1', '"index":2') ?? '')
    expect(faultsOf([{ ...first, receipt }, ...rest]).join('\n')).toMatch(/receipt not proved \(inclusion\)/)
    expect(faultsOf([{ ...first, body: Buffer.from('{}') }, ...rest]).length).toBeGreaterThan(0)
  })
})
