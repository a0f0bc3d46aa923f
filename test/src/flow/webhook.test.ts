import { setTimeout as pause } from 'node:timers/promises'
import { grantMandate } from '@socle/gateway'
import type { Subscription } from '@socle/schemas'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { anAward, buyerSiret, otherBuyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { aResponse, notice } from './documents.ts'
import { entriesOf, join, type Party, problemIn } from './party.ts'
import { type Receiver, signatureHolds, startReceiver } from './receiver.ts'

const patient = { timeout: 20_000, interval: 25 }
const timeoutMs = 1_500

let hub: TestHub
let sender: Party
let names = 0
beforeAll(async () => {
  hub = await startHub({}, { env: { HUB_TIMESTAMP_EVERY: '14400', HUB_WEBHOOK_TIMEOUT_MS: String(timeoutMs) } })
  sender = await join(hub, 'profil-a', { buyers: [buyerSiret, otherBuyerSiret] })
})
afterAll(async () => await hub[Symbol.asyncDispose]())

let reader: Party
beforeEach(async () => {
  reader = await join(hub, `gestion-${++names}`, { buyers: [buyerSiret] })
})

type Created = Subscription & { readonly secret: string }

async function subscribed(receiver: Pick<Receiver, 'url'>, wish: object = {}, who: Party = reader): Promise<Created> {
  const answer = await who.post('/v1/subscriptions', { url: receiver.url, ...wish })
  if (answer.status !== 201) throw new Error(`HTTP ${answer.status}: ${answer.text}`)
  return answer.json<Created>()
}

async function stateOf(id: string, who: Party = reader): Promise<Subscription | undefined> {
  const { subscriptions } = (await who.ask('/v1/subscriptions')).json<{ subscriptions: Subscription[] }>()
  return subscriptions.find((one) => one.id === id)
}

async function send(count: number, prefix: string): Promise<string[]> {
  const sent: string[] = []
  for (let i = 0; i < count; i++) sent.push((await sender.sent('award', anAward({ id: `${prefix}-${i}` }))).id)
  return sent
}

describe('a new subscription', () => {
  test('needs an address that answers the signed challenge; nothing else is kept of it', async () => {
    await using receiver = await startReceiver()
    const wrong: readonly (readonly [string, Parameters<Receiver['challengedBy']>[0]])[] = [
      ['another word', (response) => response.end('{"challenge": "autre"}')],
      ['nothing', (response) => response.writeHead(204).end()],
      ['the same bytes again', (response, { body }) => response.end(body)],
      ['an error', (response, { body }) => response.writeHead(500).end(body)],
      ['another address', (response) => response.writeHead(307, { location: receiver.url }).end()],
      ['never', () => undefined],
    ]
    for (const [what, reply] of wrong) {
      receiver.challengedBy(reply)
      const problem = problemIn(await reader.post('/v1/subscriptions', { url: receiver.url }))
      expect(problem, what).toMatchObject({ status: 422, code: 'WEBHOOK_CHALLENGE_FAILED' })
    }
    const nobody = await reader.post('/v1/subscriptions', { url: 'http://127.0.0.1:1/' })
    expect(problemIn(nobody)).toMatchObject({ status: 422, code: 'WEBHOOK_CHALLENGE_FAILED' })
    expect((await reader.ask('/v1/subscriptions')).json()).toEqual({ subscriptions: [] })
  })

  test('shows its secret once, at creation', async () => {
    await using receiver = await startReceiver()
    const created = await subscribed(receiver)
    expect(created.secret).toMatch(/^whsec_[A-Za-z0-9+/=]{40,}$/)
    expect(await stateOf(created.id)).toMatchObject({ url: receiver.url, status: 'active', account: reader.id })
    expect((await reader.ask('/v1/subscriptions')).text).not.toContain(created.secret)
  })

  test.each([
    [{ url: 'http://127.0.0.1/', kinds: ['notices'] }, 'kinds'],
    [{ url: 'http://127.0.0.1/', colour: 'blue' }, 'additional'],
    [{}, 'url'],
    [{ url: 'javascript:alert(1)' }, 'url'],
    ['not JSON at all', 'must be object'],
  ])('that is badly asked for is told where: %j', async (wish, word) => {
    const problem = problemIn(await reader.post('/v1/subscriptions', wish))
    expect(problem).toMatchObject({ status: 400, code: 'REQUEST_INVALID' })
    expect(problem.hint).toContain(word)
  })

  test('brings what was recorded before when it starts from the start, even if nothing new comes', async () => {
    const sent = await send(3, 'EARLIER')
    await using receiver = await startReceiver()
    await subscribed(receiver, { from: 'start', kinds: ['award'] })
    await vi.waitFor(() => expect(receiver.taken()).toEqual(expect.arrayContaining(sent)), patient)
  })

  test('brings only the kinds and the buyers asked for, and of e-DUME responses those of its mandates', async () => {
    await using awards = await startReceiver()
    await using everything = await startReceiver()
    await using foreign = await startReceiver()
    await subscribed(awards, { kinds: ['award'], buyers: [otherBuyerSiret] })
    await subscribed(everything)
    const stranger = await join(hub, 'sans-mandat')
    await subscribed(foreign, {}, stranger)
    const first = await sender.sent('award', anAward({ id: 'K-1' }))
    const second = await sender.sent('award', anAward({ id: 'K-2', buyer: otherBuyerSiret }))
    const third = await sender.sent('notice', notice)
    const fourth = await sender.sent('dume-response', aResponse('K-4'))
    const last = await sender.sent('award', anAward({ id: 'K-5', buyer: otherBuyerSiret }))
    const all = [first.id, second.id, third.id, fourth.id, last.id]
    await vi.waitFor(() => expect(everything.taken()).toEqual(all), patient)
    await vi.waitFor(() => expect(awards.taken()).toEqual([second.id, last.id]), patient)
    await vi.waitFor(() => expect(foreign.taken()).toEqual(all.filter((id) => id !== fourth.id)), patient)
    const confidential = everything.pushes.find(({ event }) => event.data.document.kind === 'dume-response')
    expect(confidential?.event.data.canonical).toBeUndefined()
    expect(confidential?.body).not.toContain('Couverture Exemple SARL')
  })
})

describe('a delivery', () => {
  test('is signed as Standard Webhooks asks, over the very bytes, and logged for the sender to see', async () => {
    await using receiver = await startReceiver()
    const { secret, id } = await subscribed(receiver)
    const [document = ''] = await send(1, 'SIGNED')
    await vi.waitFor(() => expect(receiver.taken()).toEqual([document]), patient)
    const [push] = receiver.pushes
    if (!push) throw new Error('nothing came')
    expect(push.event).toMatchObject({ specversion: '1.0', id: document, type: 'fr.tncp.award.recorded.v1' })
    expect(push.id).toBe(document)
    expect(Math.abs(Number(push.timestamp) - Date.now() / 1_000)).toBeLessThan(30)
    expect(signatureHolds(push, secret)).toBe(true)
    expect(signatureHolds({ ...push, body: `${push.body} ` }, secret)).toBe(false)
    expect(signatureHolds({ ...push, timestamp: String(Number(push.timestamp) + 1) }, secret)).toBe(false)
    await vi.waitFor(async () => {
      const { steps } = (await sender.ask(`/v1/documents/${document}/timeline`)).json<{ steps: object[] }>()
      expect(steps).toContainEqual(expect.objectContaining({ state: 'delivered', by: reader.id, channel: 'webhook' }))
    }, patient)
    const logged = (await entriesOf(hub, 'dlv')).filter(({ envelope }) => envelope.delivery?.subscription === id)
    expect(logged.map(({ envelope }) => envelope.delivery)).toEqual([
      { recipient: reader.id, channel: 'webhook', documents: [document], subscription: id, status: 204 },
    ])
  })

  test('that fails is tried again with the same id, and what follows waits: order holds, each is taken once', async () => {
    await using receiver = await startReceiver()
    const { id } = await subscribed(receiver)
    receiver.replies(204, 500, (response) => response.destroy())
    const sent = await send(4, 'ORDER')
    await vi.waitFor(() => expect(receiver.pushes.length).toBeGreaterThanOrEqual(2), patient)
    await vi.waitFor(
      async () => expect(await stateOf(id)).toMatchObject({ failures: 1, lastError: 'HTTP 500' }),
      patient,
    )
    await vi.waitFor(() => expect(receiver.taken()).toEqual(sent), patient)
    expect(receiver.pushes.map((push) => push.id)).toEqual([sent[0], sent[1], sent[1], ...sent.slice(1)])
    await vi.waitFor(async () => expect(await stateOf(id)).toMatchObject({ status: 'active', failures: 0 }), patient)
    const logged = (await entriesOf(hub, 'dlv')).flatMap(({ envelope }) =>
      envelope.delivery?.subscription === id ? (envelope.delivery.documents ?? []) : [],
    )
    expect(logged).toEqual(sent)
  })

  test('refused with Retry-After waits at least that long', async () => {
    await using receiver = await startReceiver()
    await subscribed(receiver)
    receiver.replies((response) => response.writeHead(429, { 'retry-after': '3' }).end())
    const sent = await send(1, 'LATER')
    await vi.waitFor(() => expect(receiver.taken()).toEqual(sent), patient)
    const [first, second] = receiver.pushes
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(2_900)
  })

  test('does not follow a redirect: the address that was proved is the one that receives', async () => {
    await using elsewhere = await startReceiver()
    await using receiver = await startReceiver()
    await subscribed(receiver)
    receiver.replies((response) => response.writeHead(307, { location: elsewhere.url }).end())
    const sent = await send(1, 'REDIRECT')
    await vi.waitFor(() => expect(receiver.taken()).toEqual(sent), patient)
    expect(elsewhere.pushes).toEqual([])
  })

  test('to a receiver that never answers times out and delays no other subscription', async () => {
    await using slow = await startReceiver()
    await using quick = await startReceiver()
    const { id } = await subscribed(slow)
    await subscribed(quick)
    slow.replies(() => undefined)
    const started = performance.now()
    const sent = await send(3, 'SLOW')
    await vi.waitFor(() => expect(quick.taken()).toEqual(sent), patient)
    expect(performance.now() - started).toBeLessThan(timeoutMs)
    await vi.waitFor(async () => expect((await stateOf(id))?.failures).toBe(1), patient)
    await vi.waitFor(() => expect(slow.taken()).toEqual(sent), patient)
  })

  test('that a receiver drags out byte by byte times out too', async () => {
    await using receiver = await startReceiver()
    const { id } = await subscribed(receiver)
    receiver.replies((response) => {
      response.writeHead(200)
      const drip = setInterval(() => response.write('x'), 100)
      response.once('close', () => clearInterval(drip))
    })
    const sent = await send(1, 'DRIP')
    await vi.waitFor(async () => expect((await stateOf(id))?.failures).toBe(1), patient)
    await vi.waitFor(() => expect(receiver.taken()).toEqual(sent), patient)
    expect(receiver.pushes.map((push) => push.id)).toEqual([sent[0], sent[0]])
  })
})

describe('a subscription that its receiver ends', () => {
  test('by 410 is disabled at once and gets nothing more until it is resumed where it stood', async () => {
    await using receiver = await startReceiver()
    const { id } = await subscribed(receiver)
    receiver.replies(410)
    const sent = await send(2, 'GONE')
    await vi.waitFor(
      async () => expect(await stateOf(id)).toMatchObject({ status: 'disabled', lastError: 'HTTP 410' }),
      patient,
    )
    await pause(500)
    expect(receiver.pushes).toHaveLength(1)
    expect((await reader.ask(`/v1/subscriptions/${id}/resume`, { method: 'POST' })).status).toBe(204)
    await vi.waitFor(() => expect(receiver.taken()).toEqual(sent), patient)
  })

  test('by an error that no repetition cures is paused after three, and goes on where it stood when resumed', async () => {
    await using receiver = await startReceiver()
    const { id } = await subscribed(receiver)
    const quickly = vi.waitFor(async () => {
      // The second delay is of five seconds: the test lets it pass by moving the due date, nothing else.
      const { writer } = hub.hub.store
      await writer.updateTable('subscriptions').set({ next_attempt_at: '' }).where('id', '=', id).execute()
      expect(await stateOf(id)).toMatchObject({ status: 'paused', failures: 3 })
    }, patient)
    receiver.replies(204, 400, 400, 400)
    const sent = await send(3, 'PAUSED')
    await quickly
    await pause(500)
    expect(receiver.pushes.map((push) => push.id)).toEqual([sent[0], sent[1], sent[1], sent[1]])
    expect((await reader.ask(`/v1/subscriptions/${id}/resume`, { method: 'POST' })).status).toBe(204)
    await vi.waitFor(() => expect(receiver.taken()).toEqual(sent), patient)
    expect(await stateOf(id)).toMatchObject({ status: 'active' })
  })

  test('by deleting it is over, even in the middle of what was due', async () => {
    await using receiver = await startReceiver()
    const { id } = await subscribed(receiver)
    let deleted: Promise<unknown> = Promise.resolve()
    receiver.replies((response) => {
      deleted = reader.ask(`/v1/subscriptions/${id}`, { method: 'DELETE' }).then(() => response.writeHead(204).end())
    })
    await send(3, 'DELETED')
    await vi.waitFor(() => expect(receiver.pushes).toHaveLength(1), patient)
    await deleted
    await pause(2_000)
    expect(receiver.pushes).toHaveLength(1)
    expect(await stateOf(id)).toBeUndefined()
    expect((await reader.ask(`/v1/subscriptions/${id}`, { method: 'DELETE' })).status).toBe(404)
  })
})

describe('rights', () => {
  test('are those of now: a mandate that ends stops confidential events, one that begins brings them at once', async () => {
    const later = await join(hub, 'gestion-tard')
    await using receiver = await startReceiver()
    await subscribed(receiver, { kinds: ['dume-response'] }, later)
    await sender.sent('dume-response', aResponse('BEFORE'))
    await vi.waitFor(
      async () => expect((await stateOf((await idsOf(later))[0] ?? '', later))?.failures).toBe(0),
      patient,
    )
    await pause(400)
    const now = hub.hub.clock()
    const notAfter = new Date(now.getTime() + 2_500)
    await grantMandate(hub.hub, { account: later.id, buyer: buyerSiret, notBefore: now, notAfter })
    const during = await sender.sent('dume-response', aResponse('DURING'))
    await vi.waitFor(() => expect(receiver.taken()).toEqual([during.id]), patient)
    await pause(2_600)
    await sender.sent('dume-response', aResponse('AFTER'))
    await pause(800)
    expect(receiver.taken()).toEqual([during.id])
  })

  async function idsOf(who: Party): Promise<string[]> {
    const { subscriptions } = (await who.ask('/v1/subscriptions')).json<{ subscriptions: Subscription[] }>()
    return subscriptions.map(({ id }) => id)
  }
})

describe('a hub that is told to refuse internal addresses', () => {
  test('refuses them by address, by name, and over plain http', async () => {
    await using closed = await startHub({}, { env: { HUB_WEBHOOK_PRIVATE: 'refuse' } })
    const party = await join(closed, 'gestion-c')
    await using receiver = await startReceiver()
    const { port } = new URL(receiver.url)
    for (const [url, code] of [
      [receiver.url, 'WEBHOOK_URL_REFUSED'],
      [`https://127.0.0.1:${port}/`, 'WEBHOOK_URL_REFUSED'],
      [`https://[::ffff:127.0.0.1]:${port}/`, 'WEBHOOK_URL_REFUSED'],
      [`https://2130706433:${port}/`, 'WEBHOOK_URL_REFUSED'],
      [`https://localhost:${port}/`, 'WEBHOOK_CHALLENGE_FAILED'],
    ] as const) {
      const problem = problemIn(await party.post('/v1/subscriptions', { url }))
      expect(problem, url).toMatchObject({ status: 422, code })
      if (code === 'WEBHOOK_CHALLENGE_FAILED') expect(problem.hint).toContain('internal addresses only')
    }
  })
})
