import type { X509Certificate } from 'node:crypto'
import { type KeyList, openKeyList } from './key-list.ts'
import { type NoteVerifier, parseVkey } from './note.ts'
import { ProofError } from './proof-error.ts'
import { parseWitnessPolicy, type WitnessPolicy } from './witness-policy.ts'
import { parseCertificates } from './x509.ts'

/** What a verifier holds true before it starts. Nothing that a receipt carries adds to it. */
export interface Trust {
  readonly logs: readonly NoteVerifier[]
  readonly sealAuthorities: readonly X509Certificate[]
  readonly timestampAuthorities: readonly X509Certificate[]
  /** What the log's operator says of its keys; undefined: nothing was given, and nothing is asked of it. */
  readonly keys?: KeyList
  /** Which witnesses a checkpoint must be cosigned by; undefined: nothing is asked of it. */
  readonly witnesses?: WitnessPolicy
}

/** The files of a trust directory, as texts. */
export interface TrustFiles {
  /** `log.vkey`: one verifier key a line. */
  readonly logVkey?: string
  /** `seal-ca.pem` */
  readonly sealCa?: string
  /** `tsa-ca.pem` */
  readonly tsaCa?: string
  /** `keys.note`: the signed list of keys. */
  readonly keys?: string
  /** `witnesses`: a C2SP tlog-policy. */
  readonly witnesses?: string
}

/** @throws ProofError when a file that is given cannot be read whole */
export function parseTrust({ logVkey, sealCa, tsaCa, keys, witnesses }: TrustFiles): Trust {
  const lines = (logVkey ?? '').split('\n').map((line) => line.trim())
  const logs = lines.filter((line) => line !== '').map((line) => parseVkey(line))
  if (logVkey !== undefined && logs.length === 0) throw new ProofError('log.vkey holds no key')
  return {
    logs,
    sealAuthorities: sealCa === undefined ? [] : parseCertificates(sealCa),
    timestampAuthorities: tsaCa === undefined ? [] : parseCertificates(tsaCa),
    ...(keys === undefined ? {} : { keys: openKeyList(keys, logs) }),
    ...(witnesses === undefined ? {} : { witnesses: parseWitnessPolicy(witnesses) }),
  }
}
