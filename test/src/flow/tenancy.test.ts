import { Writable } from 'node:stream'
import { createMemoryBus, grantMandate } from '@socle/gateway'
import type { Receipt } from '@socle/schemas'
import * as fc from 'fast-check'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { anAward, buyerSiret, otherBuyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { aResponse, notice } from './documents.ts'
import { type Answer, ask, type FeedPage, join, type Party, problemIn } from './party.ts'
import { type Class, classes, documentedRoutes } from './tenancy-routes.ts'

/** Values that stand in the documents and must stay there. */
const planted = {
  operator: 'Couverture Exemple SARL',
  answer: 'ATTESTATION-FISCALE-2026',
  mail: 'prenom.nom.personnel@villeneuve-exemple.example',
}
const secretConsultation = 'PROCEDURE-SECRETE-1'
const unknownId = '01a20fb3-3b0d-7723-ae0c-a1f43faf0009'

const logged: string[] = []
const log = pino(
  { level: 'debug' },
  new Writable({ write: (line: Buffer, _, done) => done(void logged.push(String(line))) }),
)
const clock = { aheadMs: 0, now: (): Date => new Date(Date.now() + clock.aheadMs) }
const onBus: string[] = []

let hub: TestHub
/** A sends for the buyer, B acts for another buyer, C is mandated by the buyer and sends nothing. */
let a: Party
let b: Party
let c: Party
let secret: Receipt
let publicNotice: Receipt
let refusal: Receipt

beforeAll(async () => {
  const bus = createMemoryBus()
  hub = await startHub({ log, bus, clock: clock.now }, { env: { HUB_TIMESTAMP_EVERY: '1' } })
  for (const subject of ['notices', 'dume-responses', 'awards', 'outcomes'])
    bus.subscribe(`tncp.sandbox.${subject}.v1`, async ({ attributes, data }) => {
      onBus.push(JSON.stringify(attributes), Buffer.from(data).toString())
      await Promise.resolve()
    })
  a = await join(hub, 'profil-a', { buyers: [buyerSiret] })
  b = await join(hub, 'profil-b', { buyers: [otherBuyerSiret] })
  c = await join(hub, 'gestion-c', { buyers: [buyerSiret] })
  secret = await a.sent('dume-response', aResponse('REPONSE-SECRETE', secretConsultation))
  publicNotice = await a.sent('notice', notice.replaceAll('marches@villeneuve-exemple.example', planted.mail))
  const wrong = anAward({ id: 'REFUS-SECRET' }).replace('"2026-09-01"', '"2026-13-01"')
  refusal = problemIn(await a.deposit('award', wrong)).receipt as Receipt
})
afterAll(async () => await hub[Symbol.asyncDispose]())

interface Ids {
  readonly document: string
  readonly consultation: string
}
async function ofClass(...wanted: readonly Class[]): Promise<readonly string[]> {
  return (await documentedRoutes(hub)).filter((route) => wanted.some((one) => one === classes[route]))
}

async function call(route: string, who: Party, { document, consultation }: Ids): Promise<Answer> {
  const [method = '', path = ''] = route.split(' ')
  const id = path.includes('/consultations/') ? consultation : document
  const body = method === 'post' ? { body: JSON.stringify({ result: 'integrated' }) } : {}
  return await who.ask(path.replace('{id}', encodeURIComponent(id)), { method: method.toUpperCase(), ...body })
}

const onSecret = (): Ids => ({ document: secret.id, consultation: secretConsultation })
const onNothing: Ids = { document: unknownId, consultation: 'PROCEDURE-INCONNUE' }
const withoutIds = (answer: Answer): string =>
  answer.text
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\.\d+)?/g, 'ID')
    .replaceAll(/PROCEDURE-\w+(?:-1)?/g, 'ID')

describe('every route of the API document', () => {
  test('is classified by what separates its callers, and none of the classified ones is gone', async () => {
    expect([...(await documentedRoutes(hub))].sort()).toEqual(Object.keys(classes).sort())
  })

  test('refuses whoever has no token, unless it is public', async () => {
    for (const route of await documentedRoutes(hub)) {
      if (classes[route] === 'public') continue
      const [method = '', path = ''] = route.split(' ')
      const answer = await ask(hub, path.replace('{id}', secret.id), { method: method.toUpperCase() })
      expect(answer.status, route).toBe(401)
    }
  })

  test('tells the account of another buyer the same of an e-DUME response as of one that does not exist', async () => {
    for (const route of await ofClass('reads-one', 'writes-on-one')) {
      const forbidden = await call(route, b, onSecret())
      const unknown = await call(route, b, onNothing)
      expect(forbidden.status, route).toBe(404)
      expect(withoutIds(forbidden), route).toBe(withoutIds(unknown))
      for (const value of [...Object.values(planted), buyerSiret, 'profil-a', secret.leaf]) {
        expect(forbidden.text, route).not.toContain(value)
      }
    }
  })

  test('gives it to the account that the buyer mandated', async () => {
    for (const route of await ofClass('reads-one', 'writes-on-one')) {
      const answer = await call(route, c, onSecret())
      expect([200, 201], `${route} ${answer.text}`).toContain(answer.status)
    }
    expect((await c.ask(`/v1/documents/${secret.id}/content`)).text).toContain(planted.operator)
  })

  test('tells nobody but its sender of a refusal', async () => {
    const ids = { document: refusal.id, consultation: 'REFUS-SECRET' }
    for (const route of await ofClass('reads-one', 'writes-on-one'))
      for (const stranger of [b, c]) expect((await call(route, stranger, ids)).status, route).toBe(404)
    expect((await a.ask(`/v1/documents/${refusal.id}/receipt`)).json()).toEqual(refusal)
  })

  test('property: whoever asks, on whatever route, an e-DUME response reaches its buyer’s accounts only', async () => {
    const routes = await ofClass('reads-one', 'writes-on-one', 'reads-own')
    const parties = await Promise.all(
      [0, 1, 2].map(async (i) => ({
        party: await join(hub, `profil-${i}`, { buyers: i === 0 ? [] : [otherBuyerSiret] }),
      })),
    )
    const strange = fc.oneof(
      fc.constant(secret.id),
      fc.constant(secretConsultation),
      fc.constant(`${secret.id}%2F..%2F${secret.id}`),
      fc.constant(secret.id.toUpperCase()),
      fc.constant(`${secret.id}?account=profil-a`),
      fc.constant(`${publicNotice.id}/../${secret.id}`),
      fc.string({ maxLength: 40 }),
    )
    const asking = fc.tuple(fc.constantFrom(...routes), fc.constantFrom(...parties), strange)
    await fc.assert(
      fc.asyncProperty(asking, async ([route, { party }, id]) => {
        const answer = await call(route, party, { document: id, consultation: id })
        for (const value of Object.values(planted).slice(0, 2)) expect(answer.text).not.toContain(value)
        if (answer.status === 200) expect(answer.text).not.toContain(secret.id)
      }),
      { numRuns: 150, seed: 20261124 },
    )
  })
})

describe('the feed and the bus', () => {
  const ids = ({ events }: FeedPage): string[] => events.map(({ data }) => data.document.id)

  test('bring an e-DUME response to the buyer’s account as a reference, never its content, and to nobody else', async () => {
    expect(ids(await c.feed())).toEqual(expect.arrayContaining([secret.id, publicNotice.id]))
    expect(ids(await b.feed())).not.toContain(secret.id)
    expect(ids(await b.feed('?kinds=dume-response'))).toEqual([])
    const event = (await c.feed('?kinds=dume-response')).events[0]
    expect(event?.data.canonical).toBeUndefined()
    expect(JSON.stringify(event)).not.toContain(planted.operator)
  })

  test('carry an outcome on it to its sender and its buyer only', async () => {
    await c.post(`/v1/documents/${secret.id}/outcomes`, { result: 'refused', reason: 'Motif confidentiel' })
    expect(JSON.stringify(await a.feed('?kinds=outcome'))).toContain('Motif confidentiel')
    expect(JSON.stringify(await b.feed('?kinds=outcome'))).not.toContain('Motif confidentiel')
  })

  test('the bus has every document and outcome, and nothing of what a response says', async () => {
    await vi.waitFor(() => expect(onBus.join('\n')).toContain('Motif confidentiel'), { timeout: 10_000 })
    const all = onBus.join('\n')
    expect(all).toContain(secret.id)
    expect(all).toContain(publicNotice.id)
    for (const value of [planted.operator, planted.answer, 'REPONSE-SECRETE', '90000012600012'])
      expect(all).not.toContain(value)
  })
})

describe('a sender whose mandate has ended', () => {
  test('keeps its receipt and the way of its document, not the content', async () => {
    const past = await join(hub, 'profil-fini')
    const now = clock.now()
    const notAfter = new Date(now.getTime() + 600_000)
    await grantMandate(hub.hub, { account: past.id, buyer: buyerSiret, notBefore: now, notAfter })
    const own = await past.sent('dume-response', aResponse('REPONSE-DU-PASSE'))
    const statusOf = async (part: string): Promise<number> => (await past.ask(`/v1/documents/${own.id}${part}`)).status
    const parts = ['/content', '/canonical', '/evidence', '', '/receipt', '/timeline']
    expect(await Promise.all(parts.map(statusOf))).toEqual([200, 200, 200, 200, 200, 200])
    try {
      clock.aheadMs = 601_000
      expect(await Promise.all(parts.map(statusOf))).toEqual([404, 404, 404, 200, 200, 200])
      expect((await past.deposit('dume-response', aResponse('REPONSE-TARDIVE'))).status).toBe(403)
    } finally {
      clock.aheadMs = 0
    }
  })
})

describe('two callers', () => {
  test('may use the same idempotency key: each has its own document', async () => {
    const [one, two] = [
      await a.sent('award', anAward({ id: 'X' }), { key: 'commune' }),
      await b.sent('award', anAward({ id: 'Y', buyer: otherBuyerSiret }), { key: 'commune' }),
    ]
    expect(one.id).not.toBe(two.id)
    expect((await a.deposit('award', anAward({ id: 'X' }), { key: 'commune' })).json<Receipt>().id).toBe(one.id)
    expect((await b.deposit('award', anAward({ id: 'X' }), { key: 'commune' })).status).toBe(409)
  })

  test('never see or touch each other’s subscriptions, and are told the same as of one that does not exist', async () => {
    const row = {
      id: secret.id,
      account: a.id,
      url: 'https://a.example/',
      kinds: '[]',
      buyers: '[]',
      secret: 'whsec_c2VjcmV0',
      status: 'paused',
    }
    await hub.hub.store.writer
      .insertInto('subscriptions')
      .values({ ...row, position: 0, failures: 3, next_attempt_at: '', last_error: 'HTTP 400', created_at: '' })
      .execute()
    expect((await b.ask('/v1/subscriptions')).json()).toEqual({ subscriptions: [] })
    for (const [method, path] of [
      ['POST', '/resume'],
      ['DELETE', ''],
    ] as const) {
      const [theirs, nobodys] = [
        await b.ask(`/v1/subscriptions/${row.id}${path}`, { method }),
        await b.ask(`/v1/subscriptions/${unknownId}${path}`, { method }),
      ]
      expect([theirs.status, withoutIds(theirs)]).toEqual([404, withoutIds(nobodys)])
    }
    const mine = await a.ask('/v1/subscriptions')
    expect(mine.json()).toMatchObject({ subscriptions: [{ id: row.id, status: 'paused' }] })
    expect(mine.text).not.toContain(row.secret)
  })

  test('have each their own place in the feed: one that reads moves nobody else, even with the other’s cursor', async () => {
    const d = await join(hub, 'gestion-d', { buyers: [buyerSiret] })
    const before = await d.feed()
    await b.feed(`?after=${(await c.feed()).next}`)
    expect(ids(await d.feed())).toEqual(ids(before))
    const steps = (await a.ask(`/v1/documents/${secret.id}/timeline`)).json<{
      steps: { state: string; by?: string }[]
    }>().steps
    expect(steps.filter(({ state }) => state === 'delivered').map(({ by }) => by)).not.toContain(b.id)
  })

  const ids = ({ events }: FeedPage): string[] => events.map(({ data }) => data.document.id)
})

describe('what anybody can see', () => {
  const personal = [
    ...Object.values(planted),
    'REPONSE-SECRETE',
    secretConsultation,
    'Motif confidentiel',
    '90000012600012',
  ]

  test('the log of the process, its metrics and the public log hold nothing of what the documents say', async () => {
    const size = Number((await ask(hub, '/log/checkpoint')).text.split('\n')[1])
    const leaves = (await ask(hub, `/log/tile/entries/000${size < 256 ? `.p/${size}` : ''}`)).text
    expect(leaves).toContain(secret.id)
    expect(logged.join('')).toContain(secret.id)
    const metrics = (await ask(hub, '/metrics')).text
    expect(metrics).toContain('socle_documents_total{kind="dume-response",state="recorded"}')
    for (const text of [leaves, logged.join(''), metrics, (await ask(hub, '/health/ready')).text])
      for (const value of [...personal, a.secret, a.token]) expect(text).not.toContain(value)
    for (const text of [leaves, metrics])
      for (const value of [buyerSiret, 'profil-a']) expect(text).not.toContain(value)
  })
})
