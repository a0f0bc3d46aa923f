import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildTimestamp, erase, stampNow, type TimestampAuthority } from '@socle/gateway'
import { openTimedSeal } from '@socle/schemas'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { fileIn, namesIn } from '../interop/change-container.ts'
import { readFeedTwice, switchedClock } from '../interop/make-container.ts'
import { anAward, buyerSiret, otherBuyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { aResponse, notice } from './documents.ts'
import { type Answer, join, type Party } from './party.ts'
import { plantDelivery, plantDocuments } from './plant-documents.ts'

const rarely = { HUB_TIMESTAMP_EVERY: '14400' }
const signature = 'META-INF/signature.p7s'
const seal = 'META-INF/socle/seal.p7s'
afterEach(() => vi.unstubAllEnvs())

interface Place extends AsyncDisposable {
  readonly hub: TestHub
  readonly sender: Party
  readonly clock: ReturnType<typeof switchedClock>
  /** Data that the authority was asked about. */
  readonly asked: readonly Uint8Array[]
  evidence(id: string): Promise<Answer>
}

/** A hub whose authority can be away, slow or wrong. */
async function start(directory?: string, change?: (real: TimestampAuthority) => TimestampAuthority): Promise<Place> {
  const clock = switchedClock()
  const asked: Uint8Array[] = []
  const real = change?.(clock.authority) ?? clock.authority
  const authority: TimestampAuthority = {
    async stamp(data, ...rest) {
      asked.push(data)
      return await real.stamp(data, ...rest)
    },
  }
  const hub = await startHub({ timestamps: authority }, { env: rarely, ...(directory ? { directory } : {}) })
  clock.follow(hub)
  const sender = await join(hub, `profil-${hub.hub.newId()}`, { buyers: [buyerSiret] })
  return {
    hub,
    sender,
    clock,
    asked,
    evidence: async (id) => await sender.ask(`/v1/documents/${id}/evidence`),
    [Symbol.asyncDispose]: async () => await hub[Symbol.asyncDispose](),
  }
}

const levelOf = ({ headers }: Answer): string | null => headers.get('hub-seal-level')
const tokensOf = async ({ hub }: Place): Promise<number> =>
  (await hub.hub.store.reader.selectFrom('seal_tokens').select('idx').execute()).length

describe('the seal in a container', () => {
  test('has its timestamp from the first export on, asked for once, and then the same for ever', async () => {
    await using place = await start()
    const { id } = await place.sender.sent('award', anAward())
    const [first, other] = await Promise.all([place.evidence(id), place.evidence(id)])
    expect(levelOf(first)).toBe('CAdES-T')
    expect(other.bytes.equals(first.bytes)).toBe(true)
    expect(openTimedSeal(fileIn(first.bytes, signature)).seal.equals(fileIn(first.bytes, seal))).toBe(true)
    for (const zone of ['Pacific/Auckland', 'America/Noronha']) {
      vi.stubEnv('TZ', zone)
      expect((await place.evidence(id)).bytes.equals(first.bytes), zone).toBe(true)
    }
    expect(place.asked).toHaveLength(1)
  })

  test('has none while the authority is away, is given out all the same, and gets one later', async () => {
    const directory = await mkdtemp(pathOf(tmpdir(), 'socle-seals-'))
    try {
      let id = ''
      {
        await using place = await start(directory)
        ;({ id } = await place.sender.sent('award', anAward()))
        const second = await place.sender.sent('award', anAward({ id: 'SECOND' }))
        place.clock.isAway = true
        const answer = await place.evidence(id)
        expect(answer.status).toBe(200)
        expect(levelOf(answer)).toBe('CAdES-B')
        expect(fileIn(answer.bytes, signature).equals(fileIn(answer.bytes, seal))).toBe(true)
        // Whoever comes next does not wait for an authority that was away a moment ago.
        expect(levelOf(await place.evidence(second.id))).toBe('CAdES-B')
        expect(place.asked).toHaveLength(1)
        expect(await tokensOf(place)).toBe(0)
      }
      await using again = await start(directory)
      expect(levelOf(await again.evidence(id))).toBe('CAdES-T')
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  })

  test('of an e-DUME response has it without being asked for, behind its checkpoint', async () => {
    await using place = await start()
    await place.sender.sent('award', anAward())
    const { id } = await place.sender.sent('dume-response', aResponse('REP-1'))
    await vi.waitFor(async () => expect(await tokensOf(place)).toBe(1), { timeout: 10_000 })
    expect(place.asked).toHaveLength(2)
    expect(Buffer.from(place.asked[0] ?? []).toString()).toContain('socle.invalid')
    expect(levelOf(await place.evidence(id))).toBe('CAdES-T')
    expect(place.asked).toHaveLength(2)
  })

  test('that cannot be stamped holds up no checkpoint', async () => {
    await using place = await start(undefined, (real) => ({
      async stamp(data, ...rest) {
        if (!Buffer.from(data).toString().includes('socle.invalid')) throw new Error('no seals today')
        return await real.stamp(data, ...rest)
      },
    }))
    for (const number of [1, 2]) {
      await place.sender.sent('dume-response', aResponse(`REP-${number}`))
      await vi.waitFor(
        async () => {
          const rows = await place.hub.hub.store.reader.selectFrom('time_tokens').select('idx').execute()
          expect(rows).toHaveLength(number)
        },
        { timeout: 10_000 },
      )
    }
    expect(await tokensOf(place)).toBe(0)
  })

  test('that is damaged is told, and holds up no other seal', async () => {
    await using place = await start()
    const failed = vi.spyOn(place.hub.hub.events, 'failed')
    const damaged = { kind: 'dume-response', damagedSeal: Buffer.from('no DER') } as const
    await plantDocuments(place.hub, { consultation: 'C-1', count: 1, bytes: 100, ...damaged })
    await place.sender.sent('dume-response', aResponse('REP-1'))
    await vi.waitFor(async () => expect(await tokensOf(place)).toBe(1), { timeout: 10_000 })
    expect(failed.mock.calls).toEqual([['seal-timestamp', expect.objectContaining({ name: 'SealDamagedError' })]])
  })

  test.each<[string, (real: TimestampAuthority) => TimestampAuthority]>([
    ['over other bytes', (real) => ({ stamp: async () => await real.stamp(Buffer.from('other')) })],
    ['cut short', (real) => ({ stamp: async (data) => (await real.stamp(data)).subarray(0, 200) })],
    ['of nothing', () => ({ stamp: async () => Buffer.alloc(0) })],
  ])('is never stamped with a token %s', async (_, change) => {
    await using place = await start(undefined, change)
    const first = await place.sender.sent('award', anAward({ id: 'FIRST' }))
    await place.evidence(first.id)
    const kept = await tokensOf(place)
    const { id } = await place.sender.sent('award', anAward())
    const answer = await place.evidence(id)
    expect(answer.status).toBe(200)
    expect(levelOf(answer)).toBe('CAdES-B')
    expect(await tokensOf(place)).toBe(kept)
  })

  test.each([
    ['under a serial that its authority gave before', { serial: Buffer.from('0102', 'hex'), behindMs: 0 }, 1],
    ['older than the document', { serial: undefined, behindMs: 3_600_000 }, 0],
  ] as const)('is never stamped with a token %s', async (_, { serial, behindMs }, kept) => {
    let keys: TestHub['hub']['keys'] | undefined
    await using place = await start(undefined, () => ({
      async stamp(data) {
        if (!keys?.timestamp) throw new Error('not yet')
        return buildTimestamp({
          policy: '1.2.3.4',
          digest: 'sha256',
          imprint: createHash('sha256').update(data).digest(),
          nonce: randomBytes(8).fill(1, 0, 1),
          serial: serial ?? randomBytes(8).fill(1, 0, 1),
          time: new Date(Date.now() - behindMs),
          accuracySeconds: 1,
          identity: keys.timestamp,
          chain: keys.timestamp.chain,
        })
      },
    }))
    ;({ keys } = place.hub.hub)
    for (const number of [1, 2]) {
      const { id } = await place.sender.sent('award', anAward({ id: `A-${number}` }))
      expect((await place.evidence(id)).status).toBe(200)
    }
    expect(await tokensOf(place)).toBe(kept)
    expect(place.asked.length).toBeGreaterThan(kept)
  })

  test('is asked about by four exports at once at most', async () => {
    let running = 0
    let most = 0
    await using place = await start(undefined, (real) => ({
      async stamp(...question) {
        most = Math.max(most, ++running)
        await sleep(50)
        running--
        return await real.stamp(...question)
      },
    }))
    const sent = await Promise.all(
      Array.from({ length: 12 }, async (__, at) => await place.sender.sent('award', anAward({ id: `A-${at}` }))),
    )
    const answers = await Promise.all(sent.map(async ({ id }) => await place.evidence(id)))
    expect(answers.map(levelOf)).toEqual(sent.map(() => 'CAdES-T'))
    expect(most).toBe(4)
  })
})

describe('the steps in a container', () => {
  const steps = ({ bytes }: Answer): readonly string[] =>
    namesIn(bytes)
      .filter((name) => /deliveries|outcomes/.test(name))
      .map((name) => name.replace('META-INF/socle/', ''))

  const toldIn = ({ bytes }: Answer, name: string): Told =>
    JSON.parse(fileIn(bytes, `META-INF/socle/${name}.json`).toString()) as Told

  test('are its deliveries and outcomes, oldest first, each with its place in the log', async () => {
    await using place = await start()
    const { id } = await place.sender.sent('notice', notice)
    const archive = await join(place.hub, 'archive-b')
    const finance = await join(place.hub, 'finances-c')
    await readFeedTwice(archive)
    await readFeedTwice(finance)
    await archive.post(`/v1/documents/${id}/outcomes`, { result: 'archived' })
    const answer = await place.evidence(id)
    expect(steps(answer)).toEqual(['deliveries/0001.json', 'deliveries/0002.json', 'outcomes/0001.json'])
    const told = ['deliveries/0001', 'deliveries/0002', 'outcomes/0001'].map((name) => toldIn(answer, name))
    expect(told.map(({ envelope }) => envelope?.account)).toEqual(['archive-b', 'finances-c', 'archive-b'])
    expect(told.every(({ timestamp }) => timestamp === undefined)).toBe(true)
    await stampNow(place.hub.hub)
    const later = toldIn(await place.evidence(id), 'outcomes/0001')
    expect(later.timestamp).toMatch(/^MI/)
  })

  test('never name a confidential document to whoever may not read it', async () => {
    await using place = await start()
    const both = await join(place.hub, 'archive-b', { buyers: [buyerSiret] })
    const stranger = await join(place.hub, 'profil-z', { buyers: [otherBuyerSiret] })
    const open = await place.sender.sent('notice', notice)
    const secret = await place.sender.sent('dume-response', aResponse('REP-1'))
    await readFeedTwice(both)
    await plantDelivery(place.hub, 'finances-c', [open.id, secret.id])
    const seen = await stranger.ask(`/v1/documents/${open.id}/evidence`)
    expect(steps(seen)).toEqual(['deliveries/0001.json', 'deliveries/0002.json'])
    expect(toldIn(seen, 'deliveries/0001').envelope?.delivery.documents).toEqual([open.id])
    // Of an entry that names both only its place is shown.
    expect(toldIn(seen, 'deliveries/0002')).not.toHaveProperty('envelope')
    expect(toldIn(seen, 'deliveries/0002')).not.toHaveProperty('salt')
    for (const hidden of [secret.id, 'finances-c']) expect(seen.bytes.includes(hidden), hidden).toBe(false)
    // Everybody has the same container, also those who may read both.
    expect((await both.ask(`/v1/documents/${open.id}/evidence`)).bytes.equals(seen.bytes)).toBe(true)
    const own = await both.ask(`/v1/documents/${secret.id}/evidence`)
    expect(toldIn(own, 'deliveries/0001').envelope?.delivery.documents).toEqual([secret.id])
    expect(toldIn(own, 'deliveries/0002').envelope?.delivery.documents).toEqual([open.id, secret.id])
  })

  test('are gone with the document: what is left says when and by which decision it was erased', async () => {
    await using place = await start()
    const { id, envelope } = await place.sender.sent('notice', notice)
    await readFeedTwice(await join(place.hub, 'archive-b'))
    await place.evidence(id)
    await erase(place.hub.hub, { documents: [id], decision: '2026-17' })
    const answer = await place.evidence(id)
    expect(answer.status).toBe(200)
    expect(levelOf(answer)).toBe('none')
    expect(namesIn(answer.bytes)).toEqual([
      'mimetype',
      'META-INF/socle/leaf.json',
      'META-INF/socle/proof.tlog-proof',
      'META-INF/socle/erasure.json',
      'META-INF/socle/LISEZMOI-README.txt',
    ])
    for (const gone of [envelope.content?.sha256 ?? '', envelope.sourceKey ?? '', 'profil-'])
      expect(answer.bytes.includes(gone), gone).toBe(false)
    expect((await place.evidence(id)).bytes.equals(answer.bytes)).toBe(true)
  })
})

interface Told {
  readonly envelope?: { readonly account: string; readonly delivery: { readonly documents: readonly string[] } }
  readonly timestamp?: string
}
