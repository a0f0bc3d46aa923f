import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { anAward, buyerSiret, otherBuyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { aResponse } from './documents.ts'
import { entriesOf, join, type Party, problemIn } from './party.ts'

const patient = { timeout: 15_000, interval: 50 }

interface Step {
  readonly state: string
  readonly at?: string
  readonly index?: number
  readonly by?: string
  readonly result?: string
}

let hub: TestHub
let sender: Party
let reader: Party
let stranger: Party
beforeAll(async () => {
  hub = await startHub({}, { env: { HUB_TIMESTAMP_EVERY: '1' } })
  sender = await join(hub, 'profil-a', { buyers: [buyerSiret] })
  reader = await join(hub, 'gestion-c', { buyers: [buyerSiret] })
  stranger = await join(hub, 'profil-b', { buyers: [otherBuyerSiret] })
})
afterAll(async () => await hub[Symbol.asyncDispose]())

const timeline = async (id: string): Promise<readonly Step[]> =>
  (await sender.ask(`/v1/documents/${id}/timeline`)).json<{ steps: Step[] }>().steps

describe('an outcome', () => {
  test('ends the way of a document: its states stand in their order, each with the log entry that proves it', async () => {
    const { id, proof } = await sender.sent('award', anAward({ id: 'WAY' }))
    const { next } = await reader.feed()
    await reader.feed(`?after=${next}`)
    const url = 'https://donnees.example/marches/WAY'
    const first = await reader.post(`/v1/documents/${id}/outcomes`, { result: 'integrated' })
    const second = await stranger.post(`/v1/documents/${id}/outcomes`, { result: 'published', url })
    expect([first.status, second.status]).toEqual([201, 201])
    await vi.waitFor(async () => expect((await timeline(id))[1]?.state).toBe('timestamped'), patient)
    await vi.waitFor(async () => expect((await timeline(id))[2]?.state).toBe('published'), patient)
    const steps = await timeline(id)
    expect(steps.map(({ state }) => state)).toEqual([
      'recorded',
      'timestamped',
      'published',
      'delivered',
      'concluded',
      'concluded',
    ])
    expect(steps[0]).toMatchObject({ by: 'profil-a', index: proof.index })
    expect(steps[3]).toMatchObject({ by: 'gestion-c', channel: 'feed' })
    expect(steps[4]).toMatchObject({
      by: 'gestion-c',
      result: 'integrated',
      index: first.json<{ index: number }>().index,
    })
    expect(steps[5]).toMatchObject({ by: 'profil-b', result: 'published', url })
    const entries = new Map((await entriesOf(hub)).map(({ index, kind }) => [index, kind]))
    const proving = steps.flatMap(({ index }) => (index === undefined ? [] : [entries.get(index)]))
    expect(proving).toEqual(['doc', 'ts', 'dlv', 'out', 'out'])
  })

  test('is a log entry that names the document, its consultation and its buyer', async () => {
    const { id, envelope } = await sender.sent('award', anAward({ id: 'ENTRY' }))
    await reader.post(`/v1/documents/${id}/outcomes`, { result: 'refused', reason: 'Numéro de marché inconnu' })
    const [entry] = (await entriesOf(hub, 'out')).slice(-1)
    expect(entry?.envelope).toMatchObject({
      type: 'refused',
      account: 'gestion-c',
      buyer: buyerSiret,
      consultation: envelope.consultation,
      outcome: { document: id, result: 'refused', reason: 'Numéro de marché inconnu' },
    })
  })

  test.each([
    [{ result: 'published' }, 'url'],
    [{ result: 'published', url: 'javascript:alert(1)' }, 'url'],
    [{ result: 'refused' }, 'reason'],
    [{ result: 'refused', reason: '' }, 'reason'],
    [{ result: 'lost' }, 'result'],
    [{ result: 'integrated', colour: 'blue' }, 'additional'],
    [{}, 'result'],
    [[], 'object'],
  ])(
    'without what its result needs is told so, and the way of the document does not change: %j',
    async (body, word) => {
      const { id } = await sender.sent('award', anAward({ id: `BAD-${word}` }), { key: `bad-${JSON.stringify(body)}` })
      const problem = problemIn(await reader.post(`/v1/documents/${id}/outcomes`, body))
      expect(problem).toMatchObject({ status: 400, code: 'REQUEST_INVALID' })
      expect(problem.hint).toContain(word)
      expect((await timeline(id)).filter(({ state }) => state === 'concluded')).toEqual([])
    },
  )

  test('cannot be reported on what the caller cannot read, nor on what does not exist', async () => {
    const { id } = await sender.sent('dume-response', aResponse('OUTCOME'))
    const size = (await entriesOf(hub, 'out')).length
    for (const document of [id, '01a20fb3-3b0d-7723-ae0c-a1f43faf0009', 'x', '..'])
      expect((await stranger.post(`/v1/documents/${document}/outcomes`, { result: 'integrated' })).status).toBe(404)
    expect(await entriesOf(hub, 'out')).toHaveLength(size)
    expect((await reader.post(`/v1/documents/${id}/outcomes`, { result: 'archived' })).status).toBe(201)
  })

  test('under the same key is one outcome, under a new one another', async () => {
    const { id } = await sender.sent('award', anAward({ id: 'ONCE' }))
    const report = async (key: string, result = 'integrated') =>
      await reader.ask(`/v1/documents/${id}/outcomes`, {
        method: 'POST',
        headers: { 'idempotency-key': key },
        body: JSON.stringify({ result }),
      })
    const [first, again, other] = [await report('o1'), await report('o1'), await report('o2')]
    expect(again.json()).toEqual(first.json())
    expect(other.json()).not.toEqual(first.json())
    expect(problemIn(await report('o1', 'archived'))).toMatchObject({ status: 409, code: 'KEY_REUSED' })
    expect((await timeline(id)).filter(({ state }) => state === 'concluded')).toHaveLength(2)
    expect((await reader.deposit('award', anAward({ id: 'OTHER' }), { key: 'o1' })).status).toBe(201)
  })
})
