import { join as pathOf } from 'node:path'
import { parseWitnessPolicy, type Receipt, requireQuorum } from '@socle/schemas'
import { expect, test, vi } from 'vitest'
import { startPostgres } from '../servers/postgres.ts'
import { startWitness } from '../servers/witness.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'
import { ask, join, speakAs } from './party.ts'

/** Replicas share a database and the witnesses; each has a directory of its own. */
test('replicas that append by turns are no alarm, and one goes on showing the log when the other is gone', async () => {
  await using postgres = await startPostgres()
  const url = await postgres.createDatabase()
  const known: string[] = []
  await using witness = await startWitness({ logs: known })
  const env = {
    HUB_STORE_URL: url,
    HUB_STORE_MIGRATION_URL: url,
    HUB_WITNESSES: `${witness.url} ${witness.vkey}`,
    HUB_WITNESS_MODE: 'receipt',
    HUB_WITNESS_EVERY: '1',
    HUB_LEASE_MS: '1000',
  }
  await using one = await startHub({}, { env })
  known.push(one.hub.keys.log.vkey)
  const party = await join(one, 'profil-a', { buyers: [buyerSiret] })
  await party.sent('award', anAward({ id: 'FIRST' }))
  let last: Receipt
  {
    await using two = await startHub({}, { env: { ...env, HUB_KEYS_DIR: pathOf(one.directory, 'keys') } })
    const other = speakAs(two, party)
    for (let turn = 0; turn < 12; turn++) {
      await party.sent('award', anAward({ id: `A-${turn}` }))
      await other.sent('award', anAward({ id: `B-${turn}` }))
      await ask(turn % 2 === 0 ? one : two, '/log/checkpoint')
    }
    await Promise.all([one.hub.continuity.remember(), two.hub.continuity.remember()])
    expect([one.hub.continuity.missing, two.hub.continuity.missing]).toEqual([undefined, undefined])
    // Whoever holds the lease goes: the other one takes over.
    last = await other.sent('award', anAward({ id: 'LAST' }))
  }
  const policy = parseWitnessPolicy((await ask(one, '/log/witnesses')).text)
  await vi.waitFor(
    async () => {
      const receipt = (await party.ask(`/v1/documents/${last.id}/receipt`)).json<Receipt>()
      expect(requireQuorum(receipt.checkpoint, policy)).toHaveLength(1)
    },
    { timeout: 20_000, interval: 100 },
  )
  expect(one.hub.continuity.missing).toBeUndefined()
  expect(witness.answers).not.toContain(422)
})
