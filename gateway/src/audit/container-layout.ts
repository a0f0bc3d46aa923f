import {
  checkContentName,
  type Envelope,
  envelopeFile,
  manifestFile,
  type Receipt,
  signatureFile,
} from '@socle/schemas'
import { containerReadme } from './container-readme.ts'

export const containerType = 'application/vnd.etsi.asic-e+zip'
export const readmeFile = 'META-INF/socle/LISEZMOI-README.txt'
/** Everything of ours beside what ASiC asks for. */
export const proofFiles = {
  /** The seal exactly as it was logged: its SHA-256 is `seal` in the leaf. */
  seal: 'META-INF/socle/seal.p7s',
  receipt: 'META-INF/socle/receipt.json',
  leaf: 'META-INF/socle/leaf.json',
  tlogProof: 'META-INF/socle/proof.tlog-proof',
  checkpointTsr: 'META-INF/socle/checkpoint.tsr',
  erasure: 'META-INF/socle/erasure.json',
} as const
/** Long-term proof over the other files (RFC 4998, EN 319 162-1 clause 4.4.3.4). */
export const evidenceRecordFiles = {
  manifest: 'META-INF/ASiCEvidenceRecordManifest.xml',
  record: 'META-INF/evidencerecord.ers',
} as const

/** A container tells the first so many deliveries, and the first so many outcomes. */
export const maxEntryProofs = 1_000

/** Names of entry proofs, counted from 1. */
export function deliveryFile(number: number): string {
  return `META-INF/socle/deliveries/${String(number).padStart(4, '0')}.json`
}
export function outcomeFile(number: number): string {
  return `META-INF/socle/outcomes/${String(number).padStart(4, '0')}.json`
}

export const entryProofFormat = 'socle-entry-proof/v1'

/** One entry of the log about a document (delivery, outcome, erasure): what it says, and that the log holds it. */
export interface EntryProof {
  readonly format: typeof entryProofFormat
  /** Opens the leaf's commitment with the salt. Both absent: the entry names documents that are not for every reader. */
  readonly envelope?: Envelope
  /** Base64. */
  readonly salt?: string
  /** The exact text of the leaf. */
  readonly leaf: string
  /** C2SP tlog-proof of the leaf, to the first stamped checkpoint over it when there is one. */
  readonly proof: string
  /** Base64 RFC 3161 response over the exact bytes of the checkpoint inside `proof`. */
  readonly timestamp?: string
}

/** Every file of a container but the document, in the order in which they stand. */
const fileOrder: readonly string[] = [
  'mimetype',
  'document',
  envelopeFile,
  manifestFile,
  signatureFile,
  proofFiles.seal,
  proofFiles.receipt,
  proofFiles.leaf,
  proofFiles.tlogProof,
  proofFiles.checkpointTsr,
  'META-INF/socle/deliveries/',
  'META-INF/socle/outcomes/',
  proofFiles.erasure,
  readmeFile,
  evidenceRecordFiles.manifest,
  evidenceRecordFiles.record,
]

/** Negative when a file of that name stands before the other. Files that no container has stand last. */
export function compareFiles(one: string, other: string): number {
  return rankOf(one) - rankOf(other) || (one < other ? -1 : 1)
}

function rankOf(file: string): number {
  const steps = /^META-INF\/socle\/(?:deliveries|outcomes)\//.exec(file)?.[0]
  const isDocument = !file.includes('/') && !fileOrder.includes(file)
  const rank = fileOrder.indexOf(steps ?? (isDocument ? 'document' : file))
  return rank < 0 ? fileOrder.length : rank
}

interface LoggedParts {
  readonly leaf: string
  /** C2SP tlog-proof; its checkpoint may be later than the receipt's, to be the one that was timestamped. */
  readonly tlogProof: string
  /** RFC 3161 response over the exact bytes of the checkpoint inside `tlogProof`. */
  readonly checkpointTsr?: Uint8Array
}

export interface WholeParts extends LoggedParts {
  /** The bytes as received; none for a refusal. `name` is that of the envelope's content. */
  readonly document?: { readonly name: string; readonly bytes: Uint8Array }
  /** RFC 8785 bytes of the envelope. */
  readonly envelope: Uint8Array
  /** The sealed manifest. */
  readonly manifest: string
  /** DER of the seal as it was logged (CAdES-B). */
  readonly signature: Uint8Array
  /** The same with its signature timestamp (CAdES-T), once there is one: it is then what `META-INF/signature.p7s` holds. */
  readonly timedSignature?: Uint8Array
  readonly receipt: Receipt
  readonly deliveries?: readonly EntryProof[]
  readonly outcomes?: readonly EntryProof[]
  readonly evidenceRecord?: { readonly manifest: string; readonly record: Uint8Array }
}

/** A document that was erased: what its leaf says, and the entry that says when and by which decision. No seal: it commits to the bytes without a salt. */
export interface ErasedParts extends LoggedParts {
  readonly erasure: EntryProof
}

export type ContainerParts = WholeParts | ErasedParts

export interface ContainerFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/**
 * The files of a container, in their order: `mimetype` first; at the root only what the manifest names.
 * @throws ProofError when the document's name is not fit for a container
 */
export function filesOf(parts: ContainerParts): readonly ContainerFile[] {
  const body = 'erasure' in parts ? erasedFiles(parts) : wholeFiles(parts)
  return [['mimetype', containerType] as const, ...body].map(([name, content]) => ({
    name,
    bytes: typeof content === 'string' ? Buffer.from(content) : content,
  }))
}

type Content = readonly [name: string, content: Uint8Array | string]

function wholeFiles(parts: WholeParts): readonly Content[] {
  const { document, evidenceRecord, deliveries = [], outcomes = [] } = parts
  if (document) checkContentName(document.name)
  return [
    ...(document ? [[document.name, document.bytes] as const] : []),
    [envelopeFile, parts.envelope],
    [manifestFile, parts.manifest],
    [signatureFile, parts.timedSignature ?? parts.signature],
    [proofFiles.seal, parts.signature],
    [proofFiles.receipt, jsonText(parts.receipt)],
    ...loggedFiles(parts),
    ...deliveries.slice(0, maxEntryProofs).map((proof, at) => [deliveryFile(at + 1), jsonText(proof)] as const),
    ...outcomes.slice(0, maxEntryProofs).map((proof, at) => [outcomeFile(at + 1), jsonText(proof)] as const),
    [readmeFile, containerReadme],
    ...(evidenceRecord
      ? [
          [evidenceRecordFiles.manifest, evidenceRecord.manifest] as const,
          [evidenceRecordFiles.record, evidenceRecord.record] as const,
        ]
      : []),
  ]
}

function erasedFiles(parts: ErasedParts): readonly Content[] {
  return [...loggedFiles(parts), [proofFiles.erasure, jsonText(parts.erasure)], [readmeFile, containerReadme]]
}

function loggedFiles({ leaf, tlogProof, checkpointTsr }: LoggedParts): readonly Content[] {
  return [
    [proofFiles.leaf, leaf],
    [proofFiles.tlogProof, tlogProof],
    ...(checkpointTsr ? [[proofFiles.checkpointTsr, checkpointTsr] as const] : []),
  ]
}

/** As receipts and entry proofs are written; members in the order given. */
export function jsonText(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
