import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { certifiedFile, readCertified } from './certified-key.ts'
import { readPkcs12 } from './pkcs12.ts'
import { type OpensslAuthority, opensslAuthority, type OpensslPlan } from './testing/openssl-authority.ts'

let directory: string
let authority: OpensslAuthority
const at = (name: string): string => join(directory, name)
const openssl = (...words: readonly string[]): void =>
  void execFileSync('openssl', words, { cwd: directory, stdio: 'pipe' })

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'socle-certified-'))
  authority = opensslAuthority(directory)
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

function against(original: Buffer, changed: Buffer): 'refused' | 'same' | 'other' {
  try {
    return isDeepStrictEqual(readPkcs12(changed, 'x'), readPkcs12(original, 'x')) ? 'same' : 'other'
  } catch {
    return 'refused'
  }
}

/** A seal file of a certificate that OpenSSL issued, and its path. */
function sealOf(name: string, plan: OpensslPlan = {}): string {
  const { key, certificate } = authority.issue(name, plan)
  writeFileSync(at(`${name}.pem`), key + certificate + authority.intermediate + authority.root)
  return at(`${name}.pem`)
}

describe('a seal key from OpenSSL', () => {
  test('is read from PEM with its chain and its validity', () => {
    const seal = readCertified(sealOf('good'), 'seal')
    expect(seal.certificate.subject).toContain('CN=good')
    expect(seal.chain.map(({ subject }) => subject)).toEqual([expect.stringContaining('Intermediate')])
    expect(seal.authority.subject).toContain('Root')
    expect(seal.validity.to.getTime()).toBeGreaterThan(Date.now())
    // The chain ends before its authority does.
    expect(seal.validity.to).toEqual(new Date(Date.parse(seal.certificate.validTo) + 999))
  })

  test('is read from PEM under a passphrase', () => {
    const pem = readFileSync(sealOf('hidden'), 'utf8')
    openssl(
      'pkcs8',
      '-topk8',
      '-in',
      'hidden.pem',
      '-out',
      'hidden.key',
      '-v2',
      'aes-256-cbc',
      '-passout',
      'pass:secret',
    )
    writeFileSync(at('hidden.pem'), readFileSync(at('hidden.key'), 'utf8') + pem.slice(pem.indexOf('-----BEGIN CERT')))
    expect(readCertified(at('hidden.pem'), 'seal', 'secret').certificate.subject).toContain('CN=hidden')
    expect(() => readCertified(at('hidden.pem'), 'seal')).toThrow('HUB_SEAL_PASSPHRASE_FILE')
    expect(() => readCertified(at('hidden.pem'), 'seal', 'other')).toThrow('no private key that can be read')
  })

  const legacy = ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']
  test.each([
    ['modern (PBES2, AES-256, SHA-256)', []],
    ['legacy (3DES, SHA-1)', legacy],
    [
      'oldest (RC2-40 around the certificates)',
      ['-legacy', '-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-RC2-40', '-macalg', 'sha1'],
    ],
    ['with certificates in the clear', ['-certpbe', 'NONE']],
    ['by SHA-512', ['-macalg', 'sha512']],
  ])('is read from PKCS#12: %s', (_, options) => {
    const pem = sealOf('boxed')
    openssl('pkcs12', '-export', '-in', pem, '-out', 'boxed.p12', '-passout', 'pass:sésame', ...options)
    const seal = readCertified(at('boxed.p12'), 'seal', 'sésame')
    const same = readCertified(pem, 'seal')
    expect(seal.certificate.raw).toEqual(same.certificate.raw)
    expect(seal.chain.map(({ raw }) => raw)).toEqual(same.chain.map(({ raw }) => raw))
    expect(seal.authority.raw).toEqual(same.authority.raw)
    expect(seal.privateKey.equals(same.privateKey)).toBe(true)
    expect(() => readCertified(at('boxed.p12'), 'seal', 'sesame')).toThrow('the passphrase does not open it')
    expect(() => readCertified(at('boxed.p12'), 'seal')).toThrow('needs HUB_SEAL_PASSPHRASE_FILE')
  })

  test('is not read from PKCS#12 that was changed, cut, or has no integrity check', () => {
    const pem = sealOf('fragile')
    openssl('pkcs12', '-export', '-in', pem, '-out', 'fragile.p12', '-passout', 'pass:x', '-certpbe', 'NONE')
    const bytes = readFileSync(at('fragile.p12'))
    for (let place = 0; place < bytes.length; place += 97) {
      const changed = Buffer.from(bytes)
      changed[place] = (changed[place] ?? 0) ^ 1
      // A tag that nothing depends on may differ; what is read may not.
      expect(['refused', 'same'], `byte ${place}`).toContain(against(bytes, changed))
      expect(() => readPkcs12(bytes.subarray(0, place), 'x'), `length ${place}`).toThrow()
    }
    openssl('pkcs12', '-export', '-in', pem, '-out', 'open.p12', '-passout', 'pass:x', '-nomac')
    expect(() => readCertified(at('open.p12'), 'seal', 'x')).toThrow('without an integrity check')
  })

  test.each<[string, OpensslPlan, string]>([
    ['for TLS servers only', { extensions: ['extendedKeyUsage=serverAuth'] }, 'excludes signing documents'],
    [
      'for timestamps',
      { extensions: ['extendedKeyUsage=critical,timeStamping'] },
      'a timestamp certificate cannot seal',
    ],
    ['for encryption', { extensions: ['keyUsage=critical,keyEncipherment'] }, 'not meant for signing'],
    [
      'that of an authority',
      { extensions: ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,digitalSignature,keyCertSign'] },
      'the certificate of an authority cannot seal',
    ],
    ['on P-384', { curve: 'P-384' }, 'the key is not a P-256 key'],
    ['RSA', { curve: 'rsa' }, 'the key is not a P-256 key'],
    ['issued with SHA-1', { digest: 'sha1' }, 'which is not accepted'],
  ])('is refused when its certificate is %s', (name, plan, reason) => {
    expect(() => readCertified(sealOf(name.replaceAll(' ', '-'), plan), 'seal')).toThrow(reason)
  })

  test.each<[string, OpensslPlan]>([
    ['without usages', { extensions: [] }],
    ['of non-repudiation alone', { extensions: ['keyUsage=critical,nonRepudiation'] }],
    ['for documents', { extensions: ['keyUsage=critical,digitalSignature', 'extendedKeyUsage=1.3.6.1.5.5.7.3.36'] }],
    ['for mail and TLS clients', { extensions: ['extendedKeyUsage=clientAuth,emailProtection'] }],
  ])('is taken when its certificate is %s', (name, plan) => {
    expect(readCertified(sealOf(name.replaceAll(' ', '-'), plan), 'seal').certificate.subject).toContain('CN=')
  })

  test('is refused with another key, another authority, without its issuer, or twice in the directory', () => {
    const { key, certificate } = authority.issue('alone', {})
    const stranger = opensslAuthority(directory, 'stranger')
    const put = (...parts: readonly string[]): string => {
      writeFileSync(at('seal.pem'), parts.join(''))
      return at('seal.pem')
    }
    const { intermediate, root } = authority
    const other = authority.issue('other', {}).key
    expect(() => readCertified(put(other, certificate, intermediate, root), 'seal')).toThrow('not that of the key')
    expect(() => readCertified(put(key, certificate), 'seal')).toThrow('the authority of the certificate is missing')
    for (const chain of [
      [root],
      [stranger.root],
      [intermediate, stranger.root],
      [stranger.intermediate, stranger.root],
    ])
      expect(() => readCertified(put(key, certificate, ...chain), 'seal')).toThrow('does not lead to the trusted')
    expect(certifiedFile(directory, 'seal')).toBe('seal.pem')
    writeFileSync(at('seal.p12'), '')
    expect(() => certifiedFile(directory, 'seal')).toThrow('keep one of them')
  })
})
