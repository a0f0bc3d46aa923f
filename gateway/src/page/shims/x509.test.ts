import * as node from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeAuthority, makeIdentity } from '../../keys/make-certificates.ts'
import * as page from './crypto.ts'

/** Every member that the verifier reads, from either. */
function described(certificate: node.X509Certificate | page.X509Certificate): object {
  const { raw, validFrom, validTo, fingerprint256, ca, publicKey } = certificate
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = publicKey
  const spki = publicKey.export({ format: 'der', type: 'spki' })
  return { raw, validFrom, validTo, fingerprint256, ca, type, details, spki }
}

type Verdict = boolean | 'unreadable'

/** `checkIssued` and `verify` of the one by the other. */
function verdictsOfNode(subject: Uint8Array, issuer: Uint8Array): readonly Verdict[] {
  try {
    const [below, above] = [new node.X509Certificate(subject), new node.X509Certificate(issuer)]
    return [below.checkIssued(above), below.verify(above.publicKey)]
  } catch {
    return ['unreadable']
  }
}

function verdictsOfPage(subject: Uint8Array, issuer: Uint8Array): readonly Verdict[] {
  try {
    const [below, above] = [new page.X509Certificate(subject), new page.X509Certificate(issuer)]
    return [below.checkIssued(above), below.verify(above.publicKey)]
  } catch {
    return ['unreadable']
  }
}

/** Both judge every pair alike. @returns how many pairs fit */
function agreeOnPairs(certificates: readonly Uint8Array[]): number {
  let fitting = 0
  for (const [below, subject] of certificates.entries()) {
    for (const [above, issuer] of certificates.entries()) {
      const expected = verdictsOfNode(subject, issuer)
      expect(verdictsOfPage(subject, issuer), `${below} by ${above}`).toEqual(expected)
      if (expected.every((verdict) => verdict === true)) fitting += 1
    }
  }
  return fitting
}

const validity = { from: new Date('2026-11-04T08:00:00Z'), to: new Date('2051-01-01T00:00:00Z') }

describe('certificates of the hub', () => {
  const authority = makeAuthority({ organisation: 'Organisme d’essai', name: 'Autorité' }, validity)
  const twin = makeAuthority({ organisation: 'Organisme d’essai', name: 'Autorité' }, validity)
  const seal = makeIdentity(authority, 'seal', { organisation: 'Organisme', name: 'Cachet' }, validity)
  const time = makeIdentity(authority, 'timestamp', { organisation: 'Organisme', name: 'Horloge' }, validity)
  const all = [authority, twin, seal, time].map(({ certificate }) => certificate)

  test('say the same of themselves, from DER and PEM', () => {
    for (const certificate of all) {
      const expected = described(certificate)
      expect(described(new page.X509Certificate(certificate.raw))).toEqual(expected)
      expect(described(new page.X509Certificate(certificate.toString()))).toEqual(expected)
      expect(described(new page.X509Certificate(Buffer.from(certificate.toString())))).toEqual(expected)
    }
  })

  test('issue the same ones', () => {
    expect(agreeOnPairs(all.map(({ raw }) => raw))).toBe(4)
  })

  test('with any byte changed: signed for neither, issued for the page only where it is for node:crypto', () => {
    const { raw } = seal.certificate
    let different = 0
    for (let at = 0; at < raw.length; at += 1) {
      const changed = Buffer.from(raw)
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8))
      const mine = verdictsOfPage(changed, authority.certificate.raw)
      const theirs = verdictsOfNode(changed, authority.certificate.raw)
      // Either may find another change unreadable; nobody signed any of them.
      expect([mine[1] ?? false, theirs[1] ?? false], `byte ${at}`).toEqual([false, false])
      if (mine[0] === true && theirs[0] !== 'unreadable') expect(theirs[0], `byte ${at}`).toBe(true)
      if (mine.join() !== theirs.join()) different += 1
    }
    expect(different).toBeLessThan(raw.length / 4)
  })

  test('what is no certificate is refused by both', () => {
    const { raw } = seal.certificate
    const pem = seal.certificate.toString()
    const wrong: readonly (Uint8Array | string)[] = [
      Buffer.alloc(0),
      raw.subarray(0, -1),
      raw.subarray(4),
      'no certificate',
      pem.replace('MII', 'M!I'),
      pem.replace('-----END CERTIFICATE-----', ''),
      pem.replaceAll('CERTIFICATE', 'PUBLIC KEY'),
    ]
    for (const source of wrong) {
      expect(() => new node.X509Certificate(source)).toThrow()
      expect(() => new page.X509Certificate(source)).toThrow()
    }
  })
})

/** The set-up of the suites installs it, and fails where it cannot under CI. */
const hasOpenssl = spawnSync('openssl', ['version']).status === 0

describe.skipIf(!hasOpenssl)('certificates of OpenSSL', () => {
  let folder: string
  let all: Buffer[]
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'socle-x509-'))
    all = makeByOpenssl(folder)
  }, 120_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('say the same of themselves', () => {
    for (const der of all)
      expect(described(new page.X509Certificate(der))).toEqual(described(new node.X509Certificate(der)))
  })

  test('issue the same ones: EC, RSA, Ed25519, names written otherwise, authority key ids, usages', () => {
    expect(agreeOnPairs(all)).toBeGreaterThanOrEqual(10)
  })
})

const kinds: readonly (readonly string[])[] = [
  ['ec', 'ec_paramgen_curve:P-256'],
  ['ec', 'ec_paramgen_curve:P-384'],
  ['ec', 'ec_paramgen_curve:P-521'],
  ['rsa', 'rsa_keygen_bits:2048'],
  ['rsa', 'rsa_keygen_bits:3072'],
  ['ed25519'],
]

/** For each kind of key an authority and what it issued; then issuers that may not, and names that differ in form only. */
function makeByOpenssl(folder: string): Buffer[] {
  const run = (...parameters: string[]): void => {
    const { status, stderr } = spawnSync('openssl', parameters, { cwd: folder, encoding: 'utf8' })
    if (status !== 0) throw new Error(`openssl ${parameters.join(' ')}: ${stderr}`)
  }
  const found: Buffer[] = []
  const keep = (name: string): void => {
    run('x509', '-in', `${name}.pem`, '-outform', 'DER', '-out', `${name}.der`)
    found.push(readFileSync(join(folder, `${name}.der`)))
  }
  const sections: Readonly<Record<string, string>> = {
    root: 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n',
    plain: 'basicConstraints=CA:FALSE\nsubjectKeyIdentifier=hash\n',
    unable: 'basicConstraints=critical,CA:TRUE\nkeyUsage=digitalSignature\nsubjectKeyIdentifier=hash\n',
    leaf: 'authorityKeyIdentifier=keyid:always,issuer:always\nkeyUsage=digitalSignature\n',
    bare: 'keyUsage=nonRepudiation\n',
  }
  const config = Object.entries(sections).map(([name, body]) => `[${name}]\n${body}`)
  writeFileSync(join(folder, 'x.cnf'), `[req]\ndistinguished_name=dn\nstring_mask=utf8only\n[dn]\n${config.join('')}`)
  const key = (name: string, [algorithm = '', option]: readonly string[]): void =>
    run('genpkey', '-algorithm', algorithm, ...(option ? ['-pkeyopt', option] : []), '-out', `${name}.key`)
  const subject = (text: string): string[] => ['-utf8', '-subj', text, '-multivalue-rdn']
  const root = (name: string, section: string, text: string): void => {
    const how = ['-x509', '-key', `${name}.key`, '-days', '30', '-config', 'x.cnf', '-extensions', section]
    run('req', ...how, ...subject(text), '-out', `${name}.pem`)
    keep(name)
  }
  const leaf = (name: string, issuer: string, section: string): void => {
    run('req', '-new', '-key', 'leaf.key', '-config', 'x.cnf', ...subject(`/CN=${name}`), '-out', `${name}.csr`)
    const how = ['-req', '-in', `${name}.csr`, '-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`, '-days', '20']
    run('x509', ...how, '-extfile', 'x.cnf', '-extensions', section, '-CAcreateserial', '-out', `${name}.pem`)
    keep(name)
  }
  key('leaf', kinds[0] ?? [])
  for (const [at, kind] of kinds.entries()) {
    key(`root${at}`, kind)
    root(`root${at}`, 'root', `/C=FR/O=Autorité ${at}/CN=Racine+OU=Essai`)
    leaf(`leaf${at}`, `root${at}`, 'leaf')
  }
  // The same key and name, written otherwise; then issuers whose extensions forbid it.
  for (const [name, section, text] of [
    ['other', 'root', '/C=FR/O=  AUTORITé   0 /OU=essai+CN=racine'],
    ['plain', 'plain', '/C=FR/O=Autorité 0/CN=Racine+OU=Essai'],
    ['unable', 'unable', '/C=FR/O=Autorité 0/CN=Racine+OU=Essai'],
  ] as const) {
    writeFileSync(join(folder, `${name}.key`), readFileSync(join(folder, 'root0.key')))
    root(name, section, text)
    leaf(`of-${name}`, name, 'leaf')
  }
  leaf('bare', 'root0', 'bare')
  return found
}
