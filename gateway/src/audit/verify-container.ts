import {
  envelopeFile,
  fromBase64,
  jcsBytes,
  manifestFile,
  parseCheckpointText,
  parseNote,
  ProofError,
  reasonOf,
  type Receipt,
  signatureFile,
  type Trust,
  verifyReceipt,
} from '@socle/schemas'
import type { ContainerCheck, ContainerFacts } from './container-check.ts'
import { compareFiles, containerType, evidenceRecordFiles, proofFiles, readmeFile } from './container-layout.ts'
import { containerMessages } from './container-messages.ts'
import { containerReadme } from './container-readme.ts'
import { historyMessages } from './history-messages.ts'
import { messages } from './messages.ts'
import { createPlaceJudge, latestOf, type Place } from './place-judge.ts'
import { readContainer } from './read-container.ts'
import type { ReportBuilder } from './report.ts'
import { reportDocumentTime } from './report-document-time.ts'
import { reportEvidenceRecord } from './report-evidence-record.ts'
import { reportPlace, textOf } from './report-place.ts'
import { reportReceipt } from './report-receipt.ts'
import { reportSealTime } from './report-seal-time.ts'
import { reportSteps, stepFiles } from './report-steps.ts'
import { reportZip } from './report-zip.ts'
import { verifyErased } from './verify-erased.ts'

export interface ContainerPlace {
  /** How the report names the container. */
  readonly name: string
  readonly brief: boolean
  /** Against which the end of evidence records is held; without it, it is told only. */
  readonly now?: Date | undefined
}

/**
 * Verifies an evidence container: its receipt, each of its files against it, the outside time of the seal, its place in the
 * log and that of each delivery and outcome, outside times, the evidence record. Or, of an erased document, what is left.
 * Never throws for what the container holds: the report says it.
 * @returns what it is about, to be trusted as far as the report goes
 */
export async function verifyContainer(
  bytes: Buffer,
  { name, brief, now = neverEnded }: ContainerPlace,
  trust: Trust,
  report: ReportBuilder,
): Promise<ContainerFacts | undefined> {
  const placeOf = (file: string): string => `${name}!/${file}`
  try {
    const files = await readContainer(bytes)
    const check = { name, brief, files, trust, judge: createPlaceJudge(trust), report, placeOf }
    const facts = files.has(proofFiles.erasure) ? verifyErased(check) : verifyWhole(check, now)
    checkOrder(check)
    for (const size of check.judge.forks())
      report.failed(name, historyMessages.rewritten, `two roots for ${size} entries`)
    checkReadme(check)
    await reportZip(check, bytes)
    return facts
  } catch (error) {
    report.failed(name, messages.containerBad, reasonOf(error))
    return undefined
  }
}

/** Earlier than any evidence record. */
const neverEnded = new Date(0)

function verifyWhole(check: ContainerCheck, now: Date): ContainerFacts | undefined {
  const { name, brief, files, trust, report, placeOf } = check
  const receiptBytes = files.get(proofFiles.receipt)
  if (receiptBytes === undefined) {
    report.failed(placeOf(proofFiles.receipt), messages.memberBad)
    return undefined
  }
  const documentName = documentIn(files)
  const content = documentName === undefined ? undefined : files.get(documentName)
  const known = { ...provenTimeOf(check), ...(content === undefined ? {} : { content }) }
  const verification = verifyReceipt(receiptBytes, { trust, ...known })
  const places = { receipt: placeOf(proofFiles.receipt), document: placeOf(documentName ?? 'document'), brief }
  reportReceipt(report, places, verification)
  const { receipt } = verification
  if (receipt === undefined) return undefined
  const bad = misfits(files, receipt)
  for (const file of bad) report.failed(placeOf(file), messages.memberBad)
  if (bad.length === 0) report.proved(name, messages.containerGood)
  check.judge.see(receipt.checkpoint)
  const sealed = reportSealTime(check, receipt)
  const found = reportPlace(check, receipt.leaf, (place) => requireSamePlace(place, receipt))
  reportSteps(check, receipt)
  const { timestampAuthorities: authorities } = trust
  reportEvidenceRecord({ files, documentName, authorities, placeOf, now }, report)
  if (found) reportDocumentTime(check, found.leaf, sealed, found.stamp)
  if (!brief) report.skipped(name, containerMessages.stepsOpen)
  const timed = files.get(signatureFile)?.equals(files.get(proofFiles.seal) ?? Buffer.alloc(0)) === false
  const { consultation } = receipt.envelope
  return found && { place: found, seal: timed ? 'CAdES-T' : 'CAdES-B', consultation }
}

/**
 * The latest moment at which the leaf was in the log, by the token over its checkpoint: asked before everything else,
 * because keys may have been revoked since. What does not hold is told where its turn comes.
 */
function provenTimeOf({ files, judge, trust }: ContainerCheck): { readonly provenTime?: Date } {
  const token = files.get(proofFiles.checkpointTsr)
  if (token === undefined || trust.keys === undefined) return {}
  try {
    const place = judge.place(textOf(files.get(proofFiles.leaf)), textOf(files.get(proofFiles.tlogProof)))
    return { provenTime: latestOf(judge.stamp(place, token)) }
  } catch {
    return {}
  }
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
    [proofFiles.seal, attempt(() => fromBase64(receipt.seal.signature))],
    [proofFiles.leaf, Buffer.from(receipt.leaf)],
  ])
  const checkedElsewhere = new Set<string>([
    signatureFile,
    proofFiles.receipt,
    proofFiles.tlogProof,
    proofFiles.checkpointTsr,
    readmeFile,
    ...Object.values(evidenceRecordFiles),
    ...stepFiles(files),
  ])
  // Its bytes are checked against the receipt; an erased one is told as such (verify-erased.ts), never left out.
  const document = receipt.envelope.kind === 'doc' ? [receipt.envelope.content?.name ?? ''] : []
  for (const name of document) checkedElsewhere.add(name)
  const wrong = [...expected].filter(([file, bytes]) => files.get(file)?.equals(bytes) !== true).map(([file]) => file)
  const extra = [...files.keys()].filter((file) => !expected.has(file) && !checkedElsewhere.has(file))
  return [...wrong, ...extra, ...document.filter((name) => !files.has(name))]
}

/** What cannot be derived equals no file. */
function attempt(derive: () => Buffer): Buffer {
  try {
    return derive()
  } catch {
    return Buffer.alloc(0)
  }
}

function requireSamePlace({ index, head }: Place, receipt: Receipt): void {
  const { origin } = parseCheckpointText(parseNote(receipt.checkpoint).text)
  if (index !== receipt.proof.index || origin !== head.origin)
    throw new ProofError('the index or the log is not that of the receipt')
}

/** The order is always the same: who reads a container as a stream sees the same files as who reads its directory. */
function checkOrder({ name, files, report }: ContainerCheck): void {
  const names = [...files.keys()]
  const late = names.find((file, at) => at > 0 && compareFiles(names[at - 1] ?? '', file) > 0)
  if (late !== undefined) report.failed(name, containerMessages.orderBad, late)
}

function checkReadme({ files, placeOf, report }: ContainerCheck): void {
  const readme = files.get(readmeFile)
  if (readme !== undefined && readme.toString() !== containerReadme) {
    report.skipped(placeOf(readmeFile), messages.readmeOther)
  }
}
