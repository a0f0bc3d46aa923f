import { expect, test } from 'vitest'
import { buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'
import { join } from './party.ts'

test('a right that was withdrawn has ended within a second, though the clock was set back by an hour', async () => {
  let now = Date.now()
  await using hub = await startHub({ clock: () => new Date(now) })
  const party = await join(hub, 'profil-a', { buyers: [buyerSiret] })
  expect((await party.ask('/v1/feed')).status).toBe(200)
  const accounts = hub.hub.store.writer.updateTable('accounts')
  await accounts.set({ status: 'disabled' }).where('id', '=', 'profil-a').execute()
  now -= 3_600_000
  expect((await party.ask('/v1/feed')).status).toBe(401)
})
