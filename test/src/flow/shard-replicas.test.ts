import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as inFolder } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Receipt, verifyReceipt } from '@socle/schemas'
import { afterAll, expect, test } from 'vitest'
import { startPostgres } from '../servers/postgres.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { join, type Party, speakAs, tokenOf, trustOf } from './party.ts'

const program = inFolder(import.meta.dirname, '../../../gateway/bin/socle.mjs')
const next = 'socle.invalid/sandbox/2027h1'

const server = await startPostgres()
const folder = await mkdtemp(inFolder(tmpdir(), 'socle-shards-'))
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

/** Sends one document after the other, each until it has a receipt, to whichever hub answers. */
async function keepSending(speak: () => Party, name: string, until: () => boolean): Promise<Map<string, Receipt>> {
  const receipts = new Map<string, Receipt>()
  for (let turn = 0; !until(); turn++) {
    const key = `${name}-${turn}`
    for (;;) {
      const answer = await speak()
        .deposit('award', anAward({ id: key }), { key })
        .catch(() => undefined)
      if (answer && answer.status < 202) {
        receipts.set(key, answer.json<Receipt>())
        break
      }
      // A replica that is being restarted, or that has stayed behind: the same again, in a while.
      if (answer) expect([503, 429, 401], answer.text).toContain(answer.status)
      await sleep(50)
    }
  }
  return receipts
}

test('replicas on PostgreSQL that serve while their log is handed over lose nothing and number nothing twice', async () => {
  const url = await server.createDatabase()
  const settings = {
    HUB_STORE_URL: url,
    HUB_STORE_MIGRATION_URL: url,
    HUB_KEYS_DIR: inFolder(folder, 'keys'),
    HUB_TIMESTAMP_EVERY: '1',
  }
  const open = async (name: string, origin?: string): Promise<TestHub> =>
    await startHub(
      {},
      {
        directory: inFolder(folder, name),
        env: { ...settings, ...(origin === undefined ? {} : { HUB_LOG_ORIGIN: origin }) },
      },
    )
  const hubs = [await open('one'), await open('two')]
  const [first] = hubs
  if (!first) throw new Error('no hub')
  const enrolled = await join(first, 'profil-a', { buyers: [buyerSiret] })
  const parties: Party[] = []
  const speakTo = async (at: number, hub: TestHub): Promise<void> => {
    parties[at] = speakAs(hub, { ...enrolled, token: await tokenOf(hub, enrolled.id, enrolled.secret) })
  }
  for (const [at, hub] of hubs.entries()) await speakTo(at, hub)

  let isOver = false
  const sending = [0, 1, 0, 1].map((at, i) =>
    keepSending(
      () => parties[at] ?? enrolled,
      `s${i}`,
      () => isOver,
    ),
  )
  await sleep(1_500)
  const env = { ...process.env, ...settings, HUB_DATA: inFolder(folder, 'command') }
  const child = spawn(process.execPath, [program, 'shard', '--to', next], { env, stdio: 'ignore' })
  expect(await once(child, 'close')).toEqual([0, null])
  await sleep(500)
  for (const [at, hub] of hubs.entries()) {
    await hub[Symbol.asyncDispose]()
    const again = await open(at === 0 ? 'one' : 'two', next)
    hubs[at] = again
    await speakTo(at, again)
  }
  await sleep(2_500)
  isOver = true
  const kept = new Map((await Promise.all(sending)).flatMap((receipts) => [...receipts]))
  const [hub] = hubs
  try {
    if (!hub) throw new Error('no hub')
    const trust = await trustOf(hub)
    const byLog = new Map<string, number[]>()
    for (const receipt of kept.values()) {
      expect(verifyReceipt(receipt, { trust }).verdict).toBe('proved')
      const origin = receipt.checkpoint.split('\n', 1)[0] ?? ''
      byLog.set(origin, [...(byLog.get(origin) ?? []), receipt.proof.index])
    }
    expect([...byLog.keys()].length).toBe(2)
    for (const indexes of byLog.values()) expect(new Set(indexes).size).toBe(indexes.length)
    const rows = await hub.hub.store.reader.selectFrom('entries').select(['idx', 'kind']).orderBy('idx').execute()
    rows.forEach(({ idx }, at) => expect(idx).toBe(at))
    expect(rows.filter(({ kind }) => kind === 'doc').length).toBe(kept.size)
    for (const key of ['s0-0', 's1-0', 's2-0'])
      expect((await parties[0]?.deposit('award', anAward({ id: key }), { key }))?.json<Receipt>()).toEqual(
        kept.get(key),
      )
    // The outside clock goes on in the new log, the old one's end first.
    const { end } = await hub.hub.store.reader
      .selectFrom('shards')
      .select('first as end')
      .where('number', '=', 1)
      .executeTakeFirstOrThrow()
    const token = await hub.hub.store.reader
      .selectFrom('checkpoints')
      .select('token')
      .where('size', '=', end)
      .executeTakeFirstOrThrow()
    expect(token.token).not.toBeNull()
  } finally {
    for (const one of hubs) await one[Symbol.asyncDispose]()
  }
}, 120_000)
