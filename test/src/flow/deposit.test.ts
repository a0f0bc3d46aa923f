import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openDatabase } from '@socle/gateway'
import { kinds, type Kind, type Receipt, verifyReceipt } from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAward, buyerSiret, otherBuyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { aResponse, largeResponse, notice, olderResponse, response, withThreeFaults } from './documents.ts'
import { type Answer, entriesOf, join as enrol, type Party, problemIn, speakAs, tokenOf, trustOf } from './party.ts'

let hub: TestHub
let sender: Party
beforeAll(async () => {
  hub = await startHub()
  sender = await enrol(hub, 'profil-a', { buyers: [buyerSiret] })
})
afterAll(async () => await hub[Symbol.asyncDispose]())

/** Documents and refusals in the log; timestamps come and go on their own. */
const size = async (): Promise<number> => (await entriesOf(hub, 'doc', 'rej')).length
const rulesOf = (answer: Answer): string[] => (problemIn(answer).errors ?? []).map(({ rule }) => rule)

const accepted: readonly (readonly [string, Kind, string])[] = [
  ['an eForms contract notice', 'notice', notice],
  ['an e-DUME response in ESPD 4.1.0', 'dume-response', response],
  ['an e-DUME response in ESPD 2.1.1', 'dume-response', olderResponse],
  ['an award in DECP 2.0.4', 'award', anAward({ id: 'A-1' })],
]

describe('a document that obeys the rules', () => {
  test.each(accepted)('%s is accepted, and its receipt is proved with the keys the hub publishes', async (...row) => {
    const [, kind, text] = row
    const answer = await sender.deposit(kind, text)
    expect(answer.status).toBe(201)
    const receipt = answer.json<Receipt>()
    expect(receipt).toMatchObject({ state: 'recorded', environment: 'sandbox', envelope: { kind: 'doc', type: kind } })
    expect(answer.headers.get('location')).toBe(`/v1/documents/${receipt.id}`)
    const proof = verifyReceipt(answer.text, { trust: await trustOf(hub), content: Buffer.from(text) })
    expect(proof.checks.filter(({ result }) => result !== 'proved')).toEqual([])
    expect(proof.verdict).toBe('proved')
    const altered = verifyReceipt(answer.text, { trust: await trustOf(hub), content: Buffer.from(`${text} `) })
    expect(altered.verdict).toBe('not-proved')
    expect((await sender.ask(`/v1/documents/${receipt.id}/content`)).text).toBe(text)
    expect((await sender.ask(`/v1/documents/${receipt.id}/receipt`)).text).toBe(answer.text)
  })

  test.each(accepted)(
    '%s sent again under its key gets the same receipt to the byte, and no second entry',
    async (...row) => {
      const [, kind, text] = row
      const first = await sender.deposit(kind, text, { key: `replayed-${kind}-${text.length}` })
      const before = await size()
      const again = await sender.deposit(kind, text, { key: `replayed-${kind}-${text.length}` })
      expect([first.status, again.status]).toEqual([201, 200])
      expect(again.bytes).toEqual(first.bytes)
      expect(await size()).toBe(before)
    },
  )

  test('its key refuses any other bytes, on any route, and nothing is recorded', async () => {
    await sender.sent('award', anAward({ id: 'A-2' }), { key: 'taken' })
    const before = await size()
    for (const [kind, text] of [
      ['award', anAward({ id: 'A-3' })],
      ['notice', notice],
    ] as const) {
      const answer = await sender.deposit(kind, text, { key: 'taken' })
      expect(problemIn(answer)).toMatchObject({ status: 409, code: 'KEY_REUSED' })
    }
    expect(await size()).toBe(before)
  })
})

describe('a document that breaks the rules', () => {
  test('is refused with every finding, in both languages, and with a receipt of the refusal that proves', async () => {
    const text = withThreeFaults(anAward({ id: 'A-4' }))
    const answer = await sender.deposit('award', text, { key: 'refused-1' })
    const problem = problemIn(answer)
    expect(problem).toMatchObject({ status: 422, code: 'DOCUMENT_REFUSED', environment: 'sandbox' })
    expect(rulesOf(answer).sort()).toEqual(expect.arrayContaining(['DECP-ENUM', 'HUB-CPV-CHECK-DIGIT', 'HUB-DATE']))
    for (const { message, source, pointer } of problem.errors ?? []) {
      expect(message.fr).not.toBe('')
      expect(message.en).not.toBe(message.fr)
      expect(source).not.toBe('')
      expect(pointer).toMatch(/^\/marches\/marche\/0\//)
    }
    const trust = await trustOf(hub)
    expect(problem.receipt).toMatchObject({ state: 'refused', envelope: { kind: 'rej', findings: problem.errors } })
    expect(verifyReceipt(problem.receipt, { trust }).verdict).toBe('proved')
    expect(verifyReceipt(problem.receipt, { trust, content: Buffer.from(text) }).verdict).toBe('proved')

    const fetched = await sender.ask(`/v1/documents/${problem.receipt?.id ?? ''}/receipt`)
    expect(fetched.json()).toEqual(problem.receipt)
    const again = problemIn(await sender.deposit('award', text, { key: 'refused-1' }))
    expect(again).toMatchObject({ status: 422, receipt: problem.receipt, errors: problem.errors })
    for (const part of ['', '/content', '/canonical', '/evidence', '/timeline'])
      expect((await sender.ask(`/v1/documents/${problem.receipt?.id ?? ''}${part}`)).status).toBe(404)
  })

  test('gets from a rehearsal the very findings of its refusal, and the log does not move', async () => {
    const text = withThreeFaults(anAward({ id: 'A-5' }))
    const before = await size()
    const rehearsal = await sender.deposit('award', text, { query: '?dryRun=true' })
    expect(await size()).toBe(before)
    expect(rehearsal.status).toBe(200)
    const refusal = problemIn(await sender.deposit('award', text))
    expect(rehearsal.json()).toMatchObject({ dryRun: true, verdict: 'refused', findings: refusal.errors })
    const good = await sender.deposit('award', anAward({ id: 'A-6' }), { query: '?dryRun=true' })
    expect(good.json()).toMatchObject({ verdict: 'accepted', format: { name: 'decp-json', version: '2.0.4' } })
  })

  test('with more faults than an envelope keeps gets them all, and a receipt that still proves', async () => {
    const file = JSON.parse(anAward()) as { marches: { marche: Record<string, unknown>[] } }
    const [record] = file.marches.marche
    const modification = { id: 1, dateNotificationModification: '2026-99-01', montant: 'beaucoup' }
    if (record) record['modifications'] = Array.from({ length: 150 }, () => ({ modification }))
    const answer = await sender.deposit('award', JSON.stringify(file))
    const { errors = [], receipt } = problemIn(answer)
    expect(errors.length).toBeGreaterThan(200)
    expect(receipt?.envelope.findings).toHaveLength(200)
    expect(verifyReceipt(receipt, { trust: await trustOf(hub) }).verdict).toBe('proved')
  })

  const two = JSON.parse(anAward()) as { marches: { marche: unknown[] } }
  two.marches.marche.push(JSON.parse(anAward({ id: 'second' })).marches.marche[0])
  const faulty: readonly (readonly [string, Kind, string, string])[] = [
    ['an award on the route of notices', 'notice', anAward(), 'FORMAT-KIND'],
    ['a notice on the route of e-DUME responses', 'dume-response', notice, 'FORMAT-KIND'],
    ['an unknown JSON document', 'award', '{"facture": []}', 'FORMAT-UNKNOWN'],
    ['an unknown XML document', 'notice', '<facture xmlns="urn:example:facture"/>', 'FORMAT-UNKNOWN'],
    ['a file of two contracts', 'award', JSON.stringify(two), 'DEPOSIT-SEVERAL-RECORDS'],
    ['a PDF', 'notice', '%PDF-1.7\n', 'FORMAT-BINARY'],
    ['a document type declaration', 'notice', `<!DOCTYPE a [<!ENTITY b "c">]>${notice.slice(38)}`, 'XML-DTD'],
  ]
  test.each(faulty)('%s is refused and named', async (_, kind, text, rule) => {
    const answer = await sender.deposit(kind, text)
    expect(answer.status).toBe(422)
    expect(rulesOf(answer)).toContain(rule)
  })

  test('contradicted by its headers is refused: another buyer, another consultation', async () => {
    const buyer = await sender.deposit('award', anAward(), { headers: { 'hub-buyer': otherBuyerSiret } })
    expect(rulesOf(buyer)).toEqual(['DEPOSIT-BUYER-MISMATCH'])
    const other = await sender.deposit('notice', notice, { headers: { 'hub-consultation': 'C-42' } })
    expect(rulesOf(other)).toContain('DEPOSIT-CONSULTATION-MISMATCH')
  })
})

describe('a request that carries no usable document', () => {
  const key = { 'idempotency-key': 'k' }
  const unusable: readonly (readonly [string, Readonly<Record<string, string>>, string | undefined, string])[] = [
    ['no idempotency key', {}, anAward(), 'KEY_MISSING'],
    ['an empty idempotency key', { 'idempotency-key': '' }, anAward(), 'KEY_MISSING'],
    ['an idempotency key of 129 characters', { 'idempotency-key': 'k'.repeat(129) }, anAward(), 'KEY_MISSING'],
    ['an idempotency key with a space', { 'idempotency-key': 'a b' }, anAward(), 'KEY_MISSING'],
    ['no body', key, undefined, 'BODY_EMPTY'],
    ['a consultation id no address can hold', { ...key, 'hub-consultation': '..' }, anAward(), 'HEADER_INVALID'],
    ['a SIRET whose check digit is wrong', { ...key, 'hub-buyer': '21690123100012' }, anAward(), 'HEADER_INVALID'],
    [
      'a consultation id of 201 characters',
      { ...key, 'hub-consultation': 'c'.repeat(201) },
      anAward(),
      'HEADER_INVALID',
    ],
  ]
  test.each(unusable)('%s is told so, and nothing is recorded', async (_, headers, body, code) => {
    const before = await size()
    for (const kind of kinds) {
      const answer = await sender.ask(`/v1/${kind}s`, { method: 'POST', headers, ...(body ? { body } : {}) })
      expect(problemIn(answer)).toMatchObject({ status: 400, code })
    }
    expect(await size()).toBe(before)
  })

  test('an idempotency key of 128 visible characters is taken', async () => {
    const longest = `${'!~k'.repeat(42)}xy`
    expect((await sender.deposit('award', anAward({ id: 'A-7' }), { key: longest })).status).toBe(201)
  })

  test('a dryRun that is neither true nor false is told so instead of being recorded for good', async () => {
    const before = await size()
    for (const query of ['?dryRun=1', '?dryRun=True', '?dryRun=', '?dryRun=true&dryRun=false']) {
      const answer = await sender.deposit('award', anAward({ id: 'A-8' }), { query })
      expect(problemIn(answer)).toMatchObject({ status: 400, code: 'REQUEST_INVALID' })
    }
    expect(await size()).toBe(before)
    expect((await sender.deposit('award', anAward({ id: 'A-8' }), { query: '?dryRun=false' })).status).toBe(201)
  })

  test('a body over the limit is told the limit', async () => {
    await using small = await startHub({}, { env: { HUB_MAX_BODY_BYTES: '20000' } })
    const party = await enrol(small, 'profil-a', { buyers: [buyerSiret] })
    const problem = problemIn(await party.deposit('award', anAward() + ' '.repeat(20_000)))
    expect(problem).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' })
    expect(problem.hint).toContain('20000')
    const exactly = Buffer.alloc(20_000, ' ')
    exactly.write(anAward())
    expect((await party.deposit('award', exactly)).status).toBe(201)
  })
})

describe('an e-DUME response of several megabytes', () => {
  test('is accepted whole, and small deposits go on being answered meanwhile', async () => {
    const text = largeResponse(5_000_000)
    expect(Buffer.byteLength(text)).toBeGreaterThan(5_000_000)
    await sender.sent('dume-response', aResponse('WARM-UP'))
    const started = performance.now()
    const judged = new AbortController()
    const large = sender.deposit('dume-response', text).finally(() => judged.abort())
    const waits: number[] = []
    for (let i = 0; !judged.signal.aborted; i++) {
      const at = performance.now()
      expect((await sender.deposit('award', anAward({ id: `S-${i}` }))).status).toBe(201)
      waits.push(performance.now() - at)
      await pause(20)
    }
    const answer = await large
    const took = performance.now() - started
    expect(answer.status, answer.text.slice(0, 2_000)).toBe(201)
    expect(verifyReceipt(answer.text, { trust: await trustOf(hub), content: Buffer.from(text) }).verdict).toBe('proved')
    expect(waits.length).toBeGreaterThan(3)
    // A main loop that judged the document itself would keep the small ones waiting as long as the large one.
    expect(Math.max(...waits)).toBeLessThan(took / 2)
  })

  test('above the limit of what a reader takes is refused by a limit that is named', async () => {
    const answer = await sender.deposit('award', `{"marches": {"marche": [${'[],'.repeat(200_001)}[]]}}`)
    expect(answer.status).toBe(422)
    expect(rulesOf(answer)).toEqual([expect.stringMatching(/^JSON-/)])
    expect(problemIn(answer).errors?.[0]?.message.fr).toContain('200')
  })
})

describe('a document that the rules of today would no longer read', () => {
  test('keeps its bytes and its receipt; its canonical form is answered as not to be had', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'socle-old-'))
    try {
      let party: Party
      let id: string
      {
        await using before = await startHub({}, { directory })
        party = await enrol(before, 'profil-a', { buyers: [buyerSiret] })
        id = (await party.sent('award', anAward())).id
        expect((await party.ask(`/v1/documents/${id}/canonical`)).status).toBe(200)
      }
      // Bytes that were accepted by other rules, kept in the clear as they once were: the ledger itself would not let them
      // be changed.
      const db = openDatabase(join(directory, 'ledger.sqlite'))
      db.exec('drop trigger documents_unchanged')
      const content = Buffer.from('{"marches": "autrefois"}')
      const sha256 = createHash('sha256').update(content).digest('hex')
      const plain = "update documents set content = ?, sha256 = ?, stored_as = '', data_key = null where id = ?"
      db.prepare(plain).run(content, sha256, id)
      db.close()
      await using after = await startHub({}, { directory })
      party = speakAs(after, { ...party, token: await tokenOf(after, party.id, party.secret) })
      const problem = problemIn(await party.ask(`/v1/documents/${id}/canonical`))
      expect(problem).toMatchObject({ status: 404, code: 'CANONICAL_NOT_FOUND' })
      expect((await party.ask(`/v1/documents/${id}/content`)).text).toBe('{"marches": "autrefois"}')
      expect((await party.ask(`/v1/documents/${id}/receipt`)).status).toBe(200)
      const again = openDatabase(join(directory, 'ledger.sqlite'))
      again.prepare('update documents set content = ? where id = ?').run(Buffer.from('{}'), id)
      again.close()
      expect(problemIn(await party.ask(`/v1/documents/${id}/content`))).toMatchObject({
        status: 500,
        code: 'CONTENT_DAMAGED',
      })
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  })
})
