import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkChain, parseVkey } from '@socle/schemas'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openKeys, trustOf } from './key-store.ts'

const settings = {
  environment: 'sandbox',
  origin: 'socle.example/sandbox/2026b',
  now: new Date('2026-11-24T10:00:00Z'),
} as const
let directory: string

beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'socle-keys-')), 'keys')
})

afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }))

describe('the key store', () => {
  test('makes the sandbox keys on first use and gives the same ones afterwards', () => {
    const first = openKeys(directory, settings)
    const second = openKeys(directory, { ...settings, now: new Date('2027-01-01T00:00:00Z') })
    expect(second.log.vkey).toBe(first.log.vkey)
    expect(second.seal.certificate.fingerprint256).toBe(first.seal.certificate.fingerprint256)
    expect(second.trust).toEqual(first.trust)
    expect(parseVkey(first.log.vkey).name).toBe(settings.origin)
  })

  test('gives every use its own key', () => {
    const { log, seal, timestamp, token } = openKeys(directory, settings)
    const keys = [log.privateKey, seal.privateKey, timestamp?.privateKey, token.privateKey]
    const texts = keys.map((key) => key?.export({ type: 'pkcs8', format: 'pem' }).toString())
    expect(new Set(texts).size).toBe(4)
  })

  test('keeps keys readable by their owner only and leaves no temporary file', () => {
    openKeys(directory, settings)
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    const names = readdirSync(directory).filter((name) => name !== 'trust')
    expect(names.sort()).toEqual(['log.key', 'seal.pem', 'storage.key', 'token.key', 'tsa.pem'])
    for (const name of names) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(directory, 'trust')).sort()).toEqual(['log.vkey', 'seal-ca.pem', 'tsa-ca.pem'])
  })

  test('certificates are good for their own use and no other', () => {
    const keys = openKeys(directory, settings)
    const trust = trustOf(keys)
    const at = settings.now
    const seal = { certificate: keys.seal.certificate, others: [], authorities: trust.sealAuthorities, at }
    const clock = keys.timestamp?.certificate ?? keys.seal.certificate
    const timestamp = { certificate: clock, others: [], authorities: trust.timestampAuthorities, at }
    checkChain({ ...seal, use: 'seal' })
    checkChain({ ...timestamp, use: 'timestamp' })
    expect(() => checkChain({ ...seal, use: 'timestamp' })).toThrow('timestamps only')
    expect(() => checkChain({ ...timestamp, use: 'seal' })).toThrow('cannot seal')
    expect(() => checkChain({ ...seal, authorities: trust.timestampAuthorities, use: 'seal' })).toThrow(
      'trusted authority',
    )
    expect(() => checkChain({ ...seal, at: new Date('2026-11-22T00:00:00Z'), use: 'seal' })).toThrow('not valid at')
    expect(() => checkChain({ ...seal, at: new Date('2046-11-22T00:00:00Z'), use: 'seal' })).toThrow('not valid at')
    expect(() => checkChain({ ...seal, certificate: keys.seal.authority, use: 'seal' })).toThrow()
  })

  test("the next half-year's log adds its verifier key and keeps the earlier one", () => {
    const first = openKeys(directory, settings)
    const second = openKeys(directory, { ...settings, origin: 'socle.example/sandbox/2027a' })
    expect(second.trust.logVkey.trim().split('\n')).toEqual([first.log.vkey, second.log.vkey])
    expect(readFileSync(join(directory, 'trust/log.vkey'), 'utf8')).toBe(second.trust.logVkey)
  })

  test('production makes nothing and says what to provide', () => {
    const open = (): unknown => openKeys(directory, { ...settings, environment: 'production' })
    expect(open).toThrow(/log\.key.*Ed25519[\s\S]*token\.key[\s\S]*seal\.pem[\s\S]*trust\/tsa-ca\.pem/)
    openKeys(directory, settings)
    expect(openKeys(directory, { ...settings, environment: 'production' }).timestamp).toBeUndefined()
  })

  test('a key of the wrong kind or a certificate of another key is refused', () => {
    openKeys(directory, settings)
    const seal = readFileSync(join(directory, 'seal.pem'), 'utf8')
    const tsa = readFileSync(join(directory, 'tsa.pem'), 'utf8')
    const certificates = (pem: string): string => pem.slice(pem.indexOf('-----BEGIN CERTIFICATE'))
    writeFileSync(join(directory, 'seal.pem'), seal.replace(certificates(seal), certificates(tsa)))
    expect(() => openKeys(directory, settings)).toThrow('seal.pem must hold')
    writeFileSync(join(directory, 'seal.pem'), seal)
    writeFileSync(join(directory, 'log.key'), seal)
    expect(() => openKeys(directory, settings)).toThrow('log.key must hold')
    writeFileSync(join(directory, 'log.key'), '')
    expect(() => openKeys(directory, settings)).toThrow('log.key must hold')
  })
})
