import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stampNow } from '@socle/gateway'
import { type Problem, verifyReceipt } from '@socle/schemas'
import { afterAll, expect, test } from 'vitest'
import { anAward, buyerSiret, otherBuyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'
import { join as joinHub, trustOf } from './party.ts'

/** What a stranger with a README found, one test each. */
const root = join(import.meta.dirname, '../../..')
const work = mkdtempSync(join(tmpdir(), 'socle-strangers-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))

function socle(
  parameters: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ReturnType<typeof spawnSync> {
  return spawnSync(process.execPath, [join(root, 'gateway/bin/socle.mjs'), ...parameters], {
    env: { ...process.env, HUB_LOG_LEVEL: 'silent', ...env },
    encoding: 'utf8',
    timeout: 20_000,
  })
}

test('a property with an endless name gives a small refusal that can be proved', async () => {
  await using hub = await startHub()
  const party = await joinHub(hub, 'clumsy', { buyers: [buyerSiret] })
  const text = anAward().replace('"montant"', `"${'k'.repeat(2_000_000)}": 1, "montant"`)
  const answer = await party.deposit('award', text)

  expect(answer.status).toBe(422)
  expect(answer.bytes.length).toBeLessThan(20_000)
  const { receipt } = answer.json<Problem>()
  expect(verifyReceipt(receipt, { trust: await trustOf(hub) }).verdict).toBe('proved')
})

test('an account that acts for nobody records nothing, not even refusals', async () => {
  await using hub = await startHub()
  const party = await joinHub(hub, 'nobody', {})
  const answer = await party.deposit('award', '{"marches": 1}')
  expect([answer.status, answer.json<Problem>().code]).toEqual([403, 'MANDATE_MISSING'])
  expect((await party.ask('/health/ready')).json<{ log: { size: number } }>().log.size).toBe(0)
})

test('a key stands for the whole request: another kind or another consultation is another request', async () => {
  await using hub = await startHub()
  const party = await joinHub(hub, 'sender', { buyers: [buyerSiret] })
  expect((await party.deposit('award', anAward(), { key: 'k' })).status).toBe(201)
  expect((await party.deposit('award', anAward(), { key: 'k' })).status).toBe(200)
  expect((await party.deposit('notice', anAward(), { key: 'k' })).status).toBe(409)
  const elsewhere = { key: 'k', headers: { 'hub-consultation': 'ELSEWHERE' } }
  expect((await party.deposit('award', anAward(), elsewhere)).status).toBe(409)
})

test('a misspelt rehearsal does not become a deposit, and a rehearsal says when a mandate is missing', async () => {
  await using hub = await startHub()
  const party = await joinHub(hub, 'sender', { buyers: [otherBuyerSiret] })
  expect((await party.deposit('award', anAward({ buyer: otherBuyerSiret }), { query: '?dryrun=true' })).status).toBe(
    400,
  )
  expect((await party.deposit('award', anAward(), { query: '?dryRun=true' })).status).toBe(403)
})

test('a second hub on the same data is refused while the first serves, and ends by itself', async () => {
  await using hub = await startHub({}, { env: { HUB_DATA: join(work, 'shared') } })
  const second = socle(['serve'], { HUB_DATA: hub.hub.config.dataDirectory, HUB_PORT: '0' })
  expect(second.error).toBeUndefined()
  expect(second.status).toBe(1)
  expect(second.stderr).toContain('Another hub already serves')
})

test('a hub that cannot have its port ends by itself', async () => {
  await using hub = await startHub()
  const port = new URL(hub.url).port
  const second = socle(['serve'], { HUB_DATA: join(work, 'elsewhere'), HUB_PORT: port })
  expect(second.error).toBeUndefined()
  expect(second.stderr).toContain('EADDRINUSE')
})

test('a ledger whose keys are gone is not given new ones', () => {
  const data = join(work, 'keyless')
  expect(socle(['account', 'add', 'one'], { HUB_DATA: data }).status).toBe(0)
  rmSync(join(data, 'keys/log.key'))
  const again = socle(['account', 'add', 'two'], { HUB_DATA: data })
  expect(again.status).not.toBe(0)
  expect(again.stderr).toContain('log.key')
  expect(existsSync(join(data, 'keys/log.key'))).toBe(false)
})

test('a ledger keeps the name of its log: another one is refused', () => {
  const data = join(work, 'renamed')
  expect(socle(['account', 'add', 'one', '--buyer', buyerSiret], { HUB_DATA: data }).status).toBe(0)
  const renamed = socle(['serve'], { HUB_DATA: data, HUB_PORT: '0', HUB_LOG_ORIGIN: 'other.invalid/log' })
  expect([renamed.error, renamed.status]).toEqual([undefined, 2])
  expect(renamed.stderr).toContain('HUB_LOG_ORIGIN')
})

test('an account is made only when everything asked for it is right', () => {
  const data = join(work, 'accounts')
  const wrong = socle(['account', 'add', 'dave', '--buyer', '123'], { HUB_DATA: data })
  expect([wrong.status, String(wrong.stderr).includes('123')]).toEqual([2, true])
  const right = socle(['account', 'add', 'dave', '--buyer', buyerSiret], { HUB_DATA: data })
  expect(right.status).toBe(0)
  expect(JSON.parse(String(right.stdout))).toHaveProperty('client_secret')
})

test('a clock outside the seal certificate gives no receipt that nobody could verify, nor a hub', async () => {
  const data = join(work, 'clock')
  {
    await using hub = await startHub({}, { directory: data })
    await joinHub(hub, 'sender', { buyers: [buyerSiret] })
    // Or the later hub would first miss an outside time of so long ago.
    await stampNow(hub.hub)
  }
  const late = new Date(Date.now() + 4_000 * 86_400_000)
  let now = (): Date => new Date()
  {
    await using hub = await startHub({ clock: () => now() }, { directory: data })
    now = () => late
    const party = await joinHub(hub, 'later', { buyers: [buyerSiret] })
    const answer = await party.deposit('award', anAward())
    expect([answer.status, answer.json<Problem>().code]).toEqual([503, 'SEAL_OUT_OF_DATE'])
  }
  await expect(startHub({ clock: () => late }, { directory: data })).rejects.toThrow(
    /Nothing can be sealed \(SEAL_OUT_OF_DATE\): valid from/,
  )
})

test('pipes and devices are unusable, and what stands in a file does not steer the terminal', () => {
  expect(spawnSync('mkfifo', [join(work, 'pipe')]).status).toBe(0)
  for (const command of ['validate', 'verify']) expect(socle([command, join(work, 'pipe')]).status).toBe(2)
  const hostile = join(work, 'hostile.json')
  writeFileSync(hostile, '\u001b]0;title\u0007 not json')
  const judged = socle(['validate', hostile])
  expect(judged.status).toBe(1)
  expect(String(judged.stdout).replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  expect(readFileSync(hostile, 'utf8')).toContain('\u001b')
})
