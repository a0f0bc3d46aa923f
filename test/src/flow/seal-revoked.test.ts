import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'
import { sealAuthority } from '../support/seal-authority.ts'
import { entriesOf, join as joinHub } from './party.ts'

const root = join(import.meta.dirname, '../../..')
const work = mkdtempSync(join(tmpdir(), 'socle-revoked-'))
afterAll(() => rmSync(work, { recursive: true, force: true }))
const authority = sealAuthority()

function dataWith(name: string, pem: string): string {
  const data = join(work, name)
  mkdirSync(join(data, 'keys/trust'), { recursive: true })
  writeFileSync(join(data, 'keys/seal.pem'), pem, { mode: 0o600 })
  return data
}

function rotate(data: string, env: Readonly<Record<string, string>>, ...more: readonly string[]): readonly unknown[] {
  const parameters = [join(root, 'gateway/bin/socle.mjs'), 'keys', 'rotate', 'seal', ...more]
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, {
    env: { ...process.env, HUB_DATA: data, ...env },
    encoding: 'utf8',
    timeout: 30_000,
  })
  return [status, `${stdout}${stderr}`]
}

test('a seal that is revoked, or that nothing good speaks for, is not announced, and none of its files is taken', async () => {
  const [now, next, other] = [authority, authority, sealAuthority()].map((one, at) => one.issue(`Cachet ${at}`))
  if (!now || !next || !other) throw new Error('no seals')
  const data = dataWith('announced', now.pem)
  const list = join(data, 'keys/trust/seal.crl')
  const [nextFile, otherFile] = [join(work, 'next.pem'), join(work, 'other.pem')]
  writeFileSync(nextFile, next.pem)
  writeFileSync(otherFile, other.pem)
  writeFileSync(list, authority.list([next.certificate]))
  await using hub = await startHub({}, { directory: data })
  const taken = (): boolean => existsSync(join(data, 'keys/seal-next.pem'))
  const trusted = readFileSync(join(data, 'keys/trust/seal-ca.pem'), 'utf8')

  expect(rotate(data, {}, '--from', nextFile)).toEqual([2, expect.stringContaining('(SEAL_REVOKED): by its authority')])
  // The list is of the first authority alone: the day the other one takes over, nobody could look.
  expect(rotate(data, {}, '--from', otherFile)).toEqual([2, expect.stringContaining('(SEAL_UNCHECKED)')])
  // A file that cannot be read: what it said last still counts.
  writeFileSync(list, 'no list')
  expect(rotate(data, {}, '--from', nextFile)).toEqual([2, expect.stringContaining('SEAL_REVOKED')])
  const missing = { HUB_SEAL_CRL: join(work, 'missing.crl') }
  rmSync(join(data, 'last-seal.crl'))
  expect(rotate(data, missing, '--from', nextFile)).toEqual([2, expect.stringContaining('it is not there')])
  expect([taken(), await entriesOf(hub, 'key')]).toEqual([false, []])
  expect(readFileSync(join(data, 'keys/trust/seal-ca.pem'), 'utf8')).toBe(trusted)

  // It lies there already: refused all the same.
  writeFileSync(list, authority.list([next.certificate]))
  writeFileSync(join(data, 'keys/seal-next.pem'), next.pem, { mode: 0o600 })
  expect(rotate(data, {})).toEqual([2, expect.stringContaining('SEAL_REVOKED')])
  expect(await entriesOf(hub, 'key')).toEqual([])
  writeFileSync(list, authority.list([]))
  expect(rotate(data, {})[0]).toBe(0)
}, 90_000)

test('a hub whose seal was revoked does not seal again because the list is gone', async () => {
  const { pem, certificate } = authority.issue('Cachet révoqué')
  const data = dataWith('forgotten', pem)
  const list = join(data, 'keys/trust/seal.crl')
  {
    writeFileSync(list, authority.list([]))
    await using hub = await startHub({}, { directory: data })
    const party = await joinHub(hub, 'profil-a', { buyers: [buyerSiret] })
    await party.sent('award', anAward())
    writeFileSync(list, authority.list([certificate]))
    await hub.hub.sealer.look()
    expect((await party.deposit('award', anAward({ id: '2026-0002' }))).status).toBe(503)
  }
  unlinkSync(list)
  await expect(startHub({}, { directory: data })).rejects.toThrow('(SEAL_REVOKED): by its authority')
})
