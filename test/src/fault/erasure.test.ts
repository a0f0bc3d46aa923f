import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { erase, readContent } from '@socle/gateway'
import { verifyReceipt, parseTrust, type Receipt } from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { join as enrol } from '../flow/party.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'

const root = await mkdtemp(join(tmpdir(), 'socle-erasure-fault-'))
const template = join(root, 'template')
afterAll(async () => await rm(root, { recursive: true, force: true }))

const receipts: Receipt[] = []

beforeAll(async () => {
  await using hub = await startHub({}, { directory: template })
  const party = await enrol(hub, 'profil-a', { buyers: [buyerSiret] })
  for (const id of ['1', '2', '3']) {
    const headers = { 'hub-consultation': 'C-1' }
    receipts.push(await party.sent('award', anAward({ id }), { headers }))
  }
})

/** Runs the erasure of the first two documents and gives the signal that ended it. */
async function killedAt(step: string, directory: string): Promise<NodeJS.Signals | null> {
  const program = new URL('../../dist/fault/erase-process.js', import.meta.url).pathname
  const ids = receipts.slice(0, 2).map(({ id }) => id)
  const child = spawn(process.execPath, [program, step, directory, ...ids], { stdio: 'ignore' })
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  return signal
}

describe('an erasure that dies', () => {
  test.each([
    ['head-locked', false],
    ['entries-inserted', false],
    ['checkpoint-signed', false],
    ['head-moved', false],
    ['committed', true],
  ])(
    'at %s has erased both documents or none: %s; and can be done again',
    async (step, done) => {
      const directory = join(root, step)
      await cp(template, directory, { recursive: true })
      expect(await killedAt(step, directory)).toBe('SIGKILL')

      await using hub = await startHub({}, { directory })
      const { store } = hub.hub
      const whole = async (): Promise<readonly (boolean | undefined)[]> =>
        await Promise.all(receipts.map(async ({ id }) => (await readContent(store, id))?.whole))
      expect(await whole()).toEqual(done ? [false, false, true] : [true, true, true])
      const erasures = async (): Promise<number> =>
        (await store.reader.selectFrom('erasures').selectAll().execute()).length
      expect(await erasures()).toBe(done ? 2 : 0)

      const documents = receipts.slice(0, 2).map(({ id }) => id)
      expect(await erase(hub.hub, { documents, decision: 'again' })).toBe(done ? 0 : 2)
      expect(await whole()).toEqual([false, false, true])
      expect(await erasures()).toBe(2)
      const trust = parseTrust(hub.hub.keys.trust)
      for (const receipt of receipts) expect(verifyReceipt(JSON.stringify(receipt), { trust }).verdict).toBe('proved')
    },
    60_000,
  )
})
