import { fromBase64 } from './base64.ts'
import { type Checkpoint, openCheckpoint, parseCheckpointText } from './checkpoint.ts'
import { idData, parseCms, type VerifiedSigner, verifySigner } from './cms-verify.ts'
import type { Receipt } from '../generated/types.ts'
import { jcsBytes } from './jcs.ts'
import { checkKeyAt, checkLogKeyAt, type KeyList } from './key-list.ts'
import { commitmentOf, formatLeaf, leafOf, parseLeaf, sealHashOf } from './leaf.ts'
import { manifestOf } from './manifest.ts'
import { leafHash, sha256 } from './merkle.ts'
import { equalHashes, rootFromPath } from './merkle-verify.ts'
import { parseNote } from './note.ts'
import { ProofError, reasonOf } from './proof-error.ts'
import { type CheckName, checkMessages, type Message } from './receipt-messages.ts'
import { parseReceipt } from './receipt-shape.ts'
import { checkStrength } from './timestamp-chain.ts'
import type { Trust } from './trust.ts'
import { requireQuorum } from './witness-policy.ts'
import { checkChain } from './x509.ts'

export type CheckResult = 'proved' | 'failed' | 'not-checked'

export interface Check {
  readonly name: CheckName
  readonly result: CheckResult
  readonly message: Message
  /** Technical reason of a failure, for support. */
  readonly detail?: string
}

export interface Verification {
  /** `proved` when nothing failed and nothing but the content was left unchecked. */
  readonly verdict: 'proved' | 'not-proved'
  readonly checks: readonly Check[]
  /** The receipt as read; absent when its shape failed. Trust it only as far as the checks go. */
  readonly receipt?: Receipt
}

export interface VerifyOptions {
  readonly trust: Trust
  /** The document's exact bytes, when they are at hand. */
  readonly content?: Uint8Array
  /**
   * The latest moment at which the receipt's entry is proved to have been in the log, by an outside clock: time of a
   * verified token over a checkpoint that covers it, its accuracy added. Needed where a key was revoked since.
   */
  readonly provenTime?: Date
}

const allChecks: readonly CheckName[] = [
  'shape',
  'state',
  'envelope',
  'leaf',
  'inclusion',
  'checkpoint',
  'manifest',
  'seal-hash',
  'seal',
  'seal-authority',
  'content',
]

/**
 * Verifies a receipt offline: every check is made and reported, whatever the others say. Never throws: hostile input
 * ends as a failed check.
 * @param source parsed JSON, JSON text, or its bytes
 */
export function verifyReceipt(source: unknown, options: VerifyOptions): Verification {
  let receipt: Receipt
  try {
    receipt = parseReceipt(source)
  } catch (error) {
    const checks = allChecks.map((name) => (name === 'shape' ? failed(name, error) : skipped(name)))
    return { verdict: 'not-proved', checks }
  }
  const signer = attempt(() => verifySeal(receipt))
  const { witnesses } = options.trust
  const checks: Check[] = [
    report('shape', () => {}),
    report('state', () => checkState(receipt)),
    report('envelope', () => checkEnvelope(receipt)),
    report('leaf', () => checkLeaf(receipt)),
    report('inclusion', () => checkInclusion(receipt)),
    report('checkpoint', () => openCheckpoint(receipt.checkpoint, options.trust.logs)),
    report('manifest', () => checkManifest(receipt)),
    report('seal-hash', () => checkSealHash(receipt)),
    report('seal', () => signer.get()),
    signer.ok ? report('seal-authority', () => checkAuthority(signer.get(), options.trust)) : skipped('seal-authority'),
    // Without a list nobody is told of one check more.
    ...(options.trust.keys ? [reportKeys(receipt, options.trust.keys, signer, options)] : []),
    ...(witnesses ? [report('witnesses', () => requireQuorum(receipt.checkpoint, witnesses))] : []),
    options.content === undefined ? skipped('content') : reportContent(receipt, options.content),
  ]
  const proved = checks.every(({ name, result }) => result === 'proved' || (name === 'content' && result !== 'failed'))
  return { verdict: proved ? 'proved' : 'not-proved', checks, receipt }
}

function report(name: CheckName, check: () => unknown): Check {
  try {
    check()
    return { name, result: 'proved', message: checkMessages[name].proved }
  } catch (error) {
    return failed(name, error)
  }
}

function failed(name: CheckName, error: unknown): Check {
  return { name, result: 'failed', message: checkMessages[name].failed, detail: reasonOf(error) }
}

function skipped(name: CheckName): Check {
  return { name, result: 'not-checked', message: checkMessages[name].skipped }
}

function attempt<T>(work: () => T): { ok: boolean; get: () => T } {
  try {
    const value = work()
    return { ok: true, get: () => value }
  } catch (error) {
    return {
      ok: false,
      get: () => {
        throw error
      },
    }
  }
}

function checkState({ state, id, environment, envelope }: Receipt): void {
  const expected = { doc: 'recorded', rej: 'refused' }[envelope.kind as string]
  if (state !== expected) throw new ProofError(`${state} does not go with an entry of kind ${envelope.kind}`)
  if (id !== envelope.id) throw new ProofError('the id is not that of the envelope')
  if (environment !== envelope.environment) throw new ProofError('the environment is not that of the envelope')
}

function checkEnvelope(receipt: Receipt): void {
  const commitment = commitmentOf(fromBase64(receipt.salt, 16), jcsBytes(receipt.envelope))
  if (commitment !== parseLeaf(receipt.leaf).commitment) throw new ProofError('the commitment differs')
}

function checkLeaf({ leaf, envelope }: Receipt): void {
  const { commitment, seal } = parseLeaf(leaf)
  if (formatLeaf(leafOf(envelope, commitment, seal)) !== leaf)
    throw new ProofError('the leaf differs from the envelope')
}

function checkInclusion({ leaf, proof, checkpoint }: Receipt): void {
  const head: Checkpoint = parseCheckpointText(parseNote(checkpoint).text)
  if (head.size !== proof.size) throw new ProofError('the proof and the checkpoint have different sizes')
  const path = proof.path.map((element) => fromBase64(element, 32))
  const root = rootFromPath(leafHash(Buffer.from(leaf)), proof, path)
  if (!equalHashes(root, head.root)) throw new ProofError('the path leads to another root')
}

function checkManifest({ envelope, seal }: Receipt): void {
  if (manifestOf(envelope) !== seal.manifest) throw new ProofError('the manifest differs from the envelope')
}

function checkSealHash({ leaf, seal }: Receipt): void {
  if (parseLeaf(leaf).seal !== sealHashOf(fromBase64(seal.signature))) throw new ProofError('the seal digest differs')
}

/** The seal of a receipt, as a detached CAdES signature of its manifest. */
function verifySeal({ seal }: Receipt): VerifiedSigner {
  const signed = parseCms(fromBase64(seal.signature))
  if (signed.content !== undefined || signed.contentType !== idData) throw new ProofError('the seal is not detached')
  return verifySigner(signed, Buffer.from(seal.manifest))
}

function checkAuthority({ certificate, others, signingTime }: VerifiedSigner, trust: Trust): void {
  if (signingTime === undefined) throw new ProofError('the seal has no signing time')
  const way = checkChain({ certificate, others, authorities: trust.sealAuthorities, at: signingTime, use: 'seal' })
  checkStrength(way)
}

function reportKeys(
  { checkpoint }: Receipt,
  list: KeyList,
  signer: { readonly ok: boolean; readonly get: () => VerifiedSigner },
  { trust, provenTime }: VerifyOptions,
): Check {
  if (!signer.ok) return skipped('key-list')
  return report('key-list', () => {
    const { certificate, signingTime } = signer.get()
    checkKeyAt(list, certificate, provenTime, signingTime)
    checkLogKeyAt(list, checkpoint, trust.logs, provenTime)
  })
}

function reportContent(receipt: Receipt, bytes: Uint8Array): Check {
  return report('content', () => {
    const { content } = receipt.envelope
    if (content === undefined) throw new ProofError('the envelope names no document')
    if (content.size !== bytes.length) throw new ProofError(`${bytes.length} bytes instead of ${content.size}`)
    if (content.sha256 !== sha256(bytes).toString('hex')) throw new ProofError('the SHA-256 digest differs')
  })
}
