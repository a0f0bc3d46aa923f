import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeVkey } from '@socle/schemas'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openKeys } from './key-store.ts'
import { logKeyFile, openNextLogKey, ownKeyFile } from './log-key.ts'

let directory: string
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'socle-log-key-'))))
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const [old, next] = ['socle.example/2026h2', 'socle.example/2027h1']
const now = new Date('2026-12-01T00:00:00Z')

test('the sandbox makes the next log’s key and publishes it, once, for the owner alone', () => {
  openKeys(directory, { environment: 'sandbox', origin: old, now })
  const made = openNextLogKey(directory, next, 'sandbox')
  expect(openNextLogKey(directory, next, 'sandbox').vkey).toBe(made.vkey)
  expect(statSync(join(directory, 'log-socle.example_2027h1.key')).mode & 0o077).toBe(0)
  const lines = readFileSync(join(directory, 'trust/log.vkey'), 'utf8').trim().split('\n')
  expect(lines.map((line) => line.split('+', 1)[0])).toEqual([old, next])
  expect(lines[1]).toBe(made.vkey)
})

test('each log is opened with its own key; the old one’s file may then be destroyed', () => {
  const before = openKeys(directory, { environment: 'sandbox', origin: old, now })
  const { vkey } = openNextLogKey(directory, next, 'sandbox')
  expect(openKeys(directory, { environment: 'sandbox', origin: old, now }).log.vkey).toBe(before.log.vkey)
  rmSync(join(directory, 'log.key'))
  const after = openKeys(directory, { environment: 'sandbox', origin: next, now })
  expect(after.log.vkey).toBe(vkey)
  expect(after.trust.logVkey.trim().split('\n')).toEqual([before.log.vkey, vkey])
  expect(existsSync(join(directory, 'log.key'))).toBe(false)
})

test('production makes nothing: it says which file is missing, then which line', () => {
  const open = (): unknown => openNextLogKey(directory, next, 'production')
  expect(open).toThrow(/openssl genpkey -algorithm ed25519 -out '.*log-socle\.example_2027h1\.key'/)
  const { privateKey } = generateKeyPairSync('ed25519')
  writeFileSync(join(directory, ownKeyFile(next)), privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const vkey = makeVkey(next, createPublicKey(privateKey))
  expect(open).toThrow(vkey)
  mkdirSync(join(directory, 'trust'))
  writeFileSync(join(directory, 'trust/log.vkey'), `${vkey}\n`)
  expect(open()).toMatchObject({ vkey })
})

test('a key of another kind is refused, and no origin leads out of the directory', () => {
  writeFileSync(join(directory, ownKeyFile(next)), 'x')
  expect(() => openNextLogKey(directory, next, 'production')).toThrow('must hold the Ed25519')
  expect(ownKeyFile('../../etc/x')).toBe('log-.._.._etc_x.key')
  expect(logKeyFile(directory, old)).toBe('log.key')
})
