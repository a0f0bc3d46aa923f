import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAward, buyerSiret, otherBuyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { aResponse, consultation, notice, olderResponse } from './documents.ts'
import { ask, type FeedPage, join, type Party, problemIn } from './party.ts'

interface Summary {
  readonly id: string
  readonly kind: string
  readonly account: string
  readonly links: Readonly<Record<string, string | boolean>>
}

let hub: TestHub
let profile: Party
let editor: Party
let stranger: Party
beforeAll(async () => {
  hub = await startHub()
  profile = await join(hub, 'profil-a', { buyers: [buyerSiret] })
  editor = await join(hub, 'editeur-b', { buyers: [buyerSiret, otherBuyerSiret] })
  stranger = await join(hub, 'profil-z', { buyers: [otherBuyerSiret] })
})
afterAll(async () => await hub[Symbol.asyncDispose]())

const documentsOf = async (who: Party, id: string): Promise<readonly Summary[]> =>
  (await who.ask(`/v1/consultations/${encodeURIComponent(id)}`)).json<{ documents: Summary[] }>().documents

describe('a consultation', () => {
  test('brings together what several platforms sent for it, in the order of the log', async () => {
    const first = await profile.sent('notice', notice)
    const second = await editor.sent('dume-response', aResponse('REP-1'))
    const third = await editor.sent('dume-response', olderResponse)
    const fourth = await profile.sent('award', anAward(), { headers: { 'hub-consultation': consultation } })
    await profile.sent('award', anAward({ id: 'ELSEWHERE' }))
    const seen = await documentsOf(profile, consultation)
    expect(seen.map(({ id }) => id)).toEqual([first.id, second.id, third.id, fourth.id])
    expect(seen.map(({ kind, account }) => `${kind} ${account}`)).toEqual([
      'notice profil-a',
      'dume-response editeur-b',
      'dume-response editeur-b',
      'award profil-a',
    ])
    const { documents } = (await profile.ask(`/v1/consultations/${consultation}/timeline`)).json<{
      documents: { document: string; kind: string; steps: { state: string; by: string }[] }[]
    }>()
    expect(documents.map(({ document, steps }) => [document, steps[0]?.state, steps[0]?.by])).toEqual([
      [first.id, 'recorded', 'profil-a'],
      [second.id, 'recorded', 'editeur-b'],
      [third.id, 'recorded', 'editeur-b'],
      [fourth.id, 'recorded', 'profil-a'],
    ])
  })

  test('shows whoever has no mandate the public documents only', async () => {
    expect((await documentsOf(stranger, consultation)).map(({ kind }) => kind)).toEqual(['notice', 'award'])
  })

  test('leads by its links to what they name', async () => {
    const [summary] = await documentsOf(profile, consultation)
    for (const [name, path] of Object.entries(summary?.links ?? {})) {
      if (typeof path !== 'string') continue
      expect((await profile.ask(path)).status, name).toBe(200)
    }
    expect(summary?.links['confidential']).toBe(false)
  })

  test('is the unit of order of its events', async () => {
    const reader = await join(hub, 'gestion-c', { buyers: [buyerSiret] })
    const { events }: FeedPage = await reader.feed()
    const own = events.filter(({ data }) => data.document.consultation === consultation)
    expect(own.map((event) => (event as unknown as { partitionkey: string }).partitionkey)).toEqual(
      own.map(() => consultation),
    )
    expect(own.map(({ data }) => data.document.id)).toEqual(
      (await documentsOf(profile, consultation)).map(({ id }) => id),
    )
  })

  test.each(['C-1', 'a/b?c#d&e=f%g', '%2F', 'c'.repeat(200), '!"#$%&\'()*+,-./:;<=>?@[]^_`{|}~'])(
    'may have any id the header takes, and is found under it: %s',
    async (id) => {
      const { id: document } = await profile.sent('award', anAward(), { headers: { 'hub-consultation': id } })
      const answer = await ask(hub, `/v1/consultations/${encodeURIComponent(id)}`, {
        headers: { authorization: `Bearer ${profile.token}` },
      })
      expect(answer.status, answer.text).toBe(200)
      expect(answer.json<{ documents: Summary[] }>().documents.map((one) => one.id)).toEqual([document])
    },
  )

  test('without an id of its own is that of its source key: an award stands for itself', async () => {
    const { envelope } = await profile.sent('award', anAward({ id: 'ALONE' }))
    expect(envelope.consultation).toBe(`decp:${buyerSiret}:ALONE`)
    expect(await documentsOf(profile, `decp:${buyerSiret}:ALONE`)).toHaveLength(1)
  })

  test('that nobody knows is a problem that says so', async () => {
    const answer = await profile.ask('/v1/consultations/INCONNUE')
    expect(problemIn(answer)).toMatchObject({ status: 404, code: 'CONSULTATION_NOT_FOUND' })
  })
})
