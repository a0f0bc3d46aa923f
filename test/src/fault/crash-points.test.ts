import { createHash } from 'node:crypto'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CrashPoint, openDatabase } from '@socle/gateway'
import {
  type Envelope,
  parseCheckpointText,
  parseTrust,
  type Receipt,
  type Trust,
  verifyTimestamp,
} from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { checkLog } from './checker.ts'
import type { ChildPlan } from './child-plan.ts'
import { createHistory, type History, type Sent } from './history.ts'
import { type HubChild, runToDeath, startChild } from './hub-child.ts'
import { type Receiver, startReceiver } from './receiver.ts'
import { createSender, type Sender } from './sender.ts'

const patient = { timeout: 20_000, interval: 50 }
const killed = { code: null, signal: 'SIGKILL' }
const root = await mkdtemp(join(tmpdir(), 'socle-crash-'))
const template = join(root, 'template')
let receiver: Receiver

beforeAll(async () => {
  receiver = await startReceiver()
  await using first = await startChild({ directory: template })
  await first.stop()
}, 60_000)

afterAll(async () => {
  await receiver[Symbol.asyncDispose]()
  await rm(root, { recursive: true, force: true })
})

let copies = 0
async function copyOf(directory: string): Promise<string> {
  const copy = join(root, `copy-${++copies}`)
  await cp(directory, copy, { recursive: true })
  return copy
}

async function trustOf(directory: string): Promise<Trust> {
  const text = async (name: string): Promise<string> => await readFile(join(directory, 'keys/trust', name), 'utf8')
  const [logVkey, sealCa, tsaCa] = await Promise.all(['log.vkey', 'seal-ca.pem', 'tsa-ca.pem'].map(text))
  return parseTrust({ logVkey: logVkey ?? '', sealCa: sealCa ?? '', tsaCa: tsaCa ?? '' })
}

function senderOf(child: HubChild): Sender & Disposable {
  const sender = createSender(child.url, child.tokens['profil-a'], 2)
  return { ...sender, [Symbol.dispose]: () => sender.close() }
}

async function sizeOf(sender: Sender): Promise<number> {
  const { body } = await sender.get('/log/checkpoint')
  return parseCheckpointText(`${body.toString('utf8').split('\n\n')[0]}\n`).size
}

/** Sends, and says whether it was acknowledged: a hub that died first answers nothing. */
async function send(sender: Sender, history: History, sent: Sent): Promise<boolean> {
  try {
    history.take(sent, await sender.deposit(sent.key, sent.body))
    return true
  } catch {
    return false
  }
}

const receiptOf = (sent: Sent): Receipt => JSON.parse(sent.receipt?.toString('utf8') ?? '{}') as Receipt

async function checked(directory: string, history: History): Promise<void> {
  expect(history.faults).toEqual([])
  expect(checkLog(join(directory, 'ledger.sqlite'), history.all, await trustOf(directory)).faults).toEqual([])
}

/** Steps inside the ledger's transaction are rehearsed in the writer thread, those of the flow beside it. */
function deathAt(point: string): Pick<ChildPlan, 'at' | 'killAt'> {
  const step = ledgerSteps.find((known) => known === point)
  return step ? { killAt: step } : { at: point as CrashPoint }
}

const ledgerSteps = ['head-locked', 'entries-inserted', 'checkpoint-signed', 'head-moved', 'committed'] as const

/** What is true of a deposit under way when the hub dies there. It was never acknowledged: no receipt without a commit. */
const deposits: readonly { readonly point: string; readonly kept: boolean }[] = [
  { point: 'received', kept: false },
  { point: 'validated', kept: false },
  { point: 'sealed', kept: false },
  { point: 'head-locked', kept: false },
  { point: 'entries-inserted', kept: false },
  { point: 'checkpoint-signed', kept: false },
  { point: 'head-moved', kept: false },
  { point: 'committed', kept: true },
  { point: 'recorded', kept: true },
]

/** No time mark comes between the entries that are counted, however old the template is. */
const rarely = { HUB_TIMESTAMP_EVERY: '14400' }

describe('a hub that dies during a deposit', () => {
  test.each(deposits)(
    'at $point: not acknowledged, kept $kept, exactly once after the retry',
    async ({ point, kept }) => {
      const directory = await copyOf(template)
      const history = createHistory()
      const sent = history.next()
      let before: number
      {
        await using child = await startChild({ directory, settings: rarely, ...deathAt(point) })
        using sender = senderOf(child)
        before = await sizeOf(sender)
        await child.arm()
        expect(await send(sender, history, sent)).toBe(false)
        expect(await child.ended).toEqual(killed)
      }
      await using next = await startChild({ directory, settings: rarely })
      using sender = senderOf(next)
      expect(await sizeOf(sender)).toBe(before + (kept ? 1 : 0))
      const retried = await sender.deposit(sent.key, sent.body)
      history.take(sent, retried)
      expect(retried.status).toBe(kept ? 200 : 201)
      // A number is neither burnt by a death before the commit nor given again after one.
      expect(receiptOf(sent).proof.index).toBe(before)
      expect((await sender.deposit(sent.key, sent.body)).body).toEqual(retried.body)
      expect(await sizeOf(sender)).toBe(before + 1)
      await next.stop()
      await checked(directory, history)
    },
  )
})

describe('a hub that dies while it publishes', () => {
  const idsOf = async (file: string): Promise<string[]> =>
    (await readFile(file, 'utf8').catch(() => ''))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => (JSON.parse(line) as { readonly id: string }).id)

  test.each([
    { at: 'published' as const, again: true },
    { at: 'relay-moved' as const, again: false },
  ])('at $at: the same event again $again, the next one once, nothing lost', async ({ at, again }) => {
    const directory = await copyOf(template)
    const busFile = join(directory, 'bus.ndjson')
    const history = createHistory()
    const [first, second] = [history.next(), history.next()]
    {
      await using child = await startChild({ directory, busFile, at })
      using sender = senderOf(child)
      await child.arm()
      // The relay works beside the answer: whether the sender heard of it first is chance.
      await send(sender, history, first)
      expect(await child.ended).toEqual(killed)
    }
    await using next = await startChild({ directory, busFile })
    using sender = senderOf(next)
    expect(await send(sender, history, first)).toBe(true)
    expect(await send(sender, history, second)).toBe(true)
    const [one, two] = [receiptOf(first).id, receiptOf(second).id]
    await vi.waitFor(async () => expect(await idsOf(busFile)).toContain(two), patient)
    await next.stop()
    expect(await idsOf(busFile)).toEqual(again ? [one, one, two] : [one, two])
    await checked(directory, history)
  })
})

describe('a hub that dies during a delivery', () => {
  const waiting = join(root, 'waiting')
  const history = createHistory()
  const sent = history.next()

  beforeAll(async () => {
    await cp(template, waiting, { recursive: true })
    receiver.answer(503)
    await using child = await startChild({ directory: waiting })
    using sender = senderOf(child)
    const recipient = createSender(child.url, child.tokens['profil-b'], 1)
    const wish = JSON.stringify({ url: receiver.url, kinds: ['award'] })
    expect((await recipient.post('/v1/subscriptions', wish)).status).toBe(201)
    await send(sender, history, sent)
    const failures = async (): Promise<string> => (await recipient.get('/v1/subscriptions')).body.toString('utf8')
    await vi.waitFor(async () => expect(await failures()).toContain('HTTP 503'), patient)
    await child.stop()
    recipient.close()
  }, 60_000)

  const points: readonly { readonly point: string; readonly again: boolean }[] = [
    { point: 'head-locked', again: true },
    { point: 'entries-inserted', again: true },
    { point: 'checkpoint-signed', again: true },
    { point: 'head-moved', again: true },
    { point: 'committed', again: false },
    { point: 'recorded', again: false },
    { point: 'delivered', again: false },
  ]

  test.each(points)('at $point: the same webhook-id again $again, never lost', async ({ point, again }) => {
    const directory = await copyOf(waiting)
    const after = createHistory()
    after.next()
    const second = after.next()
    receiver.ids.length = 0
    receiver.answer(204)
    expect(await runToDeath({ directory, ...deathAt(point), armed: true })).toEqual(killed)
    await using next = await startChild({ directory })
    using sender = senderOf(next)
    expect(await send(sender, after, second)).toBe(true)
    const [one, two] = [receiptOf(sent).id, receiptOf(second).id]
    await vi.waitFor(() => expect(receiver.ids).toContain(two), patient)
    await vi.waitFor(async () => expect(await timelineOf(sender, two)).toContain('delivered'), patient)
    expect(receiver.ids).toEqual(again ? [one, one, two] : [one, two])
    await next.stop()
    expect(deliveriesOf(directory)).toEqual([one, two])
    await checked(directory, { ...after, all: [sent, second] })
  })

  async function timelineOf(sender: Sender, id: string): Promise<string> {
    return (await sender.get(`/v1/documents/${id}/timeline`)).body.toString('utf8')
  }

  /** Documents of the delivery entries, in log order: each once, whatever was sent twice. */
  function deliveriesOf(directory: string): readonly string[] {
    return envelopesOf(directory, 'dlv').flatMap(({ delivery }) => delivery?.documents ?? [])
  }
})

function envelopesOf(directory: string, kind: string): readonly Envelope[] {
  const db = openDatabase(join(directory, 'ledger.sqlite'))
  try {
    const rows = db.prepare('select envelope from entries where kind = ? order by idx').all(kind)
    return rows.map((row) => JSON.parse(Buffer.from(row['envelope'] as Uint8Array).toString('utf8')) as Envelope)
  } finally {
    db.close()
  }
}

describe('a hub that dies between the token of the outside clock and its log entry', () => {
  test('asks for another token, and keeps each token with its entry', async () => {
    const directory = await copyOf(template)
    const settings = { HUB_TIMESTAMP_EVERY: '1' }
    {
      await using child = await startChild({ directory, settings, at: 'stamped' })
      await child.arm()
      expect(await child.ended).toEqual(killed)
    }
    expect(tokensOf(directory)).toEqual([])
    expect(envelopesOf(directory, 'ts')).toEqual([])
    await using next = await startChild({ directory, settings })
    await vi.waitFor(() => expect(tokensOf(directory).length).toBe(1), patient)
    await next.stop()
    const { timestampAuthorities } = await trustOf(directory)
    const marks = envelopesOf(directory, 'ts').map(({ timestamp }) => timestamp)
    const kept = tokensOf(directory).map(({ size, note, token }) => {
      const { time } = verifyTimestamp(token, Buffer.from(note), timestampAuthorities)
      return { size, sha256: createHash('sha256').update(token).digest('hex'), genTime: time.toISOString() }
    })
    expect(marks).toEqual(kept)
    await checked(directory, createHistory())
  })

  function tokensOf(directory: string): { size: number; note: string; token: Uint8Array }[] {
    const db = openDatabase(join(directory, 'ledger.sqlite'))
    try {
      const rows = db.prepare('select size, note, token from checkpoints where token is not null order by size').all()
      return rows.map((row) => ({
        size: Number(row['size']),
        note: String(row['note']),
        token: row['token'] as Uint8Array,
      }))
    } finally {
      db.close()
    }
  }
})
