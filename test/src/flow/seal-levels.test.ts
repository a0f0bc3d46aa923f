import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { archiveNext, readCoverage, type TimestampAuthority, verifyPath } from '@socle/gateway'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { switchedClock } from '../interop/make-container.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { aResponse } from './documents.ts'
import { ask, join } from './party.ts'
import { plantDocuments } from './plant-documents.ts'

const dayMs = 86_400_000
const always = '9999-12-31'
let work: string
beforeAll(async () => (work = await mkdtemp(pathOf(tmpdir(), 'socle-levels-'))))
afterAll(async () => await rm(work, { recursive: true, force: true }))

interface Place extends AsyncDisposable {
  readonly hub: TestHub
  readonly clock: ReturnType<typeof switchedClock>
  /** The day after. */
  wait(): void
  /** Questions under way at the same time, at most, and in all. */
  readonly asked: { most: number; count: number }
}

/** A hub whose authority can be away, and gives at most so many tokens. */
async function start(seals: 'all' | 'urgent' | undefined, tokens: () => number = () => Infinity): Promise<Place> {
  let ahead = 0
  const clock = switchedClock()
  const asked = { most: 0, count: 0 }
  let running = 0
  const timestamps: TimestampAuthority = {
    async stamp(...question) {
      asked.most = Math.max(asked.most, ++running)
      try {
        if (asked.count >= tokens()) throw new Error('no more tokens today')
        asked.count++
        await sleep(2)
        return await clock.authority.stamp(...question)
      } finally {
        running--
      }
    },
  }
  const env = { HUB_TIMESTAMP_EVERY: '14400', ...(seals ? { HUB_SEAL_TIMESTAMPS: seals } : {}) }
  const hub = await startHub({ clock: () => new Date(Date.now() + ahead), timestamps }, { env })
  clock.follow(hub)
  return {
    hub,
    clock,
    asked,
    wait: () => void (ahead += 2 * dayMs),
    [Symbol.asyncDispose]: async () => await hub[Symbol.asyncDispose](),
  }
}

const levelOf = async ({ hub }: Place, index: number): Promise<string | undefined> =>
  (await readCoverage(hub.hub.store.reader, index))?.level
const tokensOf = async ({ hub }: Place): Promise<number> =>
  (await hub.hub.store.reader.selectFrom('seal_tokens').select('idx').execute()).length

test('a day is archived with the timestamp of every seal, and waits for an authority that is away', async () => {
  let most = Infinity
  await using place = await start(undefined, () => most)
  const { hub, clock } = place
  const sender = await join(hub, 'profil-a', { buyers: [buyerSiret] })
  const sent = []
  for (let at = 0; at < 12; at++) sent.push(await sender.sent('award', anAward({ id: `A-${at}` })))
  expect(await tokensOf(place)).toBe(0)
  place.wait()
  clock.isAway = true
  await expect(archiveNext(hub.hub, always)).rejects.toThrow(
    'seals wait for their timestamps (HUB_SEAL_TIMESTAMPS), and their day with them: the authority is away',
  )
  clock.isAway = false
  // Some of them come, and are asked for once.
  most = place.asked.count + 5
  await expect(archiveNext(hub.hub, always)).rejects.toThrow('no more tokens today')
  expect(await tokensOf(place)).toBe(5)
  expect(await levelOf(place, sent[0]?.proof.index ?? -1)).toBeUndefined()
  most = Infinity
  place.asked.count = 0
  let left = 3
  expect(await archiveNext(hub.hub, always, undefined, () => --left >= 0)).toBeUndefined()
  expect(await levelOf(place, sent[0]?.proof.index ?? -1)).toBeUndefined()
  expect(await archiveNext(hub.hub, always)).toMatchObject({ documents: sent.length })
  // One for each seal that lacked it, and one for the day.
  expect([await tokensOf(place), place.asked.count]).toEqual([sent.length, sent.length - 5 + 1])
  expect(place.asked.most).toBe(4)

  const reader = await join(hub, 'profil-b', { buyers: [buyerSiret] })
  for (const name of ['log.vkey', 'seal-ca.pem', 'tsa-ca.pem'])
    await writeFile(pathOf(work, name), (await ask(hub, `/log/${name}`)).bytes)
  for (const { id, proof } of sent) {
    expect(await levelOf(place, proof.index)).toBe('T')
    const answer = await reader.ask(`/v1/documents/${id}/evidence`)
    expect(answer.headers.get('hub-seal-level')).toBe('CAdES-T')
    await writeFile(pathOf(work, 'one.asice'), answer.bytes)
    const report = await verifyPath(pathOf(work, 'one.asice'), { trust: work })
    expect(report.verdict, report.text('en')).toBe('proved')
  }
}, 60_000)

test('for urgent kinds only where it is wished so: the rest stays at the level that it has', async () => {
  await using place = await start('urgent')
  const { hub, clock } = place
  const sender = await join(hub, 'profil-a', { buyers: [buyerSiret] })
  clock.isAway = true
  const response = await sender.sent('dume-response', aResponse('REP-1'))
  const award = await sender.sent('award', anAward())
  const exported = await sender.sent('award', anAward({ id: 'EXPORTED' }))
  clock.isAway = false
  await sender.ask(`/v1/documents/${exported.id}/evidence`)
  place.wait()
  await archiveNext(hub.hub, always)
  const levels = [response, award, exported].map(async ({ proof }) => await levelOf(place, proof.index))
  expect(await Promise.all(levels)).toEqual(['T', 'B', 'T'])
}, 60_000)

test('a seal that is damaged holds no day up', async () => {
  await using place = await start('all')
  const failed = vi.spyOn(place.hub.hub.events, 'failed')
  await plantDocuments(place.hub, { consultation: 'C-1', count: 1, bytes: 100, damagedSeal: Buffer.from('no DER') })
  await plantDocuments(place.hub, { consultation: 'C-2', count: 2, bytes: 100 })
  place.wait()
  expect(await archiveNext(place.hub.hub, always)).toMatchObject({ documents: 3 })
  expect(await tokensOf(place)).toBe(2)
  expect(failed.mock.calls).toEqual([['seal-timestamp', expect.objectContaining({ name: 'SealDamagedError' })]])
}, 60_000)
