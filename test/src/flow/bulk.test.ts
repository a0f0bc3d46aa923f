import { createHash } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { type Finding, type Problem, type Receipt, verifyReceipt } from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aContract, type Json } from '../decp/base.ts'
import { aContractInXml } from '../decp/faults.ts'
import { buyerSiret, otherBuyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { entriesOf, join as enrol, type Party, trustOf } from './party.ts'

interface Line {
  readonly index?: number
  readonly offset: number
  readonly length?: number
  readonly state: string
  readonly receipt?: Receipt
  readonly findings?: readonly Finding[]
  readonly problem?: Problem
}

interface End {
  readonly end: true
  readonly complete: boolean
  readonly records: number
  readonly recorded: number
  readonly refused: number
  readonly replayed: number
  readonly failed: number
  readonly stoppedAt?: number
  readonly findings?: readonly Finding[]
  readonly problem?: Problem
  readonly resume?: { readonly fr: string }
}

let hub: TestHub
let sender: Party
beforeAll(async () => {
  hub = await startHub()
  sender = await enrol(hub, 'profil-a', { buyers: [buyerSiret] })
})
afterAll(async () => await hub[Symbol.asyncDispose]())

const size = async (): Promise<number> => (await entriesOf(hub, 'doc', 'rej')).length
let keys = 0

async function bulk(
  body: Uint8Array | string,
  { key = `file-${++keys}`, query = '', from = sender }: { key?: string; query?: string; from?: Party } = {},
): Promise<{ readonly lines: readonly Line[]; readonly end: End }> {
  const answer = await from.ask(`/v1/awards/bulk${query}`, {
    method: 'POST',
    headers: { 'idempotency-key': key, 'content-type': 'application/json' },
    body,
  })
  expect(answer.status, answer.text).toBe(200)
  expect(answer.headers.get('content-type')).toContain('application/x-ndjson')
  const all = answer.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line | End)
  const end = all.pop()
  if (end === undefined || !('end' in end)) throw new Error(answer.text)
  return { lines: all as Line[], end }
}

let numbers = 0
const contract = (change: Json = {}): string => JSON.stringify({ ...aContract(), id: `B-${++numbers}`, ...change })
const list = (...records: readonly string[]): string => `{"marches":{"marche":[${records.join(',\n')}]}}`

describe('a stream of award data', () => {
  test('gives each record a receipt of its own, proved over its exact bytes', async () => {
    const records = [contract(), contract(), contract()]
    const before = await size()
    const { lines, end } = await bulk(list(...records))
    expect(end).toMatchObject({ complete: true, records: 3, recorded: 3, refused: 0 })
    expect(lines.map(({ index, state }) => [index, state])).toEqual([
      [0, 'recorded'],
      [1, 'recorded'],
      [2, 'recorded'],
    ])
    expect(await size()).toBe(before + 3)
    for (const [place, { receipt, length, findings }] of lines.entries()) {
      const record = records[place] ?? ''
      expect(findings).toEqual([])
      expect(length).toBe(Buffer.byteLength(record))
      const text = JSON.stringify(receipt)
      const proof = verifyReceipt(text, { trust: await trustOf(hub), content: Buffer.from(record) })
      expect(proof.verdict).toBe('proved')
      expect((await sender.ask(`/v1/documents/${receipt?.id ?? ''}/content`)).text).toBe(record)
    }
  })

  test('sent again under its key, every record is replayed with the same receipt and none enters twice', async () => {
    const file = list(contract(), contract({ montant: 0 }))
    const first = await bulk(file, { key: 'again' })
    const before = await size()
    const again = await bulk(file, { key: 'again' })
    expect(again.end).toMatchObject({ complete: true, records: 2, replayed: 2 })
    expect(again.lines.map(({ receipt }) => receipt)).toEqual(first.lines.map(({ receipt }) => receipt))
    expect(await size()).toBe(before)
  })

  test('a record changed under the same key fails alone', async () => {
    const [one, two, three] = [contract(), contract(), contract()]
    await bulk(list(one, two, three), { key: 'changed' })
    const { lines, end } = await bulk(list(one, two.replace('gymnase', 'marché'), three), { key: 'changed' })
    expect(lines.map(({ state }) => state)).toEqual(['replayed', 'failed', 'replayed'])
    expect(lines[1]?.problem).toMatchObject({ code: 'KEY_REUSED', status: 409 })
    expect(end).toMatchObject({ complete: true, replayed: 2, failed: 1 })
  })

  test.each([
    ['gzip', (records: readonly string[]) => gzipSync(list(...records))],
    ['one record a line', (records: readonly string[]) => Buffer.from(records.join('\n'))],
    [
      'a bare list after a byte order mark',
      (records: readonly string[]) => Buffer.from(`\uFEFF[${records.join(',')}]`),
    ],
  ])('%s is read as well', async (_, write) => {
    const { end, lines } = await bulk(write([contract(), contract()]))
    expect(end).toMatchObject({ complete: true, recorded: 2 })
    expect(lines.flatMap(({ findings }) => findings)).toEqual([])
  })

  test('XML is cut into its elements', async () => {
    const [element = ''] = /<marche>[^]*<\/marche>/.exec(aContractInXml()) ?? []
    const records = ['X-1', 'X-2'].map((id) => element.replace('2026-TVX-014', id))
    const { end, lines } = await bulk(
      `<?xml version="1.0" encoding="UTF-8"?>\n<marches>${records.join('\n')}</marches>`,
    )
    expect(end).toMatchObject({ complete: true, recorded: 2 })
    const id = lines[1]?.receipt?.id ?? ''
    expect((await sender.ask(`/v1/documents/${id}/content`)).text).toBe(records[1])
    expect((await sender.ask(`/v1/documents/${id}/canonical`)).json()).toMatchObject({ internalId: 'X-2' })
  })

  test('a rehearsal judges every record and records none', async () => {
    const before = await size()
    const { lines, end } = await bulk(list(contract(), contract({ montant: 0 })), { query: '?dryRun=true' })
    expect(lines.map(({ state, receipt }) => [state, receipt])).toEqual([
      ['accepted', undefined],
      ['refused', undefined],
    ])
    expect(end).toMatchObject({ complete: true, records: 2 })
    expect(await size()).toBe(before)
  })
})

describe("a record's fault never loses its neighbours", () => {
  test.each([
    ['a fault of the rules', contract({ montant: 0 }), 'DECP-MINIMUM'],
    ['a quote that is not escaped', contract().replace('du gymnase', 'du "gymnase"'), 'JSON-SYNTAX'],
    ['a key given twice', contract().replace('{', '{"id":"B-0",'), 'JSON-DUPLICATE-KEY'],
    ['a null', 'null', 'FORMAT-UNKNOWN'],
    [
      'a record of the dead version',
      '{"id":"B-0","acheteur":{"id":"21690123100011"},"technique":["Concours"]}',
      'DECP-VERSION-2-0-0',
    ],
  ])('%s is refused with its receipt, and what is around it is recorded', async (_, faulty, rule) => {
    const { lines, end } = await bulk(list(contract(), faulty, contract()))
    expect(lines.map(({ state }) => state)).toEqual(['recorded', 'refused', 'recorded'])
    const refused = lines[1]
    expect(refused?.findings?.map(({ rule: id }) => id)).toContain(rule)
    expect(refused?.receipt).toMatchObject({ state: 'refused' })
    expect(refused?.receipt?.envelope.content?.sha256).toBe(createHash('sha256').update(faulty).digest('hex'))
    expect(end).toMatchObject({ complete: true, recorded: 2, refused: 1 })
  })

  test('a buyer who gave no mandate', async () => {
    const { lines, end } = await bulk(list(contract(), contract({ acheteur: { id: otherBuyerSiret } }), contract()))
    expect(lines.map(({ state }) => state)).toEqual(['recorded', 'failed', 'recorded'])
    expect(lines[1]?.problem).toMatchObject({ code: 'MANDATE_MISSING', status: 403 })
    expect(end).toMatchObject({ complete: true, failed: 1 })
  })

  test('a record over the limit of one', async () => {
    const large = contract({ objet: 'x'.repeat(1_100_000) })
    const { lines, end } = await bulk(list(contract(), large, contract()))
    expect(lines.map(({ state }) => state)).toEqual(['recorded', 'refused', 'recorded'])
    expect(lines[1]?.findings?.map(({ rule }) => rule)).toEqual(['FORMAT-TOO-LARGE'])
    expect(end).toMatchObject({ complete: true, records: 3 })
  })
})

describe('a stream that breaks', () => {
  test('says where it stopped and how to go on, after the records it gave', async () => {
    const whole = list(contract(), contract(), contract())
    const file = whole.slice(0, whole.length - 900)
    const { end } = await bulk(file, { key: 'cut' })
    expect(end).toMatchObject({ complete: false, recorded: 2, stoppedAt: Buffer.byteLength(file) })
    expect(end.findings?.map(({ rule }) => rule)).toEqual(['STREAM-CUT'])
    expect(end.resume?.fr).toContain('même clé')
    const again = await bulk(whole, { key: 'cut' })
    expect(again.lines.map(({ state }) => state)).toEqual(['replayed', 'replayed', 'recorded'])
  })

  test.each([
    ['damaged gzip', () => gzipSync(list(contract(), contract())).subarray(0, -12), 'STREAM-COMPRESSION'],
    ['a bomb', () => gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20)), 'STREAM-LIMIT'],
    ['a DTD', () => Buffer.from('<!DOCTYPE marches><marches/>'), 'XML-DTD'],
  ])('%s', async (_, file, rule) => {
    const { end } = await bulk(file())
    expect(end.complete).toBe(false)
    expect(end.findings?.map((found) => found.rule)).toEqual([rule])
  })

  test('nothing at all', async () => {
    const answer = await sender.ask('/v1/awards/bulk', { method: 'POST', headers: { 'idempotency-key': 'none' } })
    expect(answer.text).toContain('BODY_EMPTY')
  })
})

describe('refused before anything is read', () => {
  test.each([
    ['no token', { 'idempotency-key': 'k' }, 401, 'TOKEN_MISSING'],
    ['no key', undefined, 400, 'KEY_MISSING'],
  ])('%s', async (_, headers, status, code) => {
    const url = `${hub.url}/v1/awards/bulk`
    const answer =
      headers === undefined
        ? await sender.ask('/v1/awards/bulk', { method: 'POST', body: list(contract()) })
        : await fetch(url, { method: 'POST', headers, body: list(contract()) })
    expect(answer.status).toBe(status)
    expect(
      'text' in answer && typeof answer.text === 'string' ? answer.text : await (answer as Response).text(),
    ).toContain(code)
  })

  test('an account without the right to send awards', async () => {
    const reader = await enrol(hub, 'lecteur', { buyers: [buyerSiret], scopes: ['feed:read'] })
    const answer = await reader.ask('/v1/awards/bulk', {
      method: 'POST',
      headers: { 'idempotency-key': 'k' },
      body: list(contract()),
    })
    expect(answer.status).toBe(403)
  })
})

describe('while it is read', () => {
  /** Opens a stream and lets the test send it piece by piece. */
  function open(key: string) {
    const sent = httpRequest(`${hub.url}/v1/awards/bulk`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sender.token}`, 'idempotency-key': key },
    })
    let text = ''
    const lines = (): readonly Line[] =>
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Line)
    const closed = new Promise<void>((resolve, reject) => {
      sent.on('error', reject)
      sent.on('response', (answer) => {
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
        answer.on('end', resolve)
        answer.on('error', reject)
      })
    })
    return { sent, lines, closed }
  }

  test('a record has its receipt before the next one is sent', async () => {
    const { sent, lines, closed } = open('slow')
    sent.write(`{"marches":{"marche":[${contract()},`)
    for (let i = 0; i < 100 && lines().length === 0; i++) await pause(50)
    expect(lines().map(({ index, state }) => [index, state])).toEqual([[0, 'recorded']])
    sent.end(`${contract()}]}}`)
    await closed
    expect(lines()).toHaveLength(3)
    expect(lines().at(-1)).toMatchObject({ end: true, complete: true, recorded: 2 })
  })

  test('a sender that goes away leaves what it sent recorded, and sends it again without harm', async () => {
    const records = [contract(), contract()]
    const { sent, lines, closed } = open('gone')
    sent.write(`{"marches":{"marche":[${records.join(',')},{"id":`)
    for (let i = 0; i < 100 && lines().length < 2; i++) await pause(50)
    sent.destroy()
    await closed.catch(() => undefined)
    const { lines: again, end } = await bulk(list(...records, contract()), { key: 'gone' })
    expect(again.map(({ state }) => state)).toEqual(['replayed', 'replayed', 'recorded'])
    expect(end.complete).toBe(true)
  })
})
