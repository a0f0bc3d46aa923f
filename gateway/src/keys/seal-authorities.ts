import type { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseCertificates } from '@socle/schemas'
import type { CertifiedKey } from './certified-key.ts'

/**
 * The authorities of seals as verifiers are given them while a hub runs: those of its start, those of `trust/seal-ca.pem` by
 * now, and those that these keys lead to. @throws ProofError for a file that holds something else
 */
export function readSealAuthorities(directory: string, known: string, keys: readonly CertifiedKey[]): string {
  const file = join(directory, 'trust/seal-ca.pem')
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const listed = text === '' ? [] : parseCertificates(text)
  return withCertificates(known, [...listed, ...keys.map(({ authority }) => authority)])
}

/** An authority that a seal leads to stays published for as long as it stands there. */
export function withAuthorities(text: string, keys: readonly CertifiedKey[]): string {
  return withCertificates(
    text,
    keys.map(({ authority }) => authority),
  )
}

/** PEM texts one after the other, each once. */
function withCertificates(text: string, authorities: readonly X509Certificate[]): string {
  return authorities.reduce((pem, authority) => {
    const known = pem === '' ? [] : parseCertificates(pem)
    return known.some(({ fingerprint256 }) => fingerprint256 === authority.fingerprint256)
      ? pem
      : `${pem}${pem === '' || pem.endsWith('\n') ? '' : '\n'}${authority.toString()}`
  }, text)
}
