import {
  envelopeFile,
  equalHashes,
  fromBase64,
  jcsBytes,
  leafHash,
  manifestFile,
  openCheckpoint,
  parseTlogProof,
  ProofError,
  reasonOf,
  type Receipt,
  rootFromPath,
  signatureFile,
  type TlogProof,
  type Trust,
  verifyReceipt,
  verifyTimestamp,
} from '@socle/schemas'
import { containerType, proofFiles, readmeFile } from './container-layout.ts'
import { containerReadme } from './container-readme.ts'
import { messages } from './messages.ts'
import { readContainer } from './read-container.ts'
import type { ReportBuilder } from './report.ts'
import { reportReceipt } from './report-receipt.ts'

export interface ContainerPlace {
  /** How the report names the container. */
  readonly name: string
  readonly brief: boolean
}

/** Verifies an evidence container: its receipt, each of its files against it, the inclusion proof, the timestamp. */
export async function verifyContainer(
  bytes: Buffer,
  { name, brief }: ContainerPlace,
  trust: Trust,
  report: ReportBuilder,
): Promise<void> {
  let files: Map<string, Buffer>
  try {
    files = await readContainer(bytes)
  } catch (error) {
    return report.failed(name, messages.containerBad, reasonOf(error))
  }
  const placeOf = (file: string): string => `${name}!/${file}`
  const receiptBytes = files.get(proofFiles.receipt)
  if (receiptBytes === undefined) return report.failed(placeOf(proofFiles.receipt), messages.memberBad)
  const documentName = documentIn(files)
  const content = documentName === undefined ? undefined : files.get(documentName)
  const verification = verifyReceipt(receiptBytes, { trust, ...(content === undefined ? {} : { content }) })
  const places = { receipt: placeOf(proofFiles.receipt), document: placeOf(documentName ?? 'document'), brief }
  reportReceipt(report, places, verification)
  const { receipt } = verification
  if (receipt === undefined) return
  const bad = misfits(files, receipt)
  for (const file of bad) report.failed(placeOf(file), messages.memberBad)
  if (bad.length === 0) report.proved(name, messages.containerGood)
  checkReadme(files, placeOf, report)
  checkProof({ files, receipt, trust, placeOf }, report)
}

/** The one file at the root beside `mimetype` and the envelope. */
function documentIn(files: ReadonlyMap<string, Buffer>): string | undefined {
  return [...files.keys()].find((file) => !file.includes('/') && file !== 'mimetype' && file !== envelopeFile)
}

/** Files that are not what the receipt says, are missing, or should not be there. */
function misfits(files: ReadonlyMap<string, Buffer>, receipt: Receipt): string[] {
  const expected = new Map<string, Buffer>([
    ['mimetype', Buffer.from(containerType)],
    [envelopeFile, attempt(() => jcsBytes(receipt.envelope))],
    [manifestFile, Buffer.from(receipt.seal.manifest)],
    [signatureFile, attempt(() => fromBase64(receipt.seal.signature))],
    [proofFiles.seal, attempt(() => fromBase64(receipt.seal.signature))],
    [proofFiles.leaf, Buffer.from(receipt.leaf)],
  ])
  const checkedElsewhere = new Set<string>([
    proofFiles.receipt,
    proofFiles.tlogProof,
    proofFiles.checkpointTsr,
    readmeFile,
  ])
  if (receipt.envelope.kind === 'doc') checkedElsewhere.add(receipt.envelope.content?.name ?? '')
  const wrong = [...expected].filter(([file, bytes]) => files.get(file)?.equals(bytes) !== true).map(([file]) => file)
  const extra = [...files.keys()].filter((file) => !expected.has(file) && !checkedElsewhere.has(file))
  return [...wrong, ...extra]
}

/** What cannot be derived equals no file. */
function attempt(derive: () => Buffer): Buffer {
  try {
    return derive()
  } catch {
    return Buffer.alloc(0)
  }
}

function checkReadme(
  files: ReadonlyMap<string, Buffer>,
  placeOf: (file: string) => string,
  report: ReportBuilder,
): void {
  const readme = files.get(readmeFile)
  if (readme !== undefined && readme.toString() !== containerReadme) {
    report.skipped(placeOf(readmeFile), messages.readmeOther)
  }
}

interface ProofInput {
  readonly files: ReadonlyMap<string, Buffer>
  readonly receipt: Receipt
  readonly trust: Trust
  readonly placeOf: (file: string) => string
}

function checkProof({ files, receipt, trust, placeOf }: ProofInput, report: ReportBuilder): void {
  let proof: TlogProof
  try {
    proof = parseTlogProof(files.get(proofFiles.tlogProof)?.toString() ?? '')
    const head = openCheckpoint(proof.checkpoint, trust.logs)
    if (proof.index !== receipt.proof.index) throw new ProofError('the index is not that of the receipt')
    const path = proof.path.map((hash) => fromBase64(hash, 32))
    const root = rootFromPath(leafHash(Buffer.from(receipt.leaf)), { index: proof.index, size: head.size }, path)
    if (!equalHashes(root, head.root)) throw new ProofError('the path leads to another root')
    report.proved(placeOf(proofFiles.tlogProof), messages.proofGood(head))
  } catch (error) {
    return report.failed(placeOf(proofFiles.tlogProof), messages.proofBad, reasonOf(error))
  }
  const token = files.get(proofFiles.checkpointTsr)
  const place = placeOf(proofFiles.checkpointTsr)
  if (token === undefined) return report.skipped(place, messages.tokenAbsent)
  if (trust.timestampAuthorities.length === 0) return report.skipped(place, messages.tokenUntrusted)
  try {
    const { time } = verifyTimestamp(token, Buffer.from(proof.checkpoint), trust.timestampAuthorities)
    report.proved(place, messages.tokenGood(time))
  } catch (error) {
    report.failed(place, messages.tokenBad, reasonOf(error))
  }
}
