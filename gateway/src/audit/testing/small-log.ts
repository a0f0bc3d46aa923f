import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'
import {
  appendLeaves,
  type Checkpoint,
  commitmentOf,
  emptyEdge,
  type Envelope,
  formatTlogProof,
  jcsBytes,
  leafHash,
  leafText,
  makeVkey,
  manifestOf,
  parseVkey,
  type Receipt,
  signatureValueOf,
  signCheckpoint,
  type Trust,
} from '@socle/schemas'
import { createLocalTimestampAuthority } from '../../adapters/timestamp-local.ts'
import { withSignatureTimestamp } from '../../keys/cms-timestamp.ts'
import { makeAuthority, makeIdentity } from '../../keys/make-certificates.ts'
import { prepareSeal } from '../../record/seal.ts'
import { type EntryProof, entryProofFormat, type ErasedParts, type WholeParts } from '../container-layout.ts'

const origin = 'socle.example/essai/2026b'
const start = Date.parse('2026-11-24T10:00:00.000Z')
const validity = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2030-01-01T00:00:00Z') }
export const consultation = 'consultation-1'

export interface LogPlan {
  /** When the outside clock says that it is; a minute after the entries unless told. */
  readonly stampedAt?: Date
  /** Content of the document. */
  readonly text?: string
}

/** A log of one document, two deliveries, an outcome and an erasure of it, then a second document and its erasure, under one stamped checkpoint. */
export interface SmallLog {
  readonly trust: Trust
  readonly whole: WholeParts
  readonly erased: ErasedParts
  /** What is left of a second document, erased too. */
  readonly alsoErased: ErasedParts
  /** A checkpoint by the log's own key: what its thief can make. */
  readonly sign: (head: Pick<Checkpoint, 'size' | 'root'>) => string
  /** A token of the trusted authority over other bytes. */
  readonly stamp: (data: Uint8Array) => Promise<Uint8Array>
  /** Entry proof of each entry by its kind, and of those that are about another document. */
  readonly proofs: Readonly<Record<'dlv' | 'again' | 'out' | 'era' | 'alsoEra' | 'other' | 'avl', EntryProof>>
}

const idOf = (number: number): string => `01990000-0000-7000-8000-${String(number).padStart(12, '0')}`

function envelopesOf(text: string): readonly Envelope[] {
  const common = (number: number): Pick<Envelope, 'v' | 'id' | 'environment' | 'at'> => ({
    v: 1,
    id: idOf(number),
    environment: 'sandbox',
    at: new Date(start + number * 1_000).toISOString(),
  })
  const sha256 = createHash('sha256').update(text).digest('hex')
  const content = { name: 'document.xml', mediaType: 'application/xml', size: Buffer.byteLength(text), sha256 }
  const delivery = (...documents: readonly string[]): Pick<Envelope, 'kind' | 'type' | 'account' | 'delivery'> => ({
    kind: 'dlv',
    type: 'feed',
    account: 'archive-b',
    delivery: { recipient: 'archive-b', channel: 'feed', documents: [...documents] },
  })
  return [
    { ...common(0), kind: 'avl', type: 'probe' },
    { ...common(1), kind: 'doc', type: 'notice', account: 'profil-a', consultation, content },
    { ...common(2), ...delivery(idOf(1)) },
    { ...common(3), ...delivery(idOf(9), idOf(1)) },
    {
      ...common(4),
      kind: 'out',
      type: 'archived',
      account: 'archive-b',
      outcome: { document: idOf(1), result: 'archived' },
    },
    { ...common(5), ...delivery(idOf(9)) },
    { ...common(6), kind: 'era', type: 'erasure', erasure: { document: idOf(1), decision: '2026-17' } },
    { ...common(7), kind: 'doc', type: 'award', account: 'profil-a', consultation, content },
    { ...common(8), kind: 'era', type: 'erasure', erasure: { document: idOf(7), decision: '2026-18' } },
  ]
}

const base64 = (bytes: Uint8Array = Buffer.alloc(0)): string => Buffer.from(bytes).toString('base64')
const saltOf = ({ id }: Envelope): Buffer => createHash('sha256').update(`sel ${id}`).digest().subarray(0, 16)

interface Grown {
  readonly leaves: readonly string[]
  readonly paths: readonly (readonly string[])[]
  readonly checkpoint: string
}

/** One checkpoint over all entries. */
function grow(envelopes: readonly Envelope[], seal: Buffer, privateKey: KeyObject): Grown {
  const leaves = envelopes.map((envelope) => {
    const commitment = commitmentOf(saltOf(envelope), jcsBytes(envelope))
    return leafText(envelope, commitment, envelope.kind === 'doc' ? seal : undefined)
  })
  const hashes = leaves.map((leaf) => leafHash(Buffer.from(leaf)))
  const { root, paths } = appendLeaves(emptyEdge(), hashes)
  return { leaves, paths, checkpoint: signCheckpoint({ name: origin, privateKey }, { size: leaves.length, root }) }
}

function entryProofsOf(
  { leaves, paths, checkpoint }: Grown,
  envelopes: readonly Envelope[],
  token: Uint8Array,
): SmallLog['proofs'] {
  const of = (index: number): EntryProof => {
    const envelope = envelopes[index]
    const opened = envelope ? { envelope, salt: base64(saltOf(envelope)) } : {}
    const proof = formatTlogProof({ index, path: paths[index] ?? [], checkpoint })
    return { format: entryProofFormat, ...opened, leaf: leaves[index] ?? '', proof, timestamp: base64(token) }
  }
  return { avl: of(0), dlv: of(2), again: of(3), out: of(4), other: of(5), era: of(6), alsoEra: of(8) }
}

export async function makeSmallLog({ stampedAt, text = '<avis/>' }: LogPlan = {}): Promise<SmallLog> {
  const authority = makeAuthority({ organisation: 'Essai', name: 'Autorité' }, validity)
  const signer = makeIdentity(authority, 'seal', { organisation: 'Essai', name: 'Cachet' }, validity)
  const identity = makeIdentity(authority, 'timestamp', { organisation: 'Essai', name: 'Horloge' }, validity)
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const time = stampedAt ?? new Date(start + 60_000)
  const clock = createLocalTimestampAuthority({ identity, clock: () => time })

  const envelopes = envelopesOf(text)
  const [, document] = envelopes
  if (!document) throw new Error('no document')
  const manifest = manifestOf(document)
  const sealer = prepareSeal(signer.privateKey, signer.certificate)
  const digest = createHash('sha256').update(manifest).digest()
  const signature = Buffer.from(await sealer.seal(digest, new Date(document.at)))
  const grown = grow(envelopes, signature, privateKey)
  const { leaves, paths, checkpoint } = grown
  const [leaf = '', path = []] = [leaves[1], paths[1]]
  const token = await clock.stamp(Buffer.from(checkpoint))
  const proofs = entryProofsOf(grown, envelopes, token)
  const receipt: Receipt = {
    format: 'socle-receipt/v1',
    environment: 'sandbox',
    state: 'recorded',
    id: document.id,
    envelope: document,
    salt: base64(saltOf(document)),
    leaf,
    proof: { index: 1, size: leaves.length, path: [...path] },
    checkpoint,
    seal: { manifest, signature: base64(signature) },
  }
  const logged = { leaf, tlogProof: formatTlogProof({ index: 1, path, checkpoint }), checkpointTsr: token }
  const [sealAuthorities, logs] = [[authority.certificate], [parseVkey(makeVkey(origin, publicKey))]]
  return {
    trust: { logs, sealAuthorities, timestampAuthorities: sealAuthorities },
    whole: {
      ...logged,
      document: { name: 'document.xml', bytes: Buffer.from(text) },
      envelope: jcsBytes(document),
      manifest,
      signature,
      timedSignature: withSignatureTimestamp(signature, await clock.stamp(signatureValueOf(signature))),
      receipt,
      deliveries: [proofs.dlv, proofs.again],
      outcomes: [proofs.out],
    },
    erased: { ...logged, erasure: proofs.era },
    alsoErased: {
      leaf: leaves[7] ?? '',
      tlogProof: formatTlogProof({ index: 7, path: paths[7] ?? [], checkpoint }),
      checkpointTsr: token,
      erasure: proofs.alsoEra,
    },
    sign: (head) => signCheckpoint({ name: origin, privateKey }, head),
    stamp: async (data) => await clock.stamp(data),
    proofs,
  }
}
