import { mkdtemp, rm } from 'node:fs/promises'
import { request as rawRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { Agent, request } from 'undici'
import { afterAll, describe, expect, test } from 'vitest'
import { collector, idOf, rawEvent } from '../testing/events.ts'
import { openSeen } from './seen.ts'
import { createWebhookReceiver, type WebhookReceiver, type WebhookReceiverSettings } from './webhook-receiver.ts'

const root = await mkdtemp(join(tmpdir(), 'connector-webhook-'))
const agent = new Agent()
afterAll(async () => {
  await agent.close()
  await rm(root, { recursive: true, force: true })
})

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

async function start(more: Partial<WebhookReceiverSettings> = {}): Promise<WebhookReceiver> {
  return await createWebhookReceiver({ handle: async () => undefined, secret, ...more })
}

interface Delivery {
  readonly n?: number
  readonly body?: string | Buffer
  readonly at?: Date
  readonly key?: string
  readonly id?: string
}

/** Sends as the hub does; gives the status. */
async function deliver({ url }: { url: string }, delivery: Delivery = {}): Promise<number> {
  const { n = 1, body = JSON.stringify(rawEvent(n)), at = new Date(), key = secret, id = idOf(n) } = delivery
  const answer = await request(url, {
    dispatcher: agent,
    method: 'POST',
    headers: {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(key).sign(id, at, String(body)),
    },
    body,
  })
  await answer.body.dump()
  return answer.statusCode
}

const minutes = (count: number): Date => new Date(Date.now() + count * 60_000)

describe('a delivery', () => {
  test('that is signed and in time reaches the handler, which is awaited before 204', async () => {
    let ended = false
    await using receiver = await start({
      async handle() {
        await new Promise((resolve) => setTimeout(resolve, 50))
        ended = true
      },
    })
    expect(await deliver(receiver)).toBe(204)
    expect(ended).toBe(true)
  })

  test.each([
    ['under another secret', { key: `whsec_${Buffer.alloc(32, 8).toString('base64')}` }],
    ['six minutes old', { at: minutes(-6) }],
    ['of six minutes from now', { at: minutes(6) }],
    ['that is not UTF-8', { body: Buffer.from([0x7b, 0xff, 0x7d]) }],
  ])('%s is answered 401 and not handled', async (_name, delivery) => {
    const { numbers, handle } = collector()
    await using receiver = await start({ handle })
    expect(await deliver(receiver, delivery)).toBe(401)
    expect(numbers).toEqual([])
  })

  test('four minutes old is taken', async () => {
    await using receiver = await start()
    expect(await deliver(receiver, { at: minutes(-4) })).toBe(204)
  })

  test('whose id, time or body was changed on the way is answered 401', async () => {
    const { numbers, handle } = collector()
    await using receiver = await start({ handle })
    const at = new Date()
    const body = JSON.stringify(rawEvent(1))
    const good = {
      'webhook-id': idOf(1),
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign(idOf(1), at, body),
    }
    const altered: readonly [Record<string, string>, string][] = [
      [{ ...good, 'webhook-id': idOf(2) }, body],
      [{ ...good, 'webhook-timestamp': String(Number(good['webhook-timestamp']) + 1) }, body],
      [good, body.replace('"hubseq":1', '"hubseq":2')],
      [{ ...good, 'webhook-signature': 'v1,' }, body],
      [{ ...good, 'webhook-signature': good['webhook-signature'].replace('v1,', 'v1a,') }, body],
      [{ 'webhook-id': idOf(1) }, body],
    ]
    for (const [headers, body] of altered) {
      const answer = await request(receiver.url, { dispatcher: agent, method: 'POST', headers, body })
      await answer.body.dump()
      expect(answer.statusCode).toBe(401)
    }
    expect(numbers).toEqual([])
  })

  test('that is signed but no event of a hub is answered 400', async () => {
    await using receiver = await start()
    expect(await deliver(receiver, { body: '{"specversion":"1.0"}' })).toBe(400)
    expect(await deliver(receiver, { body: 'not JSON' })).toBe(400)
  })

  test('whose handler fails is answered 500, and the next delivery of it is a new try', async () => {
    let tries = 0
    await using receiver = await start({
      async handle() {
        tries += 1
        if (tries === 1) throw new Error('disk full')
      },
    })
    expect(await deliver(receiver)).toBe(500)
    expect(await deliver(receiver)).toBe(204)
    expect(tries).toBe(2)
  })

  test('that comes again is acknowledged and not handled, also after a restart with a memory', async () => {
    const { numbers, handle } = collector()
    const path = join(root, 'seen.json')
    {
      await using receiver = await start({ handle, seen: await openSeen(path) })
      expect([await deliver(receiver), await deliver(receiver), await deliver(receiver, { n: 2 })]).toEqual([
        204, 204, 204,
      ])
    }
    await using receiver = await start({ handle, seen: await openSeen(path) })
    expect([await deliver(receiver, { n: 2 }), await deliver(receiver, { n: 3 })]).toEqual([204, 204])
    expect(numbers).toEqual([1, 2, 3])
  })

  test('repeated while it is still being handled has the same end, and the handler runs one at a time', async () => {
    let running = 0
    let most = 0
    const { numbers, handle } = collector()
    await using receiver = await start({
      async handle(event) {
        most = Math.max(most, (running += 1))
        await new Promise((resolve) => setTimeout(resolve, 30))
        running -= 1
        await handle(event)
      },
    })
    const deliveries = [1, 1, 2, 1, 2].map(async (n) => await deliver(receiver, { n }))
    expect(await Promise.all(deliveries)).toEqual([204, 204, 204, 204, 204])
    expect(numbers.toSorted((a, b) => a - b)).toEqual([1, 2])
    expect(most).toBe(1)
  })

  test('beyond those that may wait is answered 503', async () => {
    let open = (): void => undefined
    const gate = new Promise<void>((resolve) => (open = resolve))
    await using receiver = await start({ handle: async () => await gate, limits: { maxWaiting: 2 } })
    const deliveries = [1, 2, 3].map(async (n) => await deliver(receiver, { n }))
    expect(await Promise.race(deliveries)).toBe(503)
    open()
    expect((await Promise.all(deliveries)).toSorted((a, b) => a - b)).toEqual([204, 204, 503])
  })

  test('is answered 503 while the secret is not known yet', async () => {
    const { secret: _none, ...without } = { secret: undefined, handle: async () => undefined }
    await using receiver = await createWebhookReceiver(without)
    expect(await deliver(receiver)).toBe(503)
    receiver.useSecret(secret)
    expect(await deliver(receiver)).toBe(204)
  })
})

describe('a challenge', () => {
  const body = JSON.stringify({ type: 'fr.tncp.subscription.challenge.v1', challenge: 'abcdefghijklmnop_-12' })
  const challenge = async ({ url }: WebhookReceiver, body: string): Promise<readonly [number, string]> => {
    const answer = await request(url, { dispatcher: agent, method: 'POST', body })
    return [answer.statusCode, await answer.body.text()]
  }

  test('is answered while one is expected, and only then', async () => {
    await using receiver = await start()
    expect((await challenge(receiver, body))[0]).toBe(401)
    receiver.expectChallenge(true)
    expect(await challenge(receiver, body)).toEqual([200, '{"challenge":"abcdefghijklmnop_-12"}'])
    receiver.expectChallenge(false)
    expect((await challenge(receiver, body))[0]).toBe(401)
  })

  test.each([
    [body.replace('challenge.v1', 'challenge.v2')],
    [body.replace('abcdefghijklmnop_-12', '<script>alert(1)</script>')],
    ['{}'],
  ])('that is none is not echoed: %s', async (body) => {
    await using receiver = await start()
    receiver.expectChallenge(true)
    expect((await challenge(receiver, body))[0]).toBe(401)
  })
})

describe('the server', () => {
  test('takes POST on its one path only', async () => {
    await using receiver = await start()
    const other = new URL('/other', receiver.url).href
    expect((await request(receiver.url, { dispatcher: agent })).statusCode).toBe(405)
    expect((await request(other, { dispatcher: agent, method: 'POST', body: '{}' })).statusCode).toBe(404)
  })

  test('answers 413 to a body beyond the limit, announced or not', async () => {
    await using receiver = await start({ limits: { maxBodyBytes: 1_000 } })
    expect(await deliver(receiver, { body: 'x'.repeat(1_001) })).toBe(413)
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sending = rawRequest(receiver.url, { method: 'POST' }, ({ statusCode }) => resolve(statusCode))
      sending.once('error', reject)
      sending.write('x'.repeat(600))
      sending.write('x'.repeat(600))
    })
    expect(status).toBe(413)
  })

  test('lets the delivery in hand end before it closes, and takes no more', async () => {
    const { numbers, handle } = collector()
    let began = (): void => undefined
    const beginning = new Promise<void>((resolve) => (began = resolve))
    const receiver = await start({
      async handle(event) {
        began()
        await new Promise((resolve) => setTimeout(resolve, 100))
        await handle(event)
      },
    })
    const delivery = deliver(receiver)
    await beginning
    await receiver[Symbol.asyncDispose]()
    expect(await delivery).toBe(204)
    expect(numbers).toEqual([1])
    await expect(deliver(receiver, { n: 2 })).rejects.toThrow()
  })
})
