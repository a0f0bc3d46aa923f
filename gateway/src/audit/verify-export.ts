import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
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
  verifyReceipt,
} from '@socle/schemas'
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
  readonly log: LogFiles | undefined
}

/**
 * Verifies what lies beside a log: each receipt against its document and the log, each container, and that no document
 * is without a receipt. A receipt `NAME.json` goes with the document `NAME` or `NAME.ext`, else with the one that has
 * its digest.
 */
export async function verifyExport({ directory, trust, log }: ExportInput, report: ReportBuilder): Promise<void> {
  const documents = await listDocuments(join(directory, exportFolders.documents))
  const claimed = new Set<string>()
  for (const file of await list(directory, exportFolders.receipts, '.json')) {
    const place = `${exportFolders.receipts}/${file}`
    let text: Buffer
    try {
      text = await readLimited(join(directory, place), maxReceiptLength)
    } catch (error) {
      report.failed(place, messages.pathUnreadable, reasonOf(error))
      continue
    }
    const document = documentOf(file, text, documents)
    if (document !== undefined) claimed.add(document)
    const path = document === undefined ? undefined : join(directory, exportFolders.documents, document)
    const content = path === undefined ? undefined : await readFile(path)
    const verification = verifyReceipt(text, { trust, ...(content === undefined ? {} : { content }) })
    const documentPlace = document === undefined ? {} : { document: `${exportFolders.documents}/${document}` }
    reportReceipt(report, { receipt: place, ...documentPlace, brief: true }, verification)
    if (log !== undefined && verification.receipt !== undefined)
      await compare(verification.receipt, { log, place }, report)
  }
  for (const [name] of documents) {
    if (!claimed.has(name)) report.failed(`${exportFolders.documents}/${name}`, messages.documentUnclaimed)
  }
  for (const file of await list(directory, exportFolders.evidence, '.asice')) {
    const place = `${exportFolders.evidence}/${file}`
    try {
      const bytes = await readLimited(join(directory, place), containerLimits.bytes)
      await verifyContainer(bytes, { name: place, brief: true }, trust, report)
    } catch (error) {
      report.failed(place, messages.containerBad, reasonOf(error))
    }
  }
}

async function list(directory: string, folder: string, extension: string): Promise<string[]> {
  const path = join(directory, folder)
  if (!existsSync(path)) return []
  return (await readdir(path)).filter((name) => name.endsWith(extension)).sort()
}

/** Documents by name, with the SHA-256 of each. */
async function listDocuments(path: string): Promise<Map<string, string>> {
  const documents = new Map<string, string>()
  if (!existsSync(path)) return documents
  for (const name of (await readdir(path)).sort()) {
    const hash = createHash('sha256')
    for await (const part of createReadStream(join(path, name))) hash.update(part as Buffer)
    documents.set(name, hash.digest('hex'))
  }
  return documents
}

function documentOf(file: string, text: Buffer, documents: ReadonlyMap<string, string>): string | undefined {
  const stem = file.replace(/(?:\.(?:receipt|refusal))?\.json$/, '')
  const named = [...documents.keys()].find((name) => name === stem || name.replace(/\.[^.]*$/, '') === stem)
  if (named !== undefined) return named
  const digest = /"sha256"\s*:\s*"([0-9a-f]{64})"/.exec(text.toString('latin1'))?.[1]
  return [...documents].find(([, sha256]) => sha256 === digest)?.[0]
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
