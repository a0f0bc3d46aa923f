import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import { compareWithWitnesses } from '@socle/gateway'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startWitness } from '../servers/witness.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'
import { ask, join } from './party.ts'

const program = pathOf(import.meta.dirname, '../../../gateway/bin/socle.mjs')
const [old, next] = ['socle.invalid/sandbox/2026h2', 'socle.invalid/sandbox/2027h1']

let data: string
beforeEach(async () => {
  data = await mkdtemp(pathOf(tmpdir(), 'socle-half-year-'))
})
afterEach(async () => await rm(data, { recursive: true, force: true }))

/** With the hub's own settings but for its witnesses: what was appended last, none of them has seen. */
async function handOver(): Promise<void> {
  const env = { PATH: process.env['PATH'] ?? '', HUB_DATA: data, HUB_LOG_ORIGIN: old }
  const child = spawn(process.execPath, [program, 'shard', '--to', next], { env, timeout: 60_000 })
  expect((await once(child, 'close'))[0]).toBe(0)
}

test('a witness sees a log to its end, then the next one from its beginning, each by its own size', async () => {
  const known: string[] = []
  await using witness = await startWitness({ logs: known })
  const env = {
    HUB_WITNESSES: `${witness.url} ${witness.vkey}`,
    HUB_WITNESS_EVERY: '600',
    HUB_TIMESTAMP_EVERY: '14400',
  }
  let seen = 0
  {
    await using hub = await startHub({}, { directory: data, env: { ...env, HUB_LOG_ORIGIN: old } })
    known.push(hub.hub.keys.log.vkey)
    const party = await join(hub, 'profil-a', { buyers: [buyerSiret] })
    await party.sent('award', anAward({ id: 'H-1' }))
    await compareWithWitnesses(hub.hub, hub.hub.stopping)
    seen = witness.logs.get(old)?.size ?? 0
    await party.sent('award', anAward({ id: 'H-2' }))
  }
  await handOver()
  await using hub = await startHub({}, { directory: data, env: { ...env, HUB_LOG_ORIGIN: next } })
  // Each log has a key of its own, which its witnesses must be told.
  known.push(hub.hub.keys.log.vkey)
  await vi.waitFor(
    () => {
      expect(witness.logs.get(old)?.size).toBeGreaterThan(seen)
      expect(witness.logs.get(next)?.size).toBeGreaterThan(0)
    },
    { timeout: 45_000, interval: 100 },
  )
  const { end } = await hub.hub.store.reader
    .selectFrom('shards')
    .select('first as end')
    .where('origin', '=', next)
    .executeTakeFirstOrThrow()
  expect(witness.logs.get(old)?.size).toBe(end)
  expect(Number((await ask(hub, '/log/checkpoint')).text.split('\n')[1])).toBeLessThan(end)
  expect(hub.hub.continuity.missing).toBeUndefined()
}, 120_000)
