import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  type X509Certificate,
} from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Environment, makeVkey, parseCertificates, parseTrust, type Trust, type TrustFiles } from '@socle/schemas'
import { privateDirectory, replaceFile, writeOnce } from './durable-file.ts'
import { type CertificateUse, type Identity, makeAuthority, makeIdentity } from './make-certificates.ts'

/** A key, its certificate, and where it leads. */
export interface CertifiedKey extends Identity {
  /** Issuers between the certificate and the authority. */
  readonly chain: readonly X509Certificate[]
  readonly authority: X509Certificate
}

/** The hub's keys. Each has one use: a stolen one must not open another door. */
export interface Keys {
  /** Ed25519: signs checkpoints. `origin` is the log's name. */
  readonly log: { readonly origin: string; readonly privateKey: KeyObject; readonly vkey: string }
  /** P-256: seals documents. */
  readonly seal: CertifiedKey
  /** P-256: the sandbox's own timestamp authority; production asks an outside one and has no such key. */
  readonly timestamp: CertifiedKey | undefined
  /** Ed25519: signs access tokens. */
  readonly token: { readonly privateKey: KeyObject; readonly publicKey: KeyObject }
  /** What verifiers need, as the texts of `log.vkey`, `seal-ca.pem`, `tsa-ca.pem`. */
  readonly trust: Required<TrustFiles>
}

export interface KeySettings {
  readonly environment: Environment
  /** Name of the log: `socle.example/sandbox/2026b`. */
  readonly origin: string
  readonly now: Date
}

/** Keys are missing or do not fit together; says every problem and what to provide. */
export class KeyStoreError extends Error {
  override readonly name: string = 'KeyStoreError'
}

/** What each file holds, in the words of the error that asks for it. */
const files = {
  'log.key': 'the Ed25519 private key that signs the log (PKCS#8 PEM)',
  'token.key': 'the Ed25519 private key that signs access tokens (PKCS#8 PEM)',
  'seal.pem': 'the P-256 private key, the seal certificate, its issuers in order, the trusted authority last (PEM)',
  'tsa.pem': "the P-256 private key, the timestamp certificate and its authority (PEM), of the sandbox's own clock",
  'trust/tsa-ca.pem': 'the certificate of the outside timestamp authority (PEM)',
} as const

type KeyFile = keyof typeof files

/**
 * Opens the hub's keys. In the sandbox the first use makes what is missing; in production nothing is ever made: a key
 * that appeared by itself would sign in a name that nobody vouched for.
 * @throws KeyStoreError
 */
export function openKeys(directory: string, settings: KeySettings): Keys {
  const production = settings.environment === 'production'
  const needed: KeyFile[] = ['log.key', 'token.key', 'seal.pem', production ? 'trust/tsa-ca.pem' : 'tsa.pem']
  if (!production) makeMissing(directory, settings.now)
  const missing = needed.filter((file) => !existsSync(join(directory, file)))
  if (missing.length > 0) {
    const wants = missing.map((file) => `${file}: ${files[file]}`)
    throw new KeyStoreError(`The key directory ${directory} lacks:\n${wants.join('\n')}`)
  }
  const logKey = readEd25519(directory, 'log.key')
  const tokenKey = readEd25519(directory, 'token.key')
  const seal = readCertified(directory, 'seal.pem')
  const timestamp = production ? undefined : readCertified(directory, 'tsa.pem')
  const vkey = makeVkey(settings.origin, createPublicKey(logKey))
  if (timestamp !== undefined) publishTrust(directory, vkey, { sealCa: seal.authority, tsaCa: timestamp.authority })
  const trust = {
    logVkey: withLine(readText(directory, 'trust/log.vkey'), vkey),
    sealCa: seal.authority.toString(),
    tsaCa: readText(directory, 'trust/tsa-ca.pem'),
  }
  return {
    log: { origin: settings.origin, privateKey: logKey, vkey },
    seal,
    timestamp,
    token: { privateKey: tokenKey, publicKey: createPublicKey(tokenKey) },
    trust,
  }
}

/** The keys' public side, ready to verify with. */
export function trustOf(keys: Pick<Keys, 'trust'>): Trust {
  return parseTrust(keys.trust)
}

function makeMissing(directory: string, now: Date): void {
  privateDirectory(directory)
  const make = (file: KeyFile, text: () => string): void => {
    if (!existsSync(join(directory, file))) writeOnce(join(directory, file), text(), randomUUID())
  }
  make('log.key', () => pemOf(generateKeyPairSync('ed25519').privateKey))
  make('token.key', () => pemOf(generateKeyPairSync('ed25519').privateKey))
  make('seal.pem', () => certifiedPem('seal', now))
  make('tsa.pem', () => certifiedPem('timestamp', now))
}

const day = 86_400_000

/**
 * Key, certificate and authority in one file, so that a crash never leaves one without the others. The authority's own
 * key is not kept: it signs once, and nobody can make another certificate under it.
 */
function certifiedPem(use: CertificateUse, now: Date): string {
  const organisation = 'Socle (environnement de test)'
  const what = use === 'seal' ? 'cachet' : 'horodatage'
  // From the day before: clocks that are a little late must not find the certificate too young.
  const validity = { from: new Date(now.getTime() - day), to: new Date(now.getTime() + 3650 * day) }
  const authority = makeAuthority({ organisation, name: `Autorité de test, ${what}` }, validity)
  const { privateKey, certificate } = makeIdentity(
    authority,
    use,
    { organisation, name: `Socle, ${what} de test` },
    validity,
  )
  return pemOf(privateKey) + certificate.toString() + authority.certificate.toString()
}

/**
 * Sandbox verifiers find what they need in `trust/`. A log of another name (the next half-year's) adds a line to
 * `log.vkey`: proofs of the earlier one stay good.
 */
function publishTrust(
  directory: string,
  vkey: string,
  authorities: { readonly sealCa: X509Certificate; readonly tsaCa: X509Certificate },
): void {
  privateDirectory(join(directory, 'trust'))
  const known = readText(directory, 'trust/log.vkey')
  const wanted = withLine(known, vkey)
  if (known !== wanted) replaceFile(join(directory, 'trust/log.vkey'), wanted, randomUUID())
  for (const [name, authority] of [
    ['trust/seal-ca.pem', authorities.sealCa],
    ['trust/tsa-ca.pem', authorities.tsaCa],
  ] as const) {
    writeOnce(join(directory, name), authority.toString(), randomUUID())
    if (readText(directory, name).includes(authority.toString().trim())) continue
    throw new KeyStoreError(`${join(directory, name)} is not the authority of these keys: put the right one back`)
  }
}

/** The text of a file, empty when there is none. */
function readText(directory: string, file: string): string {
  const path = join(directory, file)
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

function withLine(text: string, line: string): string {
  return text.split('\n').includes(line) ? text : `${text}${line}\n`
}

function readEd25519(directory: string, file: KeyFile): KeyObject {
  const key = readPrivateKey(directory, file)
  if (key.asymmetricKeyType !== 'ed25519') throw new KeyStoreError(`${join(directory, file)} must hold ${files[file]}`)
  return key
}

function readCertified(directory: string, file: KeyFile): CertifiedKey {
  const privateKey = readPrivateKey(directory, file)
  const [certificate, ...issuers] = parseCertificates(readFileSync(join(directory, file), 'utf8'))
  const authority = issuers.at(-1)
  const complete = certificate !== undefined && authority !== undefined && certificate.checkPrivateKey(privateKey)
  if (!complete || privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new KeyStoreError(`${join(directory, file)} must hold ${files[file]}`)
  }
  return { privateKey, certificate, chain: issuers.slice(0, -1), authority }
}

function readPrivateKey(directory: string, file: KeyFile): KeyObject {
  try {
    return createPrivateKey(readFileSync(join(directory, file)))
  } catch (cause) {
    throw new KeyStoreError(`${join(directory, file)} must hold ${files[file]}`, { cause })
  }
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}
