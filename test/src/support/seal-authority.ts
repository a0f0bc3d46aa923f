import { execFileSync } from 'node:child_process'
import type { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeAuthority, makeIdentity } from '@socle/gateway'

const dayMs = 86_400_000

/** An authority that issues seals, and gives its revocation lists by the `openssl` program. */
export interface SealAuthority {
  /** PEM. */
  readonly certificate: string
  /** A new key, its certificate and the authority, as seal.pem holds them. */
  issue(name: string): { readonly pem: string; readonly certificate: X509Certificate }
  /** PEM of a list that ends in so many days. */
  list(revoked: readonly X509Certificate[], days?: number): string
}

export function sealAuthority(): SealAuthority {
  const subject = (name: string): { organisation: string; name: string } => ({ organisation: 'Essai', name })
  const validity = { from: new Date(Date.now() - dayMs), to: new Date(Date.now() + 700 * dayMs) }
  const authority = makeAuthority(subject('Autorité des cachets'), validity)
  const key = authority.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const certificate = authority.certificate.toString()
  return {
    certificate,
    issue(name) {
      const made = makeIdentity(authority, 'seal', subject(name), validity)
      const pem = made.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
      return { pem: pem + made.certificate.toString() + certificate, certificate: made.certificate }
    },
    list(revoked, days = 7) {
      const directory = mkdtempSync(join(tmpdir(), 'socle-list-'))
      const put = (file: string, text: string): void => writeFileSync(join(directory, file), text)
      const stamp = (date: Date): string => `${date.toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)}Z`
      const line = ({ serialNumber, validTo }: X509Certificate): string =>
        ['R', stamp(new Date(validTo)), `${stamp(new Date())},keyCompromise`, serialNumber, 'unknown', '/CN=x'].join(
          '\t',
        )
      put('ca.key', key)
      put('ca.crt', certificate)
      put('index.txt', revoked.map((one) => `${line(one)}\n`).join(''))
      put(
        'ca.cnf',
        '[ca]\ndefault_ca = x\n[x]\ndatabase = index.txt\ndefault_md = sha256\ncrl_extensions = y\n[y]\nauthorityKeyIdentifier = keyid\n',
      )
      const words = [
        'ca',
        '-config',
        'ca.cnf',
        '-gencrl',
        '-keyfile',
        'ca.key',
        '-cert',
        'ca.crt',
        '-crldays',
        String(days),
      ]
      execFileSync('openssl', [...words, '-out', 'list.crl'], { cwd: directory, stdio: 'pipe' })
      const pem = readFileSync(join(directory, 'list.crl'), 'utf8')
      rmSync(directory, { recursive: true, force: true })
      return pem
    },
  }
}
