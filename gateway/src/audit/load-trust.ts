import { createHash, type X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { makeVkey, makeWitnessKey, type NoteVerifier, parseTrust, type Trust, type TrustFiles } from '@socle/schemas'
import { readRegular } from './read-limited.ts'

/** How the trust files are called, wherever they lie. */
export const trustFileNames: Readonly<Record<keyof TrustFiles, string>> = {
  logVkey: 'log.vkey',
  sealCa: 'seal-ca.pem',
  tsaCa: 'tsa-ca.pem',
  keys: 'keys.note',
  witnesses: 'witnesses',
}

/** Bytes of a trust file: some hundred certificates. */
const maxTrustFile = 1_048_576

/**
 * Reads the trust files of the first of some directories that has each.
 * @throws ProofError when one is damaged
 */
export function loadTrust(directories: readonly string[]): Trust {
  const files: Record<string, string> = {}
  for (const [key, name] of Object.entries(trustFileNames)) {
    const found = directories.map((directory) => join(directory, name)).find((path) => existsSync(path))
    if (found !== undefined) files[key] = readRegular(found, maxTrustFile).toString('utf8')
  }
  return parseTrust(files)
}

export function isEmptyTrust({ logs, sealAuthorities, timestampAuthorities }: Trust): boolean {
  return logs.length + sealAuthorities.length + timestampAuthorities.length === 0
}

/** What an auditor compares with the operator's publication: verifier keys and SHA-256 fingerprints. */
export function describeTrust({ logs, sealAuthorities, timestampAuthorities, keys, witnesses }: Trust): string {
  const fingerprint = (certificate: X509Certificate): string =>
    createHash('sha256').update(certificate.raw).digest('hex')
  const key = ({ name, publicKey }: NoteVerifier): string => makeVkey(name, publicKey)
  return [
    ...logs.map((log) => `log.vkey ${key(log)}`),
    ...sealAuthorities.map((certificate) => `seal-ca.pem ${fingerprint(certificate)}`),
    ...timestampAuthorities.map((certificate) => `tsa-ca.pem ${fingerprint(certificate)}`),
    ...(witnesses?.witnesses ?? []).map(({ name, publicKey }) => `witnesses ${makeWitnessKey(name, publicKey)}`),
    ...(keys ? [`keys.note ${keys.issued.toISOString()}`] : []),
  ].join(', ')
}
