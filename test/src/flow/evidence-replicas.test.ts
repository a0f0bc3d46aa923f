import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import { stampNow, verifyPath } from '@socle/gateway'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { namesIn } from '../interop/change-container.ts'
import { type PostgresServer, startPostgres } from '../servers/postgres.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { consultation, notice } from './documents.ts'
import { ask, join, type Party, speakAs } from './party.ts'
import { plantDelivery } from './plant-documents.ts'

let postgres: PostgresServer
let keys: string
let hub: TestHub
let second: TestHub
let one: Party
let two: Party
beforeAll(async () => {
  postgres = await startPostgres()
  keys = await mkdtemp(pathOf(tmpdir(), 'socle-keys-'))
  const url = await postgres.createDatabase()
  const env = { HUB_STORE_URL: url, HUB_STORE_MIGRATION_URL: url, HUB_KEYS_DIR: keys, HUB_TIMESTAMP_EVERY: '14400' }
  hub = await startHub({}, { env })
  second = await startHub({}, { env })
  one = await join(hub, 'profil-a', { buyers: [buyerSiret] })
  two = speakAs(second, one)
})
afterAll(async () => {
  for (const open of [hub, second, postgres]) await open[Symbol.asyncDispose]()
  await rm(keys, { recursive: true, force: true })
})

test('two replicas that are asked for the same evidence at once give the same bytes, under one token', async () => {
  const numbers = [1, 2, 3, 4, 5, 6]
  const sent = await Promise.all(numbers.map(async (at) => await one.sent('award', anAward({ id: `A-${at}` }))))
  for (const { id } of sent) {
    const path = `/v1/documents/${id}/evidence`
    const [first, other] = await Promise.all([one.ask(path), two.ask(path)])
    expect(first.status).toBe(200)
    expect(first.headers.get('hub-seal-level')).toBe('CAdES-T')
    expect(other.bytes.equals(first.bytes)).toBe(true)
  }
  const kept = await hub.hub.store.reader.selectFrom('seal_tokens').select('idx').execute()
  expect(kept).toHaveLength(sent.length)
})

test('a notice that a thousand recipients had is exported with as many proofs, soon', async () => {
  const { id } = await one.sent('notice', notice)
  // One more than a container tells.
  for (let at = 0; at < 1_001; at++) await plantDelivery(hub, `lecteur-${at}`, [id])
  await stampNow(hub.hub)
  const began = performance.now()
  const [container, archive] = await Promise.all([
    one.ask(`/v1/documents/${id}/evidence`),
    two.ask(`/v1/consultations/${consultation}/evidence`),
  ])
  expect(performance.now() - began).toBeLessThan(20_000)
  expect(namesIn(container.bytes).filter((name) => name.includes('/deliveries/'))).toHaveLength(1_000)
  expect(archive.bytes.includes(container.bytes)).toBe(true)
  for (const name of ['log.vkey', 'seal-ca.pem', 'tsa-ca.pem'])
    await writeFile(pathOf(keys, name), (await ask(hub, `/log/${name}`)).bytes)
  const file = pathOf(keys, 'notice.asice')
  await writeFile(file, container.bytes)
  const report = await verifyPath(file, { trust: keys })
  expect(report.verdict, report.text('en').slice(-2_000)).toBe('proved')
  expect(report.text('en')).toContain('delivered to lecteur-999 (feed); proved by the log, seen on')
}, 120_000)
