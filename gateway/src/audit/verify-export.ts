import { join } from 'node:path'
import {
  equalHashes,
  maxReceiptLength,
  parseCheckpointText,
  parseNote,
  ProofError,
  reasonOf,
  type Receipt,
  type Trust,
  type Verification,
  verifyReceipt,
  type VerifyOptions,
} from '@socle/schemas'
import type { CheckedLog } from './check-log.ts'
import { openDocuments } from './documents-folder.ts'
import { listFolder } from './list-folder.ts'
import type { LogFiles } from './log-files.ts'
import { messages } from './messages.ts'
import { readLimited } from './read-limited.ts'
import { containerLimits } from './read-container.ts'
import type { ReportBuilder } from './report.ts'
import { reportReceipt } from './report-receipt.ts'
import { verifyContainer } from './verify-container.ts'

/** Folders of an export, beside `log/`. */
export const exportFolders = { receipts: 'receipts', documents: 'documents', evidence: 'evidence' } as const

export interface ExportInput {
  readonly directory: string
  readonly trust: Trust
  /** The exported log beside, when it is there and signed. */
  readonly checked: CheckedLog | undefined
}

/**
 * Verifies what lies beside a log: each receipt against its document and the log, each container, and that no document
 * is without a receipt. A receipt `NAME.json` goes with the document `NAME` or `NAME.ext`, else with the one that has
 * its digest. What cannot be read is a failure of its place; the others are verified all the same.
 */
export async function verifyExport(input: ExportInput, report: ReportBuilder): Promise<void> {
  for (const verify of [verifyReceipts, verifyContainers]) {
    try {
      await verify(input, report)
    } catch (error) {
      report.failed('.', messages.folderUnreadable, reasonOf(error))
    }
  }
}

async function verifyReceipts({ directory, trust, checked }: ExportInput, report: ReportBuilder): Promise<void> {
  const placeOf = (name: string): string => `${exportFolders.documents}/${name}`
  const documents = openDocuments(join(directory, exportFolders.documents), (name, error) => {
    report.failed(placeOf(name), messages.fileUnreadable, reasonOf(error))
  })
  for (const file of listFolder(join(directory, exportFolders.receipts), '.json')) {
    const place = `${exportFolders.receipts}/${file}`
    let text: Buffer
    try {
      text = await readLimited(join(directory, place), maxReceiptLength)
    } catch (error) {
      report.failed(place, messages.fileUnreadable, reasonOf(error))
      continue
    }
    const document = documents.claim(file, text)
    const content = document === undefined ? {} : { content: documents.read(document) }
    const verification = verifyWithin(checked, text, { trust, ...content })
    const named = document === undefined ? {} : { document: placeOf(document) }
    reportReceipt(report, { receipt: place, ...named, brief: true }, verification)
    if (checked !== undefined && verification.receipt !== undefined)
      await compare(verification.receipt, { log: checked.log, place }, report)
  }
  for (const name of documents.unclaimed()) report.failed(placeOf(name), messages.documentUnclaimed)
}

async function verifyContainers({ directory, trust }: ExportInput, report: ReportBuilder): Promise<void> {
  for (const file of listFolder(join(directory, exportFolders.evidence), '.asice')) {
    const place = `${exportFolders.evidence}/${file}`
    try {
      const bytes = await readLimited(join(directory, place), containerLimits.bytes)
      await verifyContainer(bytes, { name: place, brief: true }, trust, report)
    } catch (error) {
      report.failed(place, messages.containerBad, reasonOf(error))
    }
  }
}

/**
 * A receipt whose keys were revoked since is asked again with what the log's tokens say of its entry; that the log holds
 * that very entry there is compared afterwards.
 */
function verifyWithin(checked: CheckedLog | undefined, text: Buffer, options: VerifyOptions): Verification {
  const verification = verifyReceipt(text, options)
  const { checks, receipt } = verification
  const resultOf = (wanted: string): string | undefined => checks.find(({ name }) => name === wanted)?.result
  const isRefused = resultOf('key-list') === 'failed' && resultOf('checkpoint') === 'proved'
  if (!isRefused || checked === undefined || receipt === undefined) return verification
  const { origin } = parseCheckpointText(parseNote(receipt.checkpoint).text)
  const provenTime = origin === checked.log.head.origin ? checked.provenTime(receipt.proof.index) : undefined
  return provenTime === undefined ? verification : verifyReceipt(text, { ...options, provenTime })
}

async function compare(
  receipt: Receipt,
  { log, place }: { log: LogFiles; place: string },
  report: ReportBuilder,
): Promise<void> {
  try {
    const head = parseCheckpointText(parseNote(receipt.checkpoint).text)
    const { index } = receipt.proof
    if (head.origin !== log.head.origin || index >= log.head.size)
      return report.skipped(place, messages.receiptBeyondLog)
    if (!Buffer.from(receipt.leaf).equals(await log.readEntry(index))) {
      throw new ProofError(`entry ${index} of the log is another`)
    }
    if (head.size > log.head.size) return report.skipped(place, messages.receiptBeyondLog)
    if (!equalHashes(await log.rootAt(head.size), head.root)) {
      throw new ProofError(`the log had another root at ${head.size} entries`)
    }
    report.proved(place, messages.receiptInLog)
  } catch (error) {
    report.failed(place, messages.receiptNotInLog, reasonOf(error))
  }
}
