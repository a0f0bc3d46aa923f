import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import { expect, test, vi } from 'vitest'
import { startPostgres } from '../servers/postgres.ts'
import { startTsa } from '../servers/tsa.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'
import { productionDirectory, productionSettings } from '../support/production-time.ts'
import { join, problemIn, speakAs } from './party.ts'

test('two replicas, one of which stamps, refuse and accept together', async () => {
  await using postgres = await startPostgres()
  await using tsa = await startTsa({ mode: 'no-eku' })
  const provided = await productionDirectory(tsa)
  const keys = await mkdtemp(pathOf(tmpdir(), 'socle-keys-'))
  await cp(pathOf(provided, 'keys'), keys, { recursive: true })
  const url = await postgres.createDatabase()
  const shared = { HUB_STORE_URL: url, HUB_STORE_MIGRATION_URL: url, HUB_KEYS_DIR: keys }
  const env = productionSettings([tsa], { ...shared, HUB_TIMESTAMP_EVERY: '1', HUB_TSA_OUTAGE: '2' })
  await using one = await startHub({}, { env })
  await using two = await startHub({}, { env })
  const sender = await join(one, 'profil-a', { buyers: [buyerSiret] })
  const replicas = [one, two].map((hub) => speakAs(hub, sender))
  let tries = 0
  const statuses = async (): Promise<readonly number[]> => {
    const answers = replicas.map(async (party) => await party.deposit('award', anAward({ id: `T-${tries++}` })))
    return (await Promise.all(answers)).map(({ status }) => status)
  }
  expect(await statuses()).toEqual([201, 201])
  const patient = { timeout: 20_000, interval: 100 }
  await vi.waitFor(async () => expect(await statuses()).toEqual([503, 503]), patient)
  for (const party of replicas)
    expect(problemIn(await party.deposit('award', anAward({ id: 'REFUSED' }))).code).toBe('TIME_UNAVAILABLE')
  tsa.mode = 'good'
  await vi.waitFor(async () => expect(await statuses()).toEqual([201, 201]), patient)
  const serials = await one.hub.store.reader.selectFrom('time_tokens').select('serial').execute()
  expect(serials.length).toBeGreaterThan(0)
  for (const directory of [provided, keys]) await rm(directory, { recursive: true, force: true })
})
