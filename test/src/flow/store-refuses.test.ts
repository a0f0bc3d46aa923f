import { expect, test } from 'vitest'
import { startPostgres } from '../servers/postgres.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'
import { join, problemIn } from './party.ts'

test('a store that takes no entry is told to operators with its reason, and to senders as a matter of patience', async () => {
  await using postgres = await startPostgres()
  const url = await postgres.createDatabase()
  await using hub = await startHub({}, { env: { HUB_STORE_URL: url, HUB_STORE_MIGRATION_URL: url } })
  const party = await join(hub, 'profil-a', { buyers: [buyerSiret] })
  await postgres.query(
    'alter table documents add constraint full_disk check (size < 0)',
    new URL(url).pathname.slice(1),
  )
  for (const id of ['1', '2', '3'])
    expect(problemIn(await party.deposit('award', anAward({ id })))).toMatchObject({ status: 503 })
  expect(await hub.hub.events.registry.metrics()).toContain('socle_failures_total{what="append"} 1')
})
