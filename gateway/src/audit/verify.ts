import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { maxReceiptLength, reasonOf, type Trust, verifyReceipt } from '@socle/schemas'
import type { CheckedLog } from './check-log.ts'
import { historyMessages } from './history-messages.ts'
import { isConsultationFile, verifyConsultationFile } from './consultation-file.ts'
import { describeTrust, isEmptyTrust, loadTrust } from './load-trust.ts'
import { messages } from './messages.ts'
import { containerLimits } from './read-container.ts'
import { readLimited } from './read-limited.ts'
import { createReport, type Report, type ReportBuilder } from './report.ts'
import { reportReceipt } from './report-receipt.ts'
import { isNote, verifyCheckpoint, verifySince } from './verify-checkpoint.ts'
import { verifyContainer } from './verify-container.ts'
import { exportFolders, verifyExport } from './verify-export.ts'
import { verifyLog } from './verify-log.ts'
import { otherLogAt, verifyNeighbour } from './verify-neighbour.ts'

export interface VerifyPathOptions {
  /** Directory with `log.vkey`, `seal-ca.pem`, `tsa-ca.pem`. Without it they are looked for beside the path. */
  readonly trust?: string
  /** The document of a receipt. */
  readonly content?: string
  /** An earlier checkpoint (a note, a receipt, an older export): was anything rewritten since? Or the export of the log before. */
  readonly from?: string
  /** Against which the end of evidence records is held; without it, it is told only. */
  readonly now?: Date
}

/**
 * Verifies a receipt (JSON), an evidence container (.asice), a checkpoint, an exported log, or a directory that holds
 * `log/`, `receipts/`, `documents/`, `evidence/`. Offline, and without the hub. Never throws for what the files hold: the report
 * says it.
 */
export async function verifyPath(path: string, options: VerifyPathOptions = {}): Promise<Report> {
  const report = createReport()
  const name = basename(path)
  try {
    if (!existsSync(path)) {
      report.unusable(name, messages.pathUnreadable)
      return report.finish()
    }
    const trust = openTrust(path, options, report)
    if (trust !== undefined) await dispatch(path, { options, trust }, report)
  } catch (error) {
    report.unusable(name, messages.pathUnreadable, reasonOf(error))
  }
  return report.finish()
}

function openTrust(path: string, options: VerifyPathOptions, report: ReportBuilder): Trust | undefined {
  const place = options.trust ?? 'trust'
  let trust: Trust
  try {
    trust = loadTrust(options.trust === undefined ? placesBeside(path) : [options.trust])
  } catch (error) {
    report.unusable(place, messages.trustUnreadable, reasonOf(error))
    return undefined
  }
  if (isEmptyTrust(trust)) {
    report.unusable(place, messages.trustMissing)
    return undefined
  }
  if (options.trust === undefined) {
    const { fr, en } = messages.trustFromPlace
    const keys = describeTrust(trust)
    report.skipped(place, { fr: `${fr} ${keys}`, en: `${en} ${keys}` })
  }
  return trust
}

/** The path itself when it is a directory, then the two directories above; in each, `trust/` too. */
function placesBeside(path: string): string[] {
  const near = statSync(path).isDirectory() ? path : dirname(path)
  return [near, dirname(near)].flatMap((directory) => [directory, join(directory, 'trust'), join(directory, 'log')])
}

interface Known {
  readonly options: VerifyPathOptions
  readonly trust: Trust
}

async function dispatch(path: string, { options, trust }: Known, report: ReportBuilder): Promise<void> {
  const name = basename(path)
  const { content, from } = options
  if (statSync(path).isDirectory()) {
    if (content !== undefined) return report.unusable(name, messages.contentWithReceipt)
    return await verifyDirectory(path, { options, trust }, report)
  }
  if (content === undefined && from === undefined && isConsultationFile(path))
    return await verifyConsultationFile(path, { trust, now: options.now }, report)
  const bytes = await readLimited(path, containerLimits.bytes)
  const isContainer = bytes.subarray(0, 2).toString('latin1') === 'PK'
  const text = !isContainer && bytes.length <= maxReceiptLength ? bytes.toString('utf8') : ''
  if (content !== undefined && (isContainer || isNote(text))) return report.unusable(name, messages.contentWithReceipt)
  if (isNote(text)) return await verifyCheckpoint({ path, name, text }, { trust, from }, report)
  if (from !== undefined) return report.unusable(name, historyMessages.withLog)
  if (isContainer) return void (await verifyContainer(bytes, { name, brief: false, now: options.now }, trust, report))
  if (!/^\s*\{/.test(text)) return report.unusable(name, messages.pathUnreadable)
  await verifyReceiptFile(bytes, { name, trust, content }, report)
}

async function verifyReceiptFile(
  bytes: Buffer,
  { name, trust, content }: { name: string; trust: Trust; content: string | undefined },
  report: ReportBuilder,
): Promise<void> {
  const document = content === undefined ? {} : { content: await readLimited(content, containerLimits.bytes) }
  const verification = verifyReceipt(bytes, { trust, ...document })
  const named = content === undefined ? {} : { document: basename(content) }
  reportReceipt(report, { receipt: name, ...named, brief: false }, verification)
}

async function verifyDirectory(directory: string, { options, trust }: Known, report: ReportBuilder): Promise<void> {
  const { from } = options
  if (existsSync(join(directory, 'checkpoint'))) {
    const tokenDirectories = [directory, dirname(directory)]
    const checked = await verifyLog({ directory, nameOf: (file) => file, tokenDirectories }, trust, report)
    return await verifyLogSince(from, { name: 'checkpoint', checked, directories: tokenDirectories, trust }, report)
  }
  const inside = join(directory, 'log')
  const hasLog = existsSync(inside)
  const others = Object.values(exportFolders).filter((folder) => existsSync(join(directory, folder)))
  if (!hasLog && others.length === 0) return report.unusable(basename(directory), messages.nothingHere)
  const place = { directory: inside, nameOf: (file: string) => `log/${file}`, tokenDirectories: [inside, directory] }
  if (from !== undefined && !hasLog) return report.unusable(basename(directory), historyMessages.withLog)
  const checked = hasLog ? await verifyLog(place, trust, report) : undefined
  await verifyLogSince(from, { name: 'log/checkpoint', checked, directories: place.tokenDirectories, trust }, report)
  await verifyExport({ directory, trust, checked }, report)
}

async function verifyLogSince(
  from: string | undefined,
  {
    name,
    checked,
    directories,
    trust,
  }: { name: string; checked: CheckedLog | undefined; directories: string[]; trust: Trust },
  report: ReportBuilder,
): Promise<void> {
  // Why a log could not be checked at all has been said.
  if (from === undefined || checked === undefined) return
  const other = otherLogAt(from, checked.log.head)
  if (other !== undefined) return await verifyNeighbour(other, { name, checked, directories }, trust, report)
  await verifySince(from, { name, head: checked.log.head, by: checked }, trust, report)
}
