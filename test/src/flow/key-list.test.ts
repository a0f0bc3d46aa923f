import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { logKeyId, openCheckpoint, parseTrust, type Receipt, type Trust, verifyReceipt } from '@socle/schemas'
import { afterAll, expect, test } from 'vitest'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { ask, join as joinHub } from './party.ts'

const work = mkdtempSync(join(tmpdir(), 'socle-key-list-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))
const program = join(import.meta.dirname, '../../../gateway/bin/socle.mjs')
const [old, next] = ['socle.invalid/sandbox/2026h2', 'socle.invalid/sandbox/2027h1']

function socle(
  origin: string,
  ...parameters: readonly string[]
): { readonly status: number | null; readonly output: string } {
  const env = { ...process.env, HUB_DATA: work, HUB_LOG_ORIGIN: origin }
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...parameters], {
    env,
    encoding: 'utf8',
    timeout: 60_000,
  })
  return { status, output: `${stdout}${stderr}` }
}

async function trustOf(hub: TestHub): Promise<Trust> {
  const text = async (name: string): Promise<string> => (await ask(hub, `/log/${name}`)).text
  const [logVkey, sealCa, keys] = [await text('log.vkey'), await text('seal-ca.pem'), await text('keys.note')]
  return parseTrust({ logVkey, sealCa, keys })
}

test('the key of a log that was handed over stays in the list of the next, which can revoke it', async () => {
  let receipt: Receipt
  let oldVkey: string
  {
    await using hub = await startHub({}, { directory: work })
    const party = await joinHub(hub, 'profil-a', { buyers: [buyerSiret] })
    receipt = await party.sent('award', anAward())
    oldVkey = hub.hub.keys.log.vkey
    const trust = await trustOf(hub)
    expect(trust.keys?.origin).toBe(old)
    expect(trust.keys?.keys.filter(({ purpose }) => purpose === 'log')).toEqual([
      { purpose: 'log', id: logKeyId(oldVkey), vkey: oldVkey },
    ])
  }
  expect(socle(old, 'shard', '--to', next).status).toBe(0)
  await using hub = await startHub({}, { directory: work, env: { HUB_LOG_ORIGIN: next } })
  const party = await joinHub(hub, 'profil-b', { buyers: [buyerSiret] })
  const later = await party.sent('award', anAward({ id: '2026-0002' }))
  const trust = await trustOf(hub)
  expect(trust.keys?.origin).toBe(next)
  const newVkey = hub.hub.keys.log.vkey
  const [first, second] = trust.keys?.keys.filter(({ purpose }) => purpose === 'log') ?? []
  expect(first).toMatchObject({ vkey: oldVkey, replacedBy: logKeyId(newVkey) })
  expect(second).toMatchObject({ vkey: newVkey, from: first?.to })
  expect(openCheckpoint(receipt.checkpoint, trust.logs).origin).toBe(old)
  for (const one of [receipt, later]) expect(verifyReceipt(one, { trust }).verdict).toBe('proved')

  expect(socle(next, 'keys', 'revoke', logKeyId(oldVkey), '--reason', 'keyCompromise').status).toBe(0)
  await hub.hub.sealer.look()
  const revoked = await trustOf(hub)
  const at = Date.parse(revoked.keys?.keys[0]?.revokedAt ?? '')
  const judged = (one: Receipt, provenTime?: Date): string =>
    verifyReceipt(one, { trust: revoked, ...(provenTime ? { provenTime } : {}) }).verdict
  expect([judged(receipt), judged(receipt, new Date(at)), judged(receipt, new Date(at - 1))]).toEqual([
    'not-proved',
    'not-proved',
    'proved',
  ])
  expect(judged(later)).toBe('proved')
  // Its own key: nobody would believe the list that says so.
  expect(socle(next, 'keys', 'revoke', logKeyId(newVkey), '--reason', 'keyCompromise').status).toBe(2)
}, 120_000)
