import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { type Answer, ask, entriesOf, join, type Party, problemIn } from './party.ts'

let hub: TestHub
beforeAll(async () => {
  hub = await startHub({}, { env: { HUB_RATE: '5', HUB_RATE_BURST: '10' } })
})
afterAll(async () => await hub[Symbol.asyncDispose]())

const member = async (id: string): Promise<Party> => await join(hub, id, { buyers: [buyerSiret] })
const several = async (party: Party, count: number): Promise<readonly Answer[]> =>
  await Promise.all(
    Array.from({ length: count }, async (_, i) => await party.deposit('award', anAward({ id: `${party.id}-${i}` }))),
  )
const withStatus = (answers: readonly Answer[], status: number): readonly Answer[] =>
  answers.filter((answer) => answer.status === status)

describe('the rate of an account', () => {
  test('the burst passes, the surplus is told when to come back and leaves nothing, and then passes under its key', async () => {
    const party = await member('profil-presse')
    const before = (await entriesOf(hub, 'doc', 'rej')).length
    const answers = await several(party, 30)
    const refused = withStatus(answers, 429)
    expect(withStatus(answers, 201).length).toBeGreaterThanOrEqual(10)
    expect(withStatus(answers, 201).length).toBeLessThan(20)
    expect(withStatus(answers, 201).length + refused.length).toBe(30)
    for (const answer of refused) {
      expect(problemIn(answer).code).toBe('RATE_LIMITED')
      expect(answer.headers.get('retry-after')).toBe('1')
    }
    expect((await entriesOf(hub, 'doc', 'rej')).length - before).toBe(30 - refused.length)
    await sleep(1_000)
    expect((await party.deposit('award', anAward({ id: 'apres' }))).status).toBe(201)
  })

  test('is its own: another account beside it, from the same address, is not held back', async () => {
    const [greedy, modest] = [await member('profil-avide'), await member('profil-sobre')]
    const flood = several(greedy, 60)
    expect((await several(modest, 8)).map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 201))
    expect(withStatus(await flood, 429).length).toBeGreaterThan(20)
  })

  test('reading is not counted, a rehearsal is', async () => {
    const party = await member('profil-lecteur')
    for (let i = 0; i < 10; i++) await party.deposit('award', anAward(), { query: '?dryRun=true' })
    expect((await party.deposit('award', anAward(), { query: '?dryRun=true' })).status).toBe(429)
    expect((await party.ask('/v1/feed')).status).toBe(200)
  })

  test('is asked before the body is read: the answer comes while the sender has sent its head only', async () => {
    const party = await member('profil-lent')
    await several(party, 20)
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(hub.url).port) })
    await once(socket, 'connect')
    const head = ['POST /v1/awards HTTP/1.1', 'host: x', `authorization: Bearer ${party.token}`, 'idempotency-key: k']
    socket.write(`${head.join('\r\n')}\r\ncontent-length: 5000000\r\n\r\n`)
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString('utf8')).toMatch(/^HTTP\/1\.1 429 /)
    socket.destroy()
  })

  test('so are token and scope: whoever has no right sends no body', async () => {
    const { clientId } = await hub.account('profil-muet', { scopes: ['feed:read'] })
    const account = await hub.hub.accounts.find(clientId)
    const { token } = await hub.hub.tokens.issue(account?.id ?? ('' as never), ['feed:read'])
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': 'k' }
    const large = 'x'.repeat(11_000_000)
    const answer = await ask(hub, '/v1/awards', { method: 'POST', headers, body: large.slice(0, 100_000) })
    expect(problemIn(answer)).toMatchObject({ status: 403, code: 'SCOPE_MISSING' })
  })

  test('a stream is slowed down to it, not refused: every record is recorded', async () => {
    const party = await member('profil-flux')
    const { marche } = (JSON.parse(anAward()) as { marches: { marche: readonly Readonly<Record<string, unknown>>[] } })
      .marches
    const records = Array.from({ length: 20 }, (_, i) => ({ ...marche[0], id: `FLUX-${i}` }))
    const start = performance.now()
    const answer = await party.ask('/v1/awards/bulk', {
      method: 'POST',
      headers: { 'idempotency-key': 'flux' },
      body: JSON.stringify({ marches: { marche: records } }),
    })
    const seconds = (performance.now() - start) / 1_000
    const lines = answer.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { state?: string; end?: boolean; complete?: boolean })
    expect(lines.filter(({ state }) => state === 'recorded')).toHaveLength(20)
    expect(lines.at(-1)).toMatchObject({ end: true, complete: true })
    // Ten at once, then five a second.
    expect(seconds).toBeGreaterThan(1.8)
    expect(seconds).toBeLessThan(8)
  })
})

test('without HUB_RATE nothing is limited', async () => {
  await using free = await startHub()
  const party = await join(free, 'profil-libre', { buyers: [buyerSiret] })
  const answers = await several(party, 100)
  expect(withStatus(answers, 201)).toHaveLength(100)
})
