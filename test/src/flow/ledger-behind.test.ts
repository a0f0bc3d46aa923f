import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import type { Receipt } from '@socle/schemas'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { anAward, buyerSiret, otherBuyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { ask, entriesOf, join, type Party, problemIn, speakAs, tokenOf } from './party.ts'

/** An old copy of the ledger verifies by itself. Only what remembers a later log shows what is missing. */

const program = pathOf(import.meta.dirname, '../../../gateway/bin/socle.mjs')
let root: string
let data: string
beforeEach(async () => {
  root = await mkdtemp(pathOf(tmpdir(), 'socle-behind-'))
  data = pathOf(root, 'data')
})
afterEach(async () => await rm(root, { recursive: true, force: true }))

const open = async (): Promise<TestHub> => await startHub({}, { directory: data })

async function socle(...line: readonly string[]): Promise<{ readonly status: number | null; readonly out: string }> {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, [program, ...line], { env: { PATH, HUB_DATA: data }, timeout: 30_000 })
  let out = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (out += part.toString('utf8')))
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, out }
}

interface Past {
  readonly again: (hub: TestHub) => Promise<Party>
  /** Entries of the copy. */
  readonly size: number
  readonly kept: Receipt
  readonly lost: readonly Receipt[]
}

const sendOne = async (party: Party, key: string): Promise<Receipt> =>
  await party.sent('award', anAward({ id: `2026-${key}` }), { key })

/** Everything is there, and a copy of the ledger without the last two documents. */
async function twoLives(): Promise<Past> {
  let [kept, size, secret]: [Receipt | undefined, number, string] = [undefined, 0, '']
  {
    await using hub = await open()
    const party = await join(hub, 'profil-a', { buyers: [buyerSiret] })
    secret = party.secret
    kept = await sendOne(party, 'kept')
    size = kept.proof.index + 1
  }
  const again = async (hub: TestHub): Promise<Party> =>
    speakAs(hub, { id: 'profil-a', secret, token: await tokenOf(hub, 'profil-a', secret) })
  await cp(data, pathOf(root, 'copy'), { recursive: true })
  await using hub = await open()
  const party = await again(hub)
  return { again, size, kept, lost: [await sendOne(party, 'lost-1'), await sendOne(party, 'lost-2')] }
}

/** The ledger alone, as whoever restores a database does. */
async function restore(): Promise<void> {
  const isLedger = (name: string): boolean => name.startsWith('ledger.sqlite')
  for (const name of (await readdir(data)).filter(isLedger)) await rm(pathOf(data, name))
  for (const name of (await readdir(pathOf(root, 'copy'))).filter(isLedger))
    await cp(pathOf(root, 'copy', name), pathOf(data, name))
}

test('a ledger that was restored too old is read, and appended to by nobody', async () => {
  const { again, size, kept, lost } = await twoLives()
  await restore()
  await using hub = await open()
  const party = await again(hub)
  const problem = problemIn(await party.deposit('award', anAward({ id: '2026-new' })))
  expect(problem).toMatchObject({ status: 503, code: 'LEDGER_BEHIND' })
  expect(problem.hint).toContain(`entrées ${size}–${size + 1}`)
  expect(problem.hint).toContain(`entries ${size}–${size + 1}`)

  const replayed = await party.deposit('award', anAward({ id: '2026-kept' }), { key: 'kept' })
  expect([replayed.status, replayed.json<Receipt>()]).toEqual([200, kept])
  const ready = (await ask(hub, '/health/ready')).json<{ status: string; missing: unknown; log: { size: number } }>()
  expect(ready).toMatchObject({ status: 'read-only', missing: { from: size, to: size + 2 }, log: { size } })
  expect((await ask(hub, '/log/checkpoint')).text.split('\n')[1]).toBe(String(size))
  expect((await party.ask(`/v1/documents/${kept.id}/content`)).status).toBe(200)
  expect((await party.ask(`/v1/documents/${lost[0]?.id}`)).status).toBe(404)
  const { out } = await socle('account', 'mandate', 'profil-a', otherBuyerSiret)
  expect(out).toContain(`${size}–${size + 1}`)
  await hub.hub.continuity.remember()
  expect(await readFile(pathOf(data, 'last-checkpoint'), 'utf8')).toContain(`\n${size + 2}\n`)
})

test('an operator who accepts the loss goes on behind it: the log says so, and no number is given twice', async () => {
  const { again, size, lost } = await twoLives()
  await restore()
  const asked = await socle('recover')
  expect(asked).toMatchObject({ status: 1, out: expect.stringContaining(`${size}–${size + 1} (2)`) as string })
  expect((await socle('recover', '--accept-loss')).status).toBe(0)

  await using hub = await open()
  const party = await again(hub)
  // Under its old key: the ledger does not know it any more.
  const resent = await sendOne(party, 'lost-1')
  expect(resent.proof.index).toBe(size + 2)
  expect(lost.map(({ proof }) => proof.index)).toEqual([size, size + 1])
  const losses = (await entriesOf(hub, 'cfg')).filter(({ envelope }) => envelope.type === 'ledger-loss')
  expect(losses.map(({ envelope }) => envelope.change)).toEqual([
    { loss: { from: size, to: size + 2 } },
    { loss: { from: size, to: size + 2 } },
  ])
  const log = pathOf(root, 'log')
  expect(await socle('export', '--stamp', '--log', log)).toMatchObject({ status: 0 })
  expect(await socle('verify', log)).toMatchObject({ status: 0 })
})

test('more was given out than this hub knows: the operator says how much', async () => {
  const { again, size } = await twoLives()
  await restore()
  expect((await socle('recover', '--accept-loss', '--size', String(size + 300))).status).toBe(0)
  await using hub = await open()
  const party = await again(hub)
  expect((await sendOne(party, 'lost-1')).proof.index).toBe(size + 300)
  expect((await socle('recover', '--size', 'many')).status).toBe(2)
})

test('numbers that were given twice are not papered over', async () => {
  const { again, size } = await twoLives()
  const note = await readFile(pathOf(data, 'last-checkpoint'))
  await restore()
  await rm(pathOf(data, 'last-checkpoint'))
  {
    await using hub = await open()
    const party = await again(hub)
    for (const key of ['other-1', 'other-2', 'other-3']) await sendOne(party, key)
  }
  await writeFile(pathOf(data, 'last-checkpoint'), note)
  const { status, out } = await socle('recover', '--accept-loss')
  expect([status, out]).toEqual([1, expect.stringContaining('backup.md')])
  await using hub = await open()
  const party = await again(hub)
  expect((await party.deposit('award', anAward())).status).toBe(503)
  expect(hub.hub.continuity.missing).toEqual({ from: size + 1, to: size + 2 })
})

test('a witness that our key did not sign is no witness, and another log’s is none of ours', async () => {
  const { again } = await twoLives()
  const note = await readFile(pathOf(data, 'last-checkpoint'), 'utf8')
  for (const other of [note.replace(/\n\d+\n/, '\n999\n'), note.replace(/^[^\n]+/, 'other.invalid/log')]) {
    await writeFile(pathOf(data, 'last-checkpoint'), other)
    await using hub = await open()
    const party = await again(hub)
    expect((await party.deposit('award', anAward({ id: `2026-${other.length}` }))).status).toBe(201)
  }
})
