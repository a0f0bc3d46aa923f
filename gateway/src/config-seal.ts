import { resolve } from 'node:path'
import { type Env, integer, text } from './config-values.ts'

/** The seal's key file and what is known of its revocation. */
export interface SealSettings {
  /** File with the passphrase of seal.p12, or of an encrypted key in seal.pem; its first line counts. */
  readonly passphraseFile: string | undefined
  /** Revocation list of the seal's authority; undefined: trust/seal.crl of the key directory, when there is one. */
  readonly crlFile: string | undefined
  /** For how long documents are sealed although the revocation list should have been renewed. */
  readonly crlGraceMs: number
}

export const sealSettings = ['HUB_SEAL_PASSPHRASE_FILE', 'HUB_SEAL_CRL', 'HUB_SEAL_CRL_GRACE'] as const

const weekSeconds = 604_800

export function readSeal(env: Env, problems: string[]): SealSettings {
  const crl = text(env, 'HUB_SEAL_CRL')
  return {
    passphraseFile: text(env, 'HUB_SEAL_PASSPHRASE_FILE'),
    crlFile: crl === undefined ? undefined : resolve(crl),
    crlGraceMs: 1_000 * integer(env, 'HUB_SEAL_CRL_GRACE', [86_400, 0, weekSeconds], problems),
  }
}
