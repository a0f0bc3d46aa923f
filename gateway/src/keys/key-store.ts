import { createPrivateKey, createPublicKey, type KeyObject, randomUUID, type X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Environment, makeVkey, parseTrust, reasonOf, type Trust, type TrustFiles } from '@socle/schemas'
import { type CertifiedKey, certifiedFile, readCertified } from './certified-key.ts'
import { privateDirectory, replaceFile, writeOnce } from './durable-file.ts'
import { KeyStoreError } from './key-store-error.ts'
import { logKeyFile, readLogKey } from './log-key.ts'
import { makeMissing } from './sandbox-keys.ts'
import { withAuthorities } from './seal-authorities.ts'
import { parseStorageKey } from './storage-key.ts'

/** The hub's keys. Each has one use: a stolen one must not open another door. */
export interface Keys {
  /** Ed25519: signs checkpoints. `origin` is the log's name. */
  readonly log: { readonly origin: string; readonly privateKey: KeyObject; readonly vkey: string }
  /** P-256: seals documents. */
  readonly seal: CertifiedKey
  /** The one that seals from an instant that the log gives (`socle keys rotate seal`), when it lies there. */
  readonly sealNext: CertifiedKey | undefined
  /** P-256: the sandbox's own timestamp authority; production asks an outside one and has no such key. */
  readonly timestamp: CertifiedKey | undefined
  /** Ed25519: signs access tokens. `others`: those of `token-next.key` and `token-old.key` are believed, and sign none. */
  readonly token: {
    readonly privateKey: KeyObject
    readonly publicKey: KeyObject
    readonly others: readonly KeyObject[]
  }
  /** 256 bits: wraps the keys that documents are stored under (store/vault.ts). */
  readonly storage: KeyObject
  /** What verifiers need, as the texts of `log.vkey`, `seal-ca.pem`, `tsa-ca.pem`. */
  readonly trust: Required<Omit<TrustFiles, 'keys' | 'witnesses'>>
}

export interface KeySettings {
  readonly environment: Environment
  /** Name of the log: `socle.example/sandbox/2026b`. */
  readonly origin: string
  readonly now: Date
  /** Opens `seal.p12`, or an encrypted key in `seal.pem`. */
  readonly sealPassphrase?: string | undefined
}

/** What each file holds, in the words of the error that asks for it. */
const files = {
  'log.key': 'the Ed25519 private key that signs the log (PKCS#8 PEM)',
  'token.key': 'the Ed25519 private key that signs access tokens (PKCS#8 PEM)',
  'token-next.key': 'the Ed25519 private key that will sign access tokens (PKCS#8 PEM)',
  'token-old.key': 'the Ed25519 key that signed access tokens before (PKCS#8 PEM)',
  'storage.key': 'the key that documents are stored under (32 random bytes in base64: openssl rand -base64 32)',
  'seal.pem':
    'the P-256 private key, the seal certificate, its issuers in order, the trusted authority last (PEM; or PKCS#12 in seal.p12)',
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
  const needed: KeyFile[] = [
    'log.key',
    'token.key',
    'storage.key',
    'seal.pem',
    production ? 'trust/tsa-ca.pem' : 'tsa.pem',
  ]
  const isThere = (file: KeyFile): boolean => hasKey(directory, file, settings.origin)
  if (!production) makeMissing(directory, settings.now, isThere)
  const missing = needed.filter((file) => !isThere(file))
  if (missing.length > 0) {
    const wants = missing.map((file) => `${file}: ${files[file]}`)
    throw new KeyStoreError(`The key directory ${directory} lacks:\n${wants.join('\n')}`)
  }
  const logKey = readLogKey(directory, settings.origin)
  const tokenKey = readEd25519(directory, 'token.key')
  const otherTokens = (['token-next.key', 'token-old.key'] as const).filter(isThere)
  const seal = readCertified(join(directory, certifiedFile(directory, 'seal') ?? ''), 'seal', settings.sealPassphrase)
  const sealNext = readSealNext(directory, settings.sealPassphrase)
  const timestamp = production ? undefined : readCertified(join(directory, 'tsa.pem'), 'timestamp')
  const vkey = makeVkey(settings.origin, createPublicKey(logKey))
  if (timestamp !== undefined) publishTrust(directory, vkey, { sealCa: seal.authority, tsaCa: timestamp.authority })
  const trust = {
    logVkey: withLine(readText(directory, 'trust/log.vkey'), vkey),
    sealCa: withAuthorities(readText(directory, 'trust/seal-ca.pem'), [seal, ...(sealNext ? [sealNext] : [])]),
    tsaCa: readText(directory, 'trust/tsa-ca.pem'),
  }
  return {
    log: { origin: settings.origin, privateKey: logKey, vkey },
    seal,
    sealNext,
    timestamp,
    token: {
      privateKey: tokenKey,
      publicKey: createPublicKey(tokenKey),
      others: otherTokens.map((file) => createPublicKey(readEd25519(directory, file))),
    },
    storage: readStorage(directory),
    trust,
  }
}

/** Whether a key is there; the seal's may be PKCS#12 instead of PEM, a log's be under its own name. */
export function hasKey(directory: string, file: KeyFile, origin: string): boolean {
  if (file === 'seal.pem') return certifiedFile(directory, 'seal') !== undefined
  return existsSync(join(directory, file === 'log.key' ? logKeyFile(directory, origin) : file))
}

/** The seal key that waits for its turn, read anew: a running hub is given one by putting it there. @throws KeyStoreError */
export function readSealNext(directory: string, passphrase: string | undefined): CertifiedKey | undefined {
  const file = certifiedFile(directory, 'seal-next')
  return file === undefined ? undefined : readCertified(join(directory, file), 'seal', passphrase)
}

/**
 * Puts a seal key beside the one that seals, under the name it has until it takes over, and both authorities among those
 * that verifiers are given.
 * @param source path of its file, PEM or PKCS#12 (.p12); undefined: it lies there already
 * @throws KeyStoreError when it may not seal, another one waits there, or the directory cannot be written and must be
 */
export function placeSealNext(
  directory: string,
  {
    current,
    source,
    passphrase,
  }: { readonly current: CertifiedKey; readonly source?: string | undefined; readonly passphrase: string | undefined },
): CertifiedKey {
  try {
    const given = source === undefined ? undefined : readCertified(source, 'seal', passphrase)
    if (source !== undefined) {
      const name = source.endsWith('.p12') ? 'seal-next.p12' : 'seal-next.pem'
      writeOnce(join(directory, name), readFileSync(source), randomUUID())
    }
    const next = readSealNext(directory, passphrase)
    if (!next) throw new KeyStoreError(`${directory} holds no seal-next.pem nor seal-next.p12`)
    if (given && given.certificate.fingerprint256 !== next.certificate.fingerprint256)
      throw new KeyStoreError(`${directory} holds another seal-next already: take it away first`)
    if (current.authority.fingerprint256 !== next.authority.fingerprint256)
      publishSealAuthorities(directory, [current, next])
    return next
  } catch (cause) {
    if (cause instanceof KeyStoreError) throw cause
    throw new KeyStoreError(
      `${directory} cannot be written (${reasonOf(cause)}): put seal-next.pem there, and both authorities in trust/seal-ca.pem`,
      { cause },
    )
  }
}

function publishSealAuthorities(directory: string, keys: readonly CertifiedKey[]): void {
  const text = readText(directory, 'trust/seal-ca.pem')
  const wanted = withAuthorities(text, keys)
  if (text === wanted) return
  privateDirectory(join(directory, 'trust'))
  replaceFile(join(directory, 'trust/seal-ca.pem'), wanted, randomUUID())
}

/** The keys' public side, ready to verify with. */
export function trustOf(keys: Pick<Keys, 'trust'>): Trust {
  return parseTrust(keys.trust)
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

function readStorage(directory: string): KeyObject {
  try {
    return parseStorageKey(readText(directory, 'storage.key'))
  } catch (cause) {
    throw new KeyStoreError(`${join(directory, 'storage.key')} must hold ${files['storage.key']}`, { cause })
  }
}

function readPrivateKey(directory: string, file: KeyFile): KeyObject {
  try {
    return createPrivateKey(readFileSync(join(directory, file)))
  } catch (cause) {
    throw new KeyStoreError(`${join(directory, file)} must hold ${files[file]}`, { cause })
  }
}
