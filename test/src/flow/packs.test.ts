import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Finding } from '@socle/schemas'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { notice, response } from './documents.ts'
import { ask, join as enrol, type Party, problemIn } from './party.ts'

let empty: string
let bare: TestHub
let party: Party
beforeAll(async () => {
  empty = await mkdtemp(join(tmpdir(), 'socle-packs-'))
  bare = await startHub({}, { env: { HUB_PACKS_DIR: empty } })
  party = await enrol(bare, 'profil-a', { buyers: [buyerSiret] })
})
afterAll(async () => {
  await bare[Symbol.asyncDispose]()
  await rm(empty, { recursive: true, force: true })
})

test('without rule packs a notice and an e-DUME response are answered 503, and nothing of them is recorded', async () => {
  const size = async (): Promise<number> =>
    (await ask(bare, '/health/ready')).json<{ log: { size: number } }>().log.size
  const before = await size()
  for (const [kind, bytes] of [
    ['notice', notice],
    ['dume-response', response],
  ] as const) {
    const answer = await party.deposit(kind, bytes)
    expect(answer.status).toBe(503)
    expect(problemIn(answer)).toMatchObject({ code: 'FORMAT_UNJUDGEABLE' })
    expect(answer.text).toContain('socle packs install')
  }
  expect(await size()).toBe(before)
})

test('award data, which need no pack, are taken all the same', async () => {
  expect((await party.deposit('award', anAward({ id: 'P1' }))).status).toBe(201)
})

test('health tells which packs are there', async () => {
  expect((await ask(bare, '/health/ready')).json<{ packs: unknown }>().packs).toEqual([])
})

test('with the packs, what the official rules hold against a notice is told under their own ids, in both languages', async () => {
  await using hub = await startHub()
  const sender = await enrol(hub, 'profil-a', { buyers: [buyerSiret] })
  expect((await ask(hub, '/health/ready')).json<{ packs: string[] }>().packs).toContain('eforms-sdk-1.13.3')
  const broken = notice
    .replace('<cbc:RegulatoryDomain>', '<cbc:Note languageID="FRA">x</cbc:Note><cbc:RegulatoryDomain>')
    .replaceAll(/<cac:ContractingParty>[^]*?<\/cac:ContractingParty>/g, '')
  const answer = await sender.deposit('notice', broken)
  expect(answer.status).toBe(422)
  const { errors } = answer.json<{ errors: readonly Finding[] }>()
  const official = errors.find(({ rule }) => rule === 'ND-ContractingParty-16')
  expect(official).toMatchObject({ severity: 'reject', source: 'SDK eForms 1.13.3, ND-ContractingParty-16' })
  expect(official?.message.fr).not.toBe(official?.message.en)
  const told = await ask(hub, '/v1/rules/ND-ContractingParty-16')
  expect(told.json()).toMatchObject({ message: official?.message })
})

test('a rule of the hub is shown with its examples, the whole catalogue as a page that runs nothing', async () => {
  const rule = (await ask(bare, '/v1/rules/HUB-DATE')).json<{ examples: { passes: boolean; document: string }[] }>()
  expect(rule.examples.map(({ passes }) => passes)).toContain(false)
  expect(rule.examples.map(({ passes }) => passes)).toContain(true)
  const page = await ask(bare, '/rules')
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(page.text).toContain('<article id="HUB-DATE">')
  expect((await ask(bare, '/v1/rules/NO-SUCH')).status).toBe(404)
  expect((await ask(bare, '/v1/rules/__proto__')).status).toBe(404)
})
