import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test, vi } from 'vitest'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'
import { join, problemIn } from './party.ts'

test('bodies that are announced and do not come leave no room for others, until their connection is gone', async () => {
  await using hub = await startHub({}, { env: { HUB_MAX_QUEUED_BYTES: '1048576', HUB_MAX_BODY_BYTES: '1048576' } })
  const [slow, other] = [
    await join(hub, 'slow', { buyers: [buyerSiret] }),
    await join(hub, 'other', { buyers: [buyerSiret] }),
  ]
  const { hostname, port } = new URL(hub.url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  const head = ['POST /v1/awards HTTP/1.1', 'Host: hub', `Authorization: Bearer ${slow.token}`, 'Idempotency-Key: slow']
  socket.write(`${[...head, 'Content-Type: application/json', 'Content-Length: 786000'].join('\r\n')}\r\n\r\n{`)
  const deposit = async (id: string): Promise<{ readonly status: number; readonly text: string }> =>
    await other.deposit('award', anAward({ id }))
  let tries = 0
  await vi.waitFor(async () => expect((await deposit(`R-${tries++}`)).status).toBe(503))
  expect(problemIn(await other.deposit('award', anAward({ id: 'R' }))).code).toBe('OVERLOADED')
  socket.destroy()
  await vi.waitFor(async () => expect((await deposit(`S-${tries++}`)).status).toBe(201))
})
