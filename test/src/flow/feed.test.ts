import { setTimeout as pause } from 'node:timers/promises'
import { grantMandate } from '@socle/gateway'
import { describe, expect, test, vi } from 'vitest'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { aResponse, notice } from './documents.ts'
import { entriesOf, type FeedPage, join, type Party, problemIn } from './party.ts'
import { plantDocuments } from './plant-documents.ts'

const patient = { timeout: 15_000, interval: 30 }
const ids = ({ events }: FeedPage): string[] => events.map(({ data }) => data.document.id)

/** SIRETs of one body's many establishments, with their check digits. */
function siretOf(number: number): string {
  const body = `${buyerSiret.slice(0, 9)}${1_000 + number}`
  const digits = Array.from(body, (digit, at) => Number(digit) * (at % 2 === 0 ? 2 : 1))
  const sum = digits.reduce((total, digit) => total + (digit > 9 ? digit - 9 : digit), 0)
  return `${body}${(10 - (sum % 10)) % 10}`
}

/** A hub with one sender and one reader, both of the buyer, and so many awards sent. */
async function withAwards(count: number): Promise<{ hub: TestHub; sender: Party; reader: Party; sent: string[] }> {
  const hub = await startHub({}, { env: { HUB_TIMESTAMP_EVERY: '14400' } })
  const sender = await join(hub, 'profil-a', { buyers: [buyerSiret] })
  const reader = await join(hub, 'gestion-c', { buyers: [buyerSiret] })
  const sent: string[] = []
  for (let i = 0; i < count; i++) sent.push((await sender.sent('award', anAward({ id: `F-${i}` }))).id)
  return { hub, sender, reader, sent }
}

async function deliveriesOf(
  hub: TestHub,
): Promise<readonly { readonly recipient: string; readonly documents: readonly string[] }[]> {
  return (await entriesOf(hub, 'dlv')).map(({ envelope }) => {
    if (!envelope.delivery) throw new Error('a delivery without its parts')
    return { recipient: envelope.delivery.recipient, documents: envelope.delivery.documents ?? [] }
  })
}

describe('pages', () => {
  test('follow one another without a gap or a repeat, whatever the limit, in the order of the log', async () => {
    const { hub, reader, sent } = await withAwards(11)
    await using _ = hub
    for (const limit of [1, 4, 11, 500]) {
      const seen: FeedPage['events'][number][] = []
      let page = await reader.feed(`?limit=${limit}`)
      for (; page.events.length > 0; page = await reader.feed(`?limit=${limit}&after=${page.next}`)) {
        expect(page.events.length).toBeLessThanOrEqual(limit)
        seen.push(...page.events)
      }
      expect(seen.map(({ data }) => data.document.id)).toEqual(sent)
      const places = seen.map(({ hubseq }) => hubseq)
      expect([...places].sort((x, y) => x - y)).toEqual(places)
      expect(page.next).toMatch(/^[\w-]{8,}$/)
    }
  })

  test('a question that cannot be answered is told the allowed values', async () => {
    const { hub, reader } = await withAwards(0)
    await using _ = hub
    const limits = ['limit=0', 'limit=501', 'limit=ten', 'limit=-1', 'limit=']
    for (const query of [...limits, 'wait=31', 'wait=1.5', 'kinds=notices', 'kinds=award,all']) {
      const problem = problemIn(await reader.ask(`/v1/feed?${query}`))
      expect(problem, query).toMatchObject({ status: 400, code: 'REQUEST_INVALID' })
      expect(problem.hint).toContain(query.split('=')[0])
    }
  })

  test('bring the kinds asked for only, and never what the reader itself sent', async () => {
    const { hub, sender, reader, sent } = await withAwards(2)
    await using _ = hub
    const { id } = await sender.sent('notice', notice)
    const own = await reader.sent('award', anAward({ id: 'OWN' }))
    expect(ids(await reader.feed('?kinds=notice'))).toEqual([id])
    expect(ids(await reader.feed('?kinds=award'))).toEqual(sent)
    expect(ids(await reader.feed('?kinds=notice,award'))).toEqual([...sent, id])
    expect(ids(await reader.feed('?kinds=notice&kinds=award'))).toEqual([...sent, id])
    expect(ids(await reader.feed())).toEqual([...sent, id])
    expect(ids(await sender.feed())).toEqual([own.id])
  })

  test('bring an outcome to the sender of the document', async () => {
    const { hub, sender, reader, sent } = await withAwards(1)
    await using _ = hub
    await reader.post(`/v1/documents/${sent[0] ?? ''}/outcomes`, { result: 'integrated' })
    const [event, ...rest] = (await sender.feed()).events
    expect(rest).toEqual([])
    expect(event).toMatchObject({
      type: 'fr.tncp.outcome.recorded.v1',
      data: { outcome: { by: 'gestion-c', result: 'integrated' } },
    })
    expect((await reader.feed('?kinds=outcome')).events).toEqual([])
  })
})

describe('a cursor', () => {
  const cursorOf = (text: string): string => Buffer.from(text).toString('base64url')
  const opened = (cursor: string): string => Buffer.from(cursor, 'base64url').toString('latin1')

  test('that this hub never gave is told apart: unreadable, of another log, beyond the log', async () => {
    const { hub, reader } = await withAwards(1)
    await using _ = hub
    const { next } = await reader.feed()
    const ahead = cursorOf(opened(next).replace(/\d+$/, '999999'))
    const elsewhere = cursorOf(opened(next).replace(/^1\.[0-9a-f]{8}/, '1.00000000'))
    for (const [cursor, status, code] of [
      ['%25', 400, 'CURSOR_INVALID'],
      ['', 400, 'CURSOR_INVALID'],
      ['0', 400, 'CURSOR_INVALID'],
      [cursorOf('2.00000000.0'), 400, 'CURSOR_INVALID'],
      [cursorOf(opened(next).replace(/\d+$/, '-1')), 400, 'CURSOR_INVALID'],
      [ahead, 409, 'CURSOR_FUTURE'],
      [elsewhere, 410, 'CURSOR_OUTDATED'],
    ] as const)
      expect(problemIn(await reader.ask(`/v1/feed?after=${cursor}`)), cursor).toMatchObject({ status, code })
    await using other = await startHub({}, { env: { HUB_LOG_ORIGIN: 'ailleurs.invalid/sandbox/2026h2' } })
    const there = await join(other, 'gestion-c')
    expect(problemIn(await there.ask(`/v1/feed?after=${next}`)).code).toBe('CURSOR_OUTDATED')
  })

  test('sent back is the delivery: one log entry that names the documents, and the sender sees it', async () => {
    const { hub, sender, reader, sent } = await withAwards(3)
    await using _ = hub
    const page = await reader.feed()
    expect(await deliveriesOf(hub)).toEqual([])
    for (let i = 0; i < 3; i++) await reader.feed(`?after=${page.next}`)
    expect(await deliveriesOf(hub)).toEqual([{ recipient: 'gestion-c', documents: sent }])
    const { steps } = (await sender.ask(`/v1/documents/${sent[1] ?? ''}/timeline`)).json<{
      steps: { state: string }[]
    }>()
    expect(steps).toContainEqual(expect.objectContaining({ state: 'delivered', by: 'gestion-c', channel: 'feed' }))
  })

  test('sent back many times at once is still one delivery', async () => {
    const { hub, reader, sent } = await withAwards(3)
    await using _ = hub
    const { next } = await reader.feed()
    await Promise.all([1, 2, 3, 4, 5].map(async () => await reader.feed(`?after=${next}`)))
    expect(await deliveriesOf(hub)).toEqual([{ recipient: 'gestion-c', documents: sent }])
  })

  test('of many buyers is one entry for each, in the order of the page, in few commits', async () => {
    const { hub, reader } = await withAwards(0)
    await using _ = hub
    const buyers = Array.from({ length: 70 }, (_, at) => siretOf(at))
    const notBefore = hub.hub.clock()
    const notAfter = new Date(notBefore.getTime() + 86_400_000)
    for (const buyer of buyers) {
      await grantMandate(hub.hub, { account: 'gestion-c', buyer, notBefore, notAfter })
      await plantDocuments(hub, { consultation: 'C', count: 1, bytes: 9, kind: 'dume-response', buyer })
    }
    const page = await reader.feed('?limit=500')
    expect(page.events).toHaveLength(buyers.length)
    const commits = async (): Promise<number> =>
      (await hub.hub.store.reader.selectFrom('checkpoints').select('size').execute()).length
    const before = await commits()
    await reader.feed(`?after=${page.next}`)
    expect((await deliveriesOf(hub)).flatMap(({ documents }) => documents)).toEqual(ids(page))
    expect(await deliveriesOf(hub)).toHaveLength(buyers.length)
    expect((await commits()) - before).toBeLessThan(10)
  })

  test('of a page that was cut by the limit delivers that page and no more', async () => {
    const { hub, reader, sent } = await withAwards(5)
    await using _ = hub
    const first = await reader.feed('?limit=2')
    const second = await reader.feed(`?limit=2&after=${first.next}`)
    expect(await deliveriesOf(hub)).toEqual([{ recipient: 'gestion-c', documents: sent.slice(0, 2) }])
    await reader.feed(`?limit=2&after=${second.next}`)
    expect((await deliveriesOf(hub)).map(({ documents }) => documents)).toEqual([sent.slice(0, 2), sent.slice(2, 4)])
  })

  test('never claims a delivery of what the page did not bring: another filter, a mandate that came later', async () => {
    const { hub, sender, sent } = await withAwards(1)
    await using _ = hub
    const later = await join(hub, 'gestion-tard')
    const { id } = await sender.sent('dume-response', aResponse('REP-1'))
    const page = await later.feed('?kinds=notice')
    expect(page.events).toEqual([])
    await later.feed(`?kinds=award&after=${page.next}`)
    expect((await deliveriesOf(hub)).flatMap(({ documents }) => documents)).not.toContain(sent[0])
    const all = await later.feed()
    const now = hub.hub.clock()
    await grantMandate(hub.hub, {
      account: later.id,
      buyer: buyerSiret,
      notBefore: now,
      notAfter: new Date(now.getTime() + 1e9),
    })
    await pause(1_100)
    await later.feed(`?after=${all.next}`)
    expect(await deliveriesOf(hub)).toEqual([{ recipient: later.id, documents: sent }])
    expect(ids(await later.feed())).toContain(id)
  })
})

describe('a long poll', () => {
  test('waits for what comes and wakes on it, not on what does not concern the reader', async () => {
    const { hub, sender, reader } = await withAwards(1)
    await using _ = hub
    const { next } = await reader.feed()
    const started = performance.now()
    let answered = 0
    const waiting = reader.feed(`?wait=20&kinds=award&after=${next}`).finally(() => (answered = performance.now()))
    await pause(400)
    await sender.sent('notice', notice)
    await pause(400)
    expect(answered).toBe(0)
    const { id } = await sender.sent('award', anAward({ id: 'AWAITED' }))
    const sentAt = performance.now()
    expect(ids(await waiting)).toEqual([id])
    expect(answered - sentAt).toBeLessThan(1_500)
    expect(answered - started).toBeGreaterThan(800)
  })

  test('ends with an empty page and a cursor when nothing comes', async () => {
    const { hub, reader } = await withAwards(0)
    await using _ = hub
    const started = performance.now()
    const page = await reader.feed('?wait=1')
    expect(performance.now() - started).toBeGreaterThan(900)
    expect(page.events).toEqual([])
    expect((await reader.feed(`?after=${page.next}`)).events).toEqual([])
  })

  test('misses nothing however closely documents follow one another', async () => {
    const { hub, sender, reader } = await withAwards(0)
    await using _ = hub
    const seen: string[] = []
    const reading = (async () => {
      let after = ''
      while (seen.length < 40) {
        const started = performance.now()
        const page = await reader.feed(`?wait=10${after}`)
        after = `&after=${page.next}`
        seen.push(...ids(page))
        expect(performance.now() - started).toBeLessThan(4_000)
      }
    })()
    const sent: string[] = []
    for (let i = 0; i < 40; i++) sent.push((await sender.sent('award', anAward({ id: `P-${i}` }))).id)
    await reading
    expect(seen).toEqual(sent)
  })

  test('sees with the rights of now: a mandate given or ended meanwhile counts', async () => {
    const { hub, sender } = await withAwards(0)
    await using _ = hub
    const later = await join(hub, 'gestion-tard')
    const waiting = later.feed('?wait=20&kinds=dume-response')
    await pause(300)
    const now = hub.hub.clock()
    const term = { notBefore: now, notAfter: new Date(now.getTime() + 4_000) }
    await grantMandate(hub.hub, { account: later.id, buyer: buyerSiret, ...term })
    const { id } = await sender.sent('dume-response', aResponse('REP-1'))
    const page = await waiting
    expect(ids(page)).toEqual([id])
    const after = later.feed(`?wait=6&kinds=dume-response&after=${page.next}`)
    await pause(4_200)
    await sender.sent('dume-response', aResponse('REP-2'))
    expect(ids(await after)).toEqual([])
  })

  test('of a reader that went away holds nothing up, and one still waiting is answered when the hub stops', async () => {
    const { hub, reader } = await withAwards(0)
    const gone = new AbortController()
    const abandoned = reader.ask('/v1/feed?wait=30', { signal: gone.signal }).catch(() => 'gone')
    const waiting = reader.ask('/v1/feed?wait=30')
    await pause(300)
    gone.abort()
    expect(await abandoned).toBe('gone')
    const started = performance.now()
    await hub[Symbol.asyncDispose]()
    expect(performance.now() - started).toBeLessThan(5_000)
    expect((await waiting).json()).toMatchObject({ events: [] })
  })

  test('of three hundred readers at once wakes them all, without a warning of the runtime', async () => {
    const { hub, sender, reader } = await withAwards(0)
    await using _ = hub
    const warnings: string[] = []
    const warned = (warning: Error): void => void warnings.push(String(warning))
    process.on('warning', warned)
    const waiting = Array.from({ length: 300 }, async () => await reader.feed('?wait=20'))
    await pause(1_000)
    const { id } = await sender.sent('award', anAward())
    const pages = await vi.waitFor(async () => await Promise.all(waiting), patient)
    expect(pages.map(ids)).toEqual(pages.map(() => [id]))
    process.off('warning', warned)
    expect(warnings).toEqual([])
  })
})
