import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import { type Bus, grantMandate, readConfig, wire } from '@socle/gateway'
import { expect, test, vi } from 'vitest'
import { startPostgres } from '../servers/postgres.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'
import { join, problemIn, speakAs } from './party.ts'

/** What happens when an old copy of a database that replicas share is put in place while one of them runs. */
test('a replica notices that another one went on from an older copy, though the log is longer than before', async () => {
  await using postgres = await startPostgres()
  const url = await postgres.createDatabase()
  const shared = { HUB_STORE_URL: url, HUB_STORE_MIGRATION_URL: url }
  await using one = await startHub({}, { env: shared })
  const party = await join(one, 'profil-a', { buyers: [buyerSiret] })
  await party.sent('award', anAward({ id: 'KEPT' }))
  const tables = [
    'entries',
    'documents',
    'checkpoints',
    'consultation_keys',
    'idempotency_keys',
    'ledger_head',
    'time_tokens',
  ] as const
  const database = new URL(url).pathname.slice(1)
  const all = async (statement: (table: string) => string): Promise<unknown> =>
    await postgres.query(`set session_replication_role = replica; ${tables.map(statement).join('; ')}`, database)
  await all((table) => `create table old_${table} as table ${table}`)
  const lost = await party.sent('award', anAward({ id: 'LOST' }))
  await one.hub.continuity.remember()
  expect(one.hub.continuity.missing).toBeUndefined()

  await all((table) => `delete from ${table}; insert into ${table} table old_${table}`)
  await using two = await startHub({}, { env: { ...shared, HUB_KEYS_DIR: pathOf(one.directory, 'keys') } })
  const other = speakAs(two, party)
  for (const id of ['NEW-1', 'NEW-2', 'NEW-3']) await other.sent('award', anAward({ id }))
  await one.hub.continuity.remember()
  const { index, size } = lost.proof
  expect(one.hub.continuity.missing).toEqual({ from: index, to: size })
  expect(problemIn(await party.deposit('award', anAward({ id: 'MORE' }))).code).toBe('LEDGER_BEHIND')
})

/** A bus of which only the question about its newest records matters here. */
function busWith(tails: Bus['tails']): Bus {
  const nothing = async (): Promise<void> => await Promise.resolve()
  return { partitions: 1, hasReaders: () => true, publish: nothing, tails, close: nothing }
}

test('topics that cannot be read are told: nothing is published until they are', async () => {
  const bus = busWith(async () => await Promise.reject(new Error('TOPIC_AUTHORIZATION_FAILED')))
  await using hub = await startHub({ bus })
  await vi.waitFor(async () => {
    expect(await hub.hub.events.registry.metrics()).toContain('socle_failures_total{what="kafka"} 1')
  })
})

test('the head is kept in mind while the bus hangs, and nobody waits for it at the stop', async () => {
  const directory = await mkdtemp(pathOf(tmpdir(), 'socle-hub-'))
  const bus = busWith(async () => await new Promise<never>(() => undefined))
  const config = readConfig({ HUB_DATA: directory, HUB_LOG_LEVEL: 'silent' })
  const hub = await wire(config, { bus })
  const [notBefore, notAfter] = [new Date(), new Date(Date.now() + 60_000)]
  await hub.accounts.create({ id: 'profil-a', name: 'A', scopes: [] })
  await grantMandate(hub, { account: 'profil-a', buyer: buyerSiret, notBefore, notAfter })
  const watching = hub.continuity.watch(hub.stopping)
  await vi.waitFor(() => expect(existsSync(pathOf(directory, 'last-checkpoint'))).toBe(true))
  hub.beginStop()
  await watching
  await hub.close()
  await rm(directory, { recursive: true })
})
