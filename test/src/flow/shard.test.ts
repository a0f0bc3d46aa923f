import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as inFolder } from 'node:path'
import { stampNow, verifyPath } from '@socle/gateway'
import { openCheckpoint, type Receipt, tilePath, verifyReceipt } from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { ask, entriesOf, join, type Party, problemIn, speakAs, tokenOf, trustOf } from './party.ts'

const program = inFolder(import.meta.dirname, '../../../gateway/bin/socle.mjs')
const [old, next] = ['socle.invalid/sandbox/2026h2', 'socle.invalid/sandbox/2027h1']
const rarely = { HUB_TIMESTAMP_EVERY: '14400' }

let directory: string
let before: TestHub
let sender: Party
let reader: Party
const kept = new Map<string, { readonly text: string; readonly receipt: Receipt }>()
let cursor: string

async function socle(
  origin: string,
  ...line: readonly string[]
): Promise<{ readonly code: number | null; readonly said: string }> {
  const env = { PATH: process.env['PATH'] ?? '', HUB_DATA: directory, HUB_LOG_ORIGIN: origin }
  const child = spawn(process.execPath, [program, ...line], { env, timeout: 60_000 })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (said += text.toString('utf8')))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, said }
}

/** The same key and bytes as before, or new ones. */
async function deposit(party: Party, key: string): Promise<{ readonly text: string; readonly receipt: Receipt }> {
  const answer = await party.deposit('award', anAward({ id: key }), { key })
  expect(answer.status, answer.text).toBeLessThan(202)
  return { text: answer.text, receipt: answer.json<Receipt>() }
}

beforeAll(async () => {
  directory = await mkdtemp(inFolder(tmpdir(), 'socle-shard-'))
  before = await startHub({}, { directory, env: rarely })
  sender = await join(before, 'profil-a', { buyers: [buyerSiret] })
  reader = await join(before, 'gestion-c', { buyers: [buyerSiret] })
  for (const key of ['old-1', 'old-2']) kept.set(key, await deposit(sender, key))
  cursor = (await reader.feed('?kinds=award')).next
  await stampNow(before.hub)
  for (const key of ['old-3', 'old-4']) kept.set(key, await deposit(sender, key))
})
afterAll(async () => await rm(directory, { recursive: true, force: true }))

describe('a half-year is handed over to the next', () => {
  test('by a command, beside the hub that serves; which then appends nothing, says so, and is still read', async () => {
    expect((await socle(old, 'shard')).said).toMatch(
      /^0 socle\.invalid\/sandbox\/2026h2: \d+ entries from number 0, goes on$/m,
    )
    const { code, said } = await socle(old, 'shard', '--to', next)
    expect(said).toContain(`HUB_LOG_ORIGIN=${next}`)
    expect(code).toBe(0)

    const problem = problemIn(await sender.deposit('award', anAward({ id: 'between' }), { key: 'between' }))
    expect(problem).toMatchObject({ status: 503, code: 'SHARD_ENDED' })
    expect(await deposit(sender, 'old-1')).toMatchObject({ text: kept.get('old-1')?.text })
    await expect(stampNow(before.hub)).rejects.toThrow(next)
    const ready = (await ask(before, '/health/ready')).json<{ status: string; log: object }>()
    expect(ready).toMatchObject({ status: 'read-only', log: { origin: old, next } })
    expect((await ask(before, '/log/checkpoint')).text).toContain(`${next}\n1\n`)
    await before[Symbol.asyncDispose]()

    const refused = await socle(old, 'shard', '--to', next)
    expect(refused.code).not.toBe(0)
    expect(refused.said).toContain(next)
    expect((await socle(next, 'shard', '--to', next)).said).toContain('already done')
  })

  test('a hub under the new name goes on: old receipts to the byte, new ones under the new key, cursors stay good', async () => {
    await using hub = await startHub({}, { directory, env: { ...rarely, HUB_LOG_ORIGIN: next } })
    const speak = async (who: Party): Promise<Party> =>
      speakAs(hub, { ...who, token: await tokenOf(hub, who.id, who.secret) })
    const party = await speak(sender)
    for (const [key, { text }] of kept) expect((await deposit(party, key)).text).toBe(text)
    const fresh = [await deposit(party, 'between'), await deposit(party, 'new-2')]
    expect(fresh.map(({ receipt }) => receipt.proof.index)).toEqual([1, 2])
    const trust = await trustOf(hub)
    expect(trust.logs.map(({ name }) => name)).toEqual([old, next])
    for (const { receipt } of [...kept.values(), ...fresh])
      expect(verifyReceipt(receipt, { trust }).verdict).toBe('proved')
    expect(fresh.every(({ receipt }) => receipt.checkpoint.startsWith(`${next}\n`))).toBe(true)

    const page = await (await speak(reader)).feed(`?kinds=award&after=${cursor}`)
    expect(page.events.map(({ data }) => data.document.id)).toEqual(
      [kept.get('old-3'), kept.get('old-4'), ...fresh].map((one) => one?.receipt.id),
    )
    const numbers = page.events.map(({ hubseq }) => hubseq)
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
    expect(new Set(page.events.map((event) => (event as unknown as { source: string }).source))).toEqual(
      new Set([`//${old}`]),
    )
  })

  test('each log is served by its own count, and the end of the old one is stamped in the new one', async () => {
    await using hub = await startHub({}, { directory, env: { ...rarely, HUB_LOG_ORIGIN: next } })
    const { logs } = await trustOf(hub)
    const ended = openCheckpoint((await ask(hub, '/log/0/checkpoint')).text, logs)
    const shards = (await entriesOf(hub, 'shard')).map(({ index, envelope }) => [index, envelope.type, envelope.shard])
    const root = Buffer.from(ended.root).toString('base64')
    const vkey = (await ask(hub, '/log/log.vkey')).text.split('\n')[1]
    expect(shards).toEqual([
      [ended.size - 1, 'end', { origin: next, vkey }],
      [ended.size, 'start', { origin: old, size: ended.size, root }],
    ])
    const tile = tilePath({ level: 0, index: 0, width: ended.size })
    expect((await ask(hub, `/log/0/${tile}`)).bytes.length).toBe(ended.size * 32)
    expect((await ask(hub, `/log/0/${tilePath({ level: 0, index: 0, width: ended.size + 1 })}`)).status).toBe(404)
    for (const path of ['/log/2/checkpoint', '/log/00/checkpoint', '/log/-1/checkpoint', '/log/x/tile/0/000'])
      expect((await ask(hub, path)).status).toBe(404)
    expect((await ask(hub, '/log/1/checkpoint')).text).toBe((await ask(hub, '/log/checkpoint')).text)

    await stampNow(hub.hub)
    const times = (await entriesOf(hub, 'ts')).filter(({ index }) => index >= ended.size)
    expect(times.map(({ envelope }) => envelope.timestamp)).toMatchObject([
      { size: ended.size, origin: old },
      { size: 4 },
    ])
    const party = speakAs(hub, { ...sender, token: await tokenOf(hub, sender.id, sender.secret) })
    // What is exported goes to the last stamped checkpoint: this one covers those tokens.
    await deposit(party, 'new-3')
    await stampNow(hub.hub)
    const container = inFolder(directory, 'old.asice')
    for (const key of ['old-4', 'new-2']) {
      const { receipt } = await deposit(party, key)
      await writeFile(container, (await party.ask(`/v1/documents/${receipt.id}/evidence`)).bytes)
      const report = await verifyPath(container, { trust: inFolder(directory, 'keys/trust') })
      expect(report.verdict, report.text('en')).toBe('proved')
    }
  })
})

describe('the exports of both', () => {
  let place: string
  beforeAll(async () => {
    place = inFolder(directory, 'exports')
    const { code, said } = await socle(next, 'export', '--log', place, '--shard', 'all')
    expect(said).toMatch(/stamped/)
    expect(code).toBe(0)
  })

  test('each verifies by itself, its times too', async () => {
    for (const shard of ['0', '1']) {
      const report = await verifyPath(inFolder(place, shard))
      expect(report.verdict, report.text('en')).toBe('proved')
    }
  })

  test('the newer one goes on where the older one ended, and says so only where it does', async () => {
    const [older, newer] = [inFolder(place, '0'), inFolder(place, '1')]
    const report = await verifyPath(newer, { from: older })
    expect(report.verdict, report.text('en')).toBe('proved')
    expect(report.text('en')).toContain(`the log ${next} follows ${old} without a gap`)
    // The older one does not follow the newer one.
    expect((await verifyPath(older, { from: newer })).verdict).toBe('not-proved')

    const file = inFolder(newer, 'shard.ndjson')
    const line = await readFile(file, 'utf8')
    for (const changed of [
      line.replace(/"size":\d+/, '"size":3'),
      line.replace('"start"', '"end"'),
      '',
      'x',
      line.slice(0, 40),
    ]) {
      await writeFile(file, changed)
      const { verdict } = await verifyPath(newer, { from: older })
      expect(verdict, changed).toBe('not-proved')
    }
    await writeFile(file, line)
  })

  test('a token over the older log proves nothing of a third one', async () => {
    const file = inFolder(place, '1/timestamps.ndjson')
    const lines = await readFile(file, 'utf8')
    expect(lines).toContain(`"origin":"${old}"`)
    await writeFile(file, lines.replace(`"origin":"${old}",`, ''))
    expect((await verifyPath(inFolder(place, '1'))).verdict).toBe('not-proved')
    await writeFile(file, lines)
  })

  test('a hub whose trust lacks an older key, or that has the old name, does not start', async () => {
    await expect(startHub({}, { directory })).rejects.toThrow(next)
    const other = await mkdtemp(inFolder(tmpdir(), 'socle-shard-'))
    try {
      await cp(directory, other, { recursive: true })
      const file = inFolder(other, 'keys/trust/log.vkey')
      const lines = (await readFile(file, 'utf8')).split('\n')
      await writeFile(file, lines.filter((line) => !line.startsWith(old)).join('\n'))
      await expect(startHub({}, { directory: other, env: { HUB_LOG_ORIGIN: next } })).rejects.toThrow('earlier logs')
    } finally {
      await rm(other, { recursive: true, force: true })
    }
  })
})
