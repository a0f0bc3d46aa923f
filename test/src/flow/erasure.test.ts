import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as path } from 'node:path'
import { promisify } from 'node:util'
import { type BusMessage, createMemoryBus } from '@socle/gateway'
import { type Problem, type Receipt, schemas, verifyReceipt } from '@socle/schemas'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { type FeedEvent, join, type Party, trustOf } from './party.ts'
import { type Receiver, startReceiver } from './receiver.ts'

const socle = path(import.meta.dirname, '../../../gateway/bin/socle.mjs')
const decision = 'RGPD-2026/17'
const consultation = 'C-2026-17'
const planted = { object: 'PLANTEDOBJECT', key: 'PLANTEDKEY', reason: 'PLANTEDREASON' }

/** An event's data as it may be once erasure exists. */
interface Data {
  readonly document: { readonly id: string; readonly content?: unknown; readonly sourceKey?: string }
  readonly canonical?: unknown
  readonly erased?: { readonly at: string; readonly decision: string }
}
const isEventData = new Ajv2020({ strict: false, validateFormats: false, schemas: Object.values(schemas) }).compile(
  schemas['v1/event-data'],
)
const dataOf = (event: FeedEvent | undefined): Partial<Data> => event?.data ?? {}

let directory: string
let hub: TestHub
let receiver: Receiver
let sender: Party
let recipient: Party
let late: Party
const published: BusMessage[] = []
const text = anAward({ id: planted.key, objet: planted.object })
const kept = anAward({ id: '2026-0002', objet: 'Reste' })
const key = 'the-key-of-the-first-time'
let receipt: Receipt
let keptReceipt: Receipt
let secrets: readonly Buffer[]

/** `socle` beside the hub that serves. */
async function run(...parameters: readonly string[]): Promise<{ readonly status: number; readonly said: string }> {
  const env = { PATH: process.env['PATH'], HUB_DATA: directory }
  return await new Promise((resolve) => {
    execFile(process.execPath, [socle, ...parameters], { env, timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code ?? -1), said: `${stdout}${stderr}` }),
    )
  })
}

async function until(there: () => boolean): Promise<void> {
  const end = performance.now() + 15_000
  while (!there() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 50))
}

/** Everything that the store keeps of the document and that must be gone afterwards. */
async function secretsOf(id: string): Promise<readonly Buffer[]> {
  const { reader } = hub.hub.store
  const entry = await reader.selectFrom('entries').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const row = await reader.selectFrom('documents').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const keyed = await reader.selectFrom('idempotency_keys').select('sha256').where('idx', '=', row.idx).execute()
  const texts = [row.sha256, ...keyed.map(({ sha256 }) => sha256), ...Object.values(planted)]
  const bytes = [entry.salt, row.data_key ?? [], row.content.subarray(0, 24), entry.seal?.subarray(-24) ?? []]
  return [...texts.map((one) => Buffer.from(one)), ...bytes.map((one) => Buffer.from(one))]
}

/** Reads in a process of its own: whoever opens and closes the files of SQLite in the hub's drops the hub's locks. */
const search = `
const { readdirSync, readFileSync } = require('node:fs')
const { join } = require('node:path')
const [directory, ...values] = process.argv.slice(1)
for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue
  const bytes = readFileSync(join(entry.parentPath, entry.name))
  for (const value of values) if (bytes.includes(Buffer.from(value, 'hex'))) console.log(entry.name + ': ' + value)
}`

/** Files below the data directory in which any of the values stands. */
async function filesWith(values: readonly Buffer[]): Promise<readonly string[]> {
  const parameters = ['-e', search, directory, ...values.map((value) => value.toString('hex'))]
  const { stdout } = await promisify(execFile)(process.execPath, parameters)
  return stdout.split('\n').filter((line) => line !== '')
}

beforeAll(async () => {
  directory = await mkdtemp(path(tmpdir(), 'socle-erasure-'))
  receiver = await startReceiver()
  const bus = createMemoryBus()
  bus.subscribe('tncp.sandbox.awards.v1', async (message) => {
    published.push(message)
    await Promise.resolve()
  })
  hub = await startHub({ bus }, { directory })
  sender = await join(hub, 'profil-a', { buyers: [buyerSiret] })
  recipient = await join(hub, 'gestion-c', { buyers: [buyerSiret] })
  late = await join(hub, 'archive-d', { buyers: [buyerSiret] })
  expect((await recipient.post('/v1/subscriptions', { url: receiver.url, kinds: ['award'] })).status).toBe(201)
  const headers = { 'hub-consultation': consultation }
  receipt = await sender.sent('award', text, { key, headers })
  keptReceipt = await sender.sent('award', kept, { headers })
  const page = await recipient.feed()
  await recipient.feed(`?after=${page.next}`)
  const outcome = { result: 'refused', reason: planted.reason, url: 'https://x.example/PLANTEDREASON' }
  expect((await recipient.post(`/v1/documents/${receipt.id}/outcomes`, outcome)).status).toBe(201)
  await until(() => receiver.taken().length === 2 && published.length === 2)
  secrets = await secretsOf(receipt.id)
  // What is looked for afterwards is there before: a search that finds nothing proves something.
  expect(new Set((await filesWith(secrets)).map((one) => one.split(': ')[1])).size).toBe(secrets.length - 1)
}, 120_000)

afterAll(async () => {
  await hub[Symbol.asyncDispose]()
  await receiver[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
})

describe('a document that the operator erases beside a hub that serves', () => {
  test('is gone with one command, and from every file of the data directory', async () => {
    const { status, said } = await run('erase', receipt.id, '--decision', decision)
    expect(said).toContain('erased: 1')
    expect(said).toContain('files purged')
    expect(status).toBe(0)
    expect(await filesWith(secrets)).toEqual([])
  }, 90_000)

  test.each(['content', 'canonical', 'receipt'])(
    'is answered 410 when its %s is asked for, in both languages',
    async (what) => {
      for (const party of [sender, recipient]) {
        const answer = await party.ask(`/v1/documents/${receipt.id}/${what}`)
        // A recipient never had the receipt.
        if (what === 'receipt' && party === recipient && answer.status === 404) continue
        const problem = answer.json<Problem>()
        expect([answer.status, problem.code]).toEqual([410, 'DOCUMENT_ERASED'])
        expect(JSON.stringify(problem)).toContain(decision)
        expect(JSON.stringify(problem)).toContain('effacé')
      }
    },
  )

  test('is still known, with its way and its end', async () => {
    const told = (await sender.ask(`/v1/documents/${receipt.id}`)).json<Record<string, unknown>>()
    expect(told).toMatchObject({ id: receipt.id, sha256: '', sourceKey: '', erased: { decision } })
    const { steps } = (await sender.ask(`/v1/documents/${receipt.id}/timeline`)).json<{ steps: { state: string }[] }>()
    expect(steps.map(({ state }) => state)).toEqual(
      expect.arrayContaining(['recorded', 'delivered', 'concluded', 'erased']),
    )
    expect(steps.at(-1)).toMatchObject({ state: 'erased', decision })
    expect(JSON.stringify(steps)).not.toContain('PLANTED')
  })

  test('has evidence that shows its erasure and nothing of what it was', async () => {
    const evidence = await sender.ask(`/v1/documents/${receipt.id}/evidence`)
    expect(evidence.status).toBe(200)
    for (const secret of secrets) expect(evidence.bytes.includes(secret)).toBe(false)
    expect(evidence.text).toContain(decision)
  })

  test('is not recorded again under its key, whatever the bytes, nor concluded', async () => {
    const headers = { 'hub-consultation': consultation }
    for (const body of [text, kept]) expect((await sender.deposit('award', body, { key, headers })).status).toBe(410)
    const outcome = { result: 'archived' }
    expect((await recipient.post(`/v1/documents/${receipt.id}/outcomes`, outcome)).status).toBe(410)
  })

  test('leaves its neighbour whole', async () => {
    const content = await recipient.ask(`/v1/documents/${keptReceipt.id}/content`)
    expect([content.status, content.text]).toEqual([200, kept])
    expect((await sender.ask(`/v1/documents/${keptReceipt.id}/receipt`)).json()).toEqual(keptReceipt)
  })

  test('is proved by the receipt that its sender holds, and by the log', async () => {
    const trust = await trustOf(hub)
    expect(verifyReceipt(JSON.stringify(receipt), { trust, content: Buffer.from(text) }).verdict).toBe('proved')
    const exported = path(directory, '..', `${Date.now()}-erased-log`)
    try {
      expect(await run('export', '--log', exported, '--stamp')).toMatchObject({ status: 0 })
      const verified = await run('verify', exported, '--lang', 'en')
      expect(verified.said).toContain('PROVED')
      expect(verified.status).toBe(0)
    } finally {
      await rm(exported, { recursive: true, force: true })
    }
  }, 90_000)

  test('a second order changes nothing and says so', async () => {
    const { status, said } = await run('erase', receipt.id, '--decision', 'another')
    expect([status, said]).toEqual([0, expect.stringContaining('erased before: 1') as string])
    expect((await sender.ask(`/v1/documents/${receipt.id}`)).json()).toMatchObject({ erased: { decision } })
  }, 90_000)
})

describe('of the erasure hear', () => {
  const erasures = (events: readonly FeedEvent[]): readonly FeedEvent[] =>
    events.filter(({ type }) => type === 'fr.tncp.document.erased.v1')

  test('those who read the feed; to whoever comes later the document is empty', async () => {
    for (const party of [recipient, late]) {
      const { events } = await party.feed()
      const [recorded] = events
      expect(recorded).toMatchObject({ id: receipt.id, type: 'fr.tncp.award.recorded.v1' })
      const [told, ...others] = erasures(events)
      expect(others).toEqual([])
      for (const event of [recorded, told]) {
        const data = dataOf(event)
        expect(data.document?.id).toBe(receipt.id)
        expect(data.erased?.decision).toBe(decision)
        expect([data.canonical, data.document?.content, data.document?.sourceKey]).toEqual([
          undefined,
          undefined,
          undefined,
        ])
        expect(isEventData(data), JSON.stringify(isEventData.errors)).toBe(true)
      }
      expect(JSON.stringify(events)).not.toContain('PLANTED')
    }
  })

  test('webhooks and topics, in their order', async () => {
    await until(() => receiver.pushes.some(({ event }) => event.type.includes('erased')) && published.length === 3)
    const [told] = erasures(receiver.pushes.map(({ event }) => event))
    expect(dataOf(told)).toMatchObject({ document: { id: receipt.id }, erased: { decision } })
    const message = published.at(-1)
    expect(message).toMatchObject({ key: consultation, topic: 'tncp.sandbox.awards.v1' })
    expect(message?.attributes['type']).toBe('fr.tncp.document.erased.v1')
    expect(message?.previous).toBe(published.at(-2)?.sequence)
  })
})

describe('a consultation', () => {
  test('is erased in one act, key and all, and takes new documents afterwards', async () => {
    const { said, status } = await run('erase', '--consultation', consultation, '--decision', 'end')
    expect([said, status]).toEqual([expect.stringMatching(/erased: 1\n[\s\S]*erased before: 1\n/) as string, 0])
    const keys = hub.hub.store.reader
      .selectFrom('consultation_keys')
      .selectAll()
      .where('consultation', '=', consultation)
    expect(await keys.execute()).toEqual([])
    expect((await sender.ask(`/v1/documents/${keptReceipt.id}/content`)).status).toBe(410)
    const again = await sender.sent('award', anAward({ id: '2026-3' }), {
      headers: { 'hub-consultation': consultation },
    })
    expect((await sender.ask(`/v1/documents/${again.id}/content`)).text).toBe(anAward({ id: '2026-3' }))
  }, 90_000)

  test('past its retention is shown first and erased when told', async () => {
    const old = await sender.sent('award', anAward({ id: 'OLD' }), { headers: { 'hub-consultation': 'C-OLD' } })
    const before = new Date(hub.hub.clock().getTime() + 1).toISOString()
    await new Promise((resolve) => setTimeout(resolve, 20))
    await sender.sent('award', anAward({ id: 'NEW' }), { headers: { 'hub-consultation': 'C-NEW' } })
    const plan = await run('retain', '--before', before)
    expect(plan.said).toMatch(/C-OLD: 1 award\n/)
    expect(plan.said).not.toContain('C-NEW')
    expect((await sender.ask(`/v1/documents/${old.id}/content`)).status).toBe(200)
    expect((await run('retain', '--before', before, '--apply')).said).toContain('files purged')
    const answer = await sender.ask(`/v1/documents/${old.id}/content`)
    expect([answer.status, answer.text]).toEqual([410, expect.stringContaining('end of retention') as string])
    expect((await run('retain')).status).toBe(2)
    expect((await run('check')).status).toBe(0)
  }, 120_000)
})

test('what cannot be erased is refused, and nothing is', async () => {
  for (const [parameters, status] of [
    [['erase', '--decision', 'x'], 2],
    [['erase', receipt.id], 2],
    [['erase', receipt.id, '--decision', 'a\nb'], 2],
    [['erase', '01932b3e-7c11-7a51-9f0e-2d3c4b5a6978', '--decision', 'x'], 1],
    [['erase', '--consultation', 'none', '--decision', 'x'], 2],
  ] as const)
    expect((await run(...parameters)).status, parameters.join(' ')).toBe(status)
}, 120_000)
