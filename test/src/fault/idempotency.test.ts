import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { type Answer, createSender, inParallel, type Sender } from './sender.ts'

type Client = Sender & Disposable

async function clientOf(hub: TestHub, id: string, connections: number): Promise<Client> {
  await hub.account(id, { buyers: [buyerSiret] })
  const account = await hub.hub.accounts.find(id)
  if (!account) throw new Error(`the account ${id} is not there`)
  const { token } = await hub.hub.tokens.issue(account.id, account.scopes)
  const sender = createSender(hub.url, token, connections)
  return { ...sender, [Symbol.dispose]: () => sender.close() }
}

async function documentsIn(hub: TestHub): Promise<readonly { readonly account: string; readonly sha256: string }[]> {
  return await hub.hub.store.reader.selectFrom('documents').select(['account', 'sha256']).execute()
}

const award = (id: string): Buffer => Buffer.from(anAward({ id }))
const statusesOf = (answers: readonly Answer[]): number[] =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b)
const codeOf = ({ body }: Answer): unknown => (JSON.parse(body.toString('utf8')) as { readonly code?: string }).code

async function atOnce(count: number, send: (n: number) => Promise<Answer>): Promise<Answer[]> {
  return await Promise.all(Array.from({ length: count }, async (_, n) => await send(n)))
}

describe('one key sent many times at once', () => {
  test('a hundred copies make one entry and a hundred equal receipts, of which one is the first', async () => {
    await using hub = await startHub()
    using client = await clientOf(hub, 'profil-a', 100)
    const body = award('one')
    const answers = await atOnce(100, async () => await client.deposit('k', body))
    expect(statusesOf(answers)).toEqual([...Array.from({ length: 99 }, () => 200), 201])
    expect(new Set(answers.map((answer) => answer.body.toString('utf8'))).size).toBe(1)
    expect((await documentsIn(hub)).length).toBe(1)
    const { index } = (JSON.parse(answers[0]?.body.toString('utf8') ?? '{}') as { proof: { index: number } }).proof
    const entry = await hub.hub.store.reader.selectFrom('entries').selectAll().where('idx', '=', index).execute()
    expect(entry[0]?.kind).toBe('doc')
  })

  test('of fifty different documents under it one wins, the others are told that the key is taken', async () => {
    await using hub = await startHub()
    using client = await clientOf(hub, 'profil-a', 50)
    const answers = await atOnce(50, async (n) => await client.deposit('k', award(`n${n}`)))
    expect(statusesOf(answers)).toEqual([201, ...Array.from({ length: 49 }, () => 409)])
    const refused = answers.filter(({ status }) => status === 409)
    expect(new Set(refused.map(codeOf))).toEqual(new Set(['KEY_REUSED']))
    expect((await documentsIn(hub)).length).toBe(1)
    const winner = answers.findIndex(({ status }) => status === 201)
    const again = await client.deposit('k', award(`n${winner}`))
    expect([again.status, again.body]).toEqual([200, answers[winner]?.body])
  })

  test('a refusal has its key too: the same bytes are refused again with the same receipt, others are told', async () => {
    await using hub = await startHub()
    using client = await clientOf(hub, 'profil-a', 20)
    const wrong = Buffer.from(anAward().replace('2026-09-01', '2026-13-01'))
    const answers = await atOnce(20, async () => await client.deposit('k', wrong))
    expect(new Set(statusesOf(answers))).toEqual(new Set([422]))
    const receipts = answers.map(({ body }) =>
      JSON.stringify((JSON.parse(body.toString('utf8')) as { receipt: unknown }).receipt),
    )
    expect(new Set(receipts).size).toBe(1)
    const entries = await hub.hub.store.reader.selectFrom('entries').select('idx').where('kind', '=', 'rej').execute()
    expect(entries.length).toBe(1)
    expect((await client.deposit('k', award('right'))).status).toBe(409)
  })
})

describe('any interleaving of keys and documents of two accounts', () => {
  const accounts = ['profil-a', 'profil-b'] as const
  const step = fc.record({ account: fc.constantFrom(...accounts), key: fc.nat({ max: 3 }), body: fc.nat({ max: 2 }) })

  test('each account lives as if it were alone, and each of its keys stands for one document', async () => {
    await using hub = await startHub()
    using a = await clientOf(hub, 'profil-a', 4)
    using b = await clientOf(hub, 'profil-b', 4)
    const clients = { 'profil-a': a, 'profil-b': b }
    let run = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 25 }),
        fc.integer({ min: 1, max: 6 }),
        async (steps, width) => {
          const name = `run-${++run}`
          const before = (await documentsIn(hub)).length
          const winners = new Map<string, { readonly body: number; readonly receipt: string }>()
          const heard: { readonly place: string; readonly body: number; readonly answer: Answer }[] = []
          await inParallel(steps, width, async ({ account, key, body }) => {
            const answer = await clients[account].deposit(`${name}-${key}`, award(`${name}-${body}`))
            heard.push({ place: `${account} ${key}`, body, answer })
          })
          for (const { place, body, answer } of heard) {
            if (answer.status !== 201) continue
            expect(winners.has(place)).toBe(false)
            winners.set(place, { body, receipt: answer.body.toString('utf8') })
          }
          for (const { place, body, answer } of heard) {
            const winner = winners.get(place)
            if (winner?.body === body) expect(answer.body.toString('utf8')).toBe(winner.receipt)
            else expect([answer.status, codeOf(answer)]).toEqual([409, 'KEY_REUSED'])
          }
          expect(winners.size).toBe(new Set(heard.map(({ place }) => place)).size)
          expect((await documentsIn(hub)).length).toBe(before + winners.size)
          for (const [place, { receipt }] of winners) {
            const { envelope } = JSON.parse(receipt) as { readonly envelope: { readonly account: string } }
            expect(place.startsWith(`${envelope.account} `)).toBe(true)
          }
        },
      ),
      { numRuns: 25 },
    )
  })
})
