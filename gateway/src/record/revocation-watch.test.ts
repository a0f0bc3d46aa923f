import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, beforeAll, describe, expect, test } from 'vitest'
import { type CertifiedKey, readCertified } from '../keys/certified-key.ts'
import { type OpensslAuthority, opensslAuthority } from '../keys/testing/openssl-authority.ts'
import { type RevocationWatch, watchRevocation } from './revocation-watch.ts'

let directory: string
let authority: OpensslAuthority
let stranger: OpensslAuthority
const at = (name: string): string => join(directory, name)
const [list, copy] = ['seal.crl', 'data/last-seal.crl']
const dayMs = 86_400_000

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'socle-list-memory-'))
  authority = opensslAuthority(directory)
  stranger = opensslAuthority(directory, 'stranger')
})
beforeEach(() => {
  for (const name of [list, copy]) rmSync(at(name), { force: true })
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

function keyOf(name: string, from = authority): CertifiedKey {
  const { key, certificate } = from.issue(name, {})
  writeFileSync(at(`${name}.pem`), key + certificate + from.intermediate + from.root)
  return readCertified(at(`${name}.pem`), 'seal')
}

/** A hub that starts: it knows nothing but the files. */
function started(keys: readonly CertifiedKey[], now = new Date()): RevocationWatch {
  const watch = watchRevocation(at(list), false, at(copy))
  watch.look(keys, now)
  return watch
}

describe('what a revocation list said is known after a restart', () => {
  test('that a certificate is revoked, though the list is gone, or an older one is in its place', () => {
    const key = keyOf('stolen')
    writeFileSync(at('before.crl'), authority.crl('-crl_lastupdate', stamp(-1), '-crl_nextupdate', stamp(6)))
    authority.revoke('stolen')
    writeFileSync(at(list), authority.crl())
    expect(started([key]).viewOf(key)?.revocation?.reason).toBe('keyCompromise')
    unlinkSync(at(list))
    const without = started([key])
    expect(without.viewOf(key)?.revocation?.reason).toBe('keyCompromise')
    expect(without.problem).toContain('it is not there')
    copyFileSync(at('before.crl'), at(list))
    const older = started([key])
    expect(older.viewOf(key)?.revocation?.reason).toBe('keyCompromise')
    expect(older.problem).toContain('older than the one before')
    // Nor is the copy replaced by it.
    unlinkSync(at(list))
    expect(started([key]).viewOf(key)?.revocation?.reason).toBe('keyCompromise')
  })

  test('that there was one: without it nothing is believed beyond its time', () => {
    const key = keyOf('watched')
    expect(started([key]).viewOf(key)).toBeUndefined()
    writeFileSync(at(list), authority.crl('-crldays', '1'))
    started([key])
    unlinkSync(at(list))
    const view = started([key]).viewOf(key)
    expect(view?.revocation).toBeUndefined()
    expect(view?.freshUntil?.getTime()).toBeLessThan(Date.now() + dayMs)
    writeFileSync(at(copy), 'spoiled')
    expect(started([key]).viewOf(key)).toEqual({ revocation: undefined, freshUntil: undefined })
    // The next good list mends the copy.
    writeFileSync(at(list), authority.crl())
    started([key])
    expect(readFileSync(at(copy))).toEqual(readFileSync(at(list)))
  })

  test('and a hub whose data directory cannot be written says so, and goes on', () => {
    const key = keyOf('unkept')
    writeFileSync(at(list), authority.crl())
    writeFileSync(at('no-directory'), '')
    const watch = watchRevocation(at(list), false, join(at('no-directory'), 'last-seal.crl'))
    watch.look([key], new Date())
    expect(watch.problem).toMatch(/ENOTDIR|EEXIST/)
    expect(watch.viewOf(key)?.freshUntil).toBeDefined()
  })
})

test('a list about one of two seals serves that one', () => {
  const [first, second] = [keyOf('one-authority', stranger), keyOf('another-authority')]
  writeFileSync(at(list), authority.crl())
  const watch = started([first, second])
  expect(watch.problem).toContain('of another issuer')
  expect(watch.viewOf(second)?.freshUntil).toBeDefined()
  expect(watch.viewOf(first)?.freshUntil).toBeUndefined()
  expect(existsSync(at(copy))).toBe(true)
})

/** As -crl_lastupdate takes it. */
function stamp(days: number): string {
  return `${new Date(Date.now() + days * dayMs).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`
}
