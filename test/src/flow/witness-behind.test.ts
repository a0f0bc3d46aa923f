import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import { stampNow } from '@socle/gateway'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startWitness, type StrictWitness } from '../servers/witness.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { ask, join, type Party, problemIn, speakAs, tokenOf } from './party.ts'

/** What only somebody outside can tell: the store, and all that the hub kept beside it, went back in time. */

const program = pathOf(import.meta.dirname, '../../../gateway/bin/socle.mjs')
let root: string
let data: string
let witness: StrictWitness
const known: string[] = []
beforeEach(async () => {
  root = await mkdtemp(pathOf(tmpdir(), 'socle-witnessed-'))
  data = pathOf(root, 'data')
  known.length = 0
  witness = await startWitness({ logs: known })
})
afterEach(async () => {
  await witness[Symbol.asyncDispose]()
  await rm(root, { recursive: true, force: true })
})

const soon = { timeout: 15_000, interval: 50 }

async function open(env: Readonly<Record<string, string>> = {}): Promise<TestHub> {
  const watched = { HUB_WITNESSES: `${witness.url} ${witness.vkey}`, HUB_WITNESS_EVERY: '1', ...env }
  return await startHub({}, { directory: data, env: watched })
}

interface Past {
  readonly again: (hub: TestHub) => Promise<Party>
  /** Of the log, when it was copied and when the witness saw it last. */
  readonly before: number
  readonly after: number
}

/** The witness has seen two more documents than the copy of the data directory holds. */
async function twoLives(): Promise<Past> {
  let secret = ''
  let before = 0
  {
    await using hub = await open()
    known.push(hub.hub.keys.log.vkey)
    const party = await join(hub, 'profil-a', { buyers: [buyerSiret] })
    secret = party.secret
    before = (await party.sent('award', anAward({ id: 'W-KEPT' }))).proof.size
  }
  await cp(data, pathOf(root, 'copy'), { recursive: true })
  const again = async (hub: TestHub): Promise<Party> =>
    speakAs(hub, { id: 'profil-a', secret, token: await tokenOf(hub, 'profil-a', secret) })
  await using hub = await open()
  const party = await again(hub)
  await party.sent('award', anAward({ id: 'W-LOST-1' }))
  const { size } = (await party.sent('award', anAward({ id: 'W-LOST-2' }))).proof
  await vi.waitFor(() => expect(sizeSeen()).toBe(size), soon)
  return { again, before, after: size }
}

function sizeSeen(): number {
  return [...witness.logs.values()][0]?.size ?? 0
}

/** The ledger of the copy; nothing else in the directory but the keys, and the files named. */
async function restore(...files: readonly string[]): Promise<void> {
  const isKept = (name: string): boolean => name === 'keys' || files.includes(name)
  for (const name of await readdir(data)) if (!isKept(name)) await rm(pathOf(data, name), { recursive: true })
  for (const name of await readdir(pathOf(root, 'copy')))
    if (name.startsWith('ledger.sqlite')) await cp(pathOf(root, 'copy', name), pathOf(data, name))
}

async function recover(...line: readonly string[]): Promise<{ readonly status: number | null; readonly out: string }> {
  const { PATH = '' } = process.env
  const env = { PATH, HUB_DATA: data, HUB_WITNESSES: `${witness.url} ${witness.vkey}` }
  const child = spawn(process.execPath, [program, 'recover', ...line], { env, timeout: 30_000 })
  let out = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (out += part.toString('utf8')))
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, out }
}

const rangeOf = (from: number, to: number): string => (to - from === 1 ? String(from) : `${from}–${to - 1}`)

test('a ledger and its files restored too old are read only: the witness says how far the log had come', async () => {
  const { again, before, after } = await twoLives()
  await restore()
  await using hub = await open()
  expect(hub.hub.continuity.missing).toEqual({ from: before, to: after })
  const problem = problemIn(await (await again(hub)).deposit('award', anAward({ id: 'W-NEW' })))
  expect(problem).toMatchObject({ status: 503, code: 'LEDGER_BEHIND' })
  expect(problem.hint).toContain(rangeOf(before, after))
  expect((await ask(hub, '/health/ready')).json<unknown>()).toMatchObject({
    status: 'read-only',
    missing: { from: before, to: after },
  })
  expect((await ask(hub, '/log/checkpoint')).text.split('\n')[1]).toBe(String(before))
})

test('an operator hears it from the witness, and may accept the loss: the log goes on, and that witness does not', async () => {
  const { again, before, after } = await twoLives()
  await restore()
  expect(await recover()).toMatchObject({ status: 1, out: expect.stringContaining(rangeOf(before, after)) as string })
  expect((await recover('--accept-loss')).status).toBe(0)
  await using hub = await open()
  const party = await again(hub)
  expect((await party.sent('award', anAward({ id: 'W-ON' }))).proof.index).toBeGreaterThanOrEqual(after)
  await vi.waitFor(() => expect(witness.answers.at(-1)).toBe(422), soon)
  expect(hub.hub.continuity.missing).toBeUndefined()
  expect(sizeSeen()).toBe(after)
})

test('a loss beyond all likelihood is not accepted by a command', async () => {
  const { again } = await twoLives()
  const log = [...witness.logs.values()][0]
  if (!log) throw new Error('no log')
  log.size = 2 ** 40
  expect(await recover('--accept-loss')).toMatchObject({
    status: 1,
    out: expect.stringContaining('a witness may be wrong') as string,
  })
  await using hub = await startHub({}, { directory: data })
  expect((await (await again(hub)).deposit('award', anAward({ id: 'W-WITHOUT' }))).status).toBe(201)
})

test('of an empty store too', async () => {
  const { after } = await twoLives()
  for (const name of await readdir(data)) if (name !== 'keys') await rm(pathOf(data, name), { recursive: true })
  await using hub = await open()
  expect(hub.hub.continuity.missing).toEqual({ from: 0, to: after })
})

test('a witness that was away at the start is heard when it is back, and what was appended meanwhile is no longer added to', async () => {
  const { again, before, after } = await twoLives()
  await restore()
  witness.mode = 'http-500'
  await using hub = await open()
  const party = await again(hub)
  await party.sent('award', anAward({ id: 'W-OTHER-1' }))
  await party.sent('award', anAward({ id: 'W-OTHER-2' }))
  await party.sent('award', anAward({ id: 'W-OTHER-3' }))
  witness.mode = 'good'
  await vi.waitFor(() => expect(hub.hub.continuity.missing).toEqual({ from: after - 1, to: after }), soon)
  expect(problemIn(await party.deposit('award', anAward({ id: 'W-MORE' }))).code).toBe('LEDGER_BEHIND')
  expect(witness.answers.at(-1)).toBe(422)
  expect(before).toBeLessThan(after)
})

test('a witness that forgot is shown the log again; one that never saw it is no alarm', async () => {
  const { again } = await twoLives()
  witness.logs.clear()
  await using hub = await open()
  const party = await again(hub)
  const { size } = (await party.sent('award', anAward({ id: 'W-NEXT' }))).proof
  await vi.waitFor(() => expect(sizeSeen()).toBe(size), soon)
  expect(hub.hub.continuity.missing).toBeUndefined()
})

test('the last stamped checkpoint, kept apart, tells without any witness', async () => {
  const { again, before } = await twoLives()
  let stamped: number | undefined
  {
    await using hub = await open()
    stamped = await stampNow(hub.hub)
  }
  await restore('last-stamped', 'last-stamped.tsr')
  await using hub = await startHub({}, { directory: data })
  expect(hub.hub.continuity.missing).toEqual({ from: before, to: stamped })
  expect((await (await again(hub)).deposit('award', anAward({ id: 'W-NEW' }))).status).toBe(503)
})

test('the head is on disk apart from the store before a checkpoint is published or shown', async () => {
  await using hub = await open({ HUB_WITNESS_EVERY: '600' })
  const party = await join(hub, 'profil-a', { buyers: [buyerSiret] })
  const { size } = (await party.sent('award', anAward({ id: 'W-HEAD' }))).proof
  expect((await ask(hub, '/log/checkpoint')).text.split('\n')[1]).toBe(String(size))
  expect((await readFile(pathOf(data, 'last-checkpoint'), 'utf8')).split('\n')[1]).toBe(String(size))
})
