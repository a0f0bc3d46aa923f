import { existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { maxReceiptLength, reasonOf, type Trust, verifyReceipt } from '@socle/schemas'
import { describeTrust, isEmptyTrust, loadTrust } from './load-trust.ts'
import { messages } from './messages.ts'
import { containerLimits } from './read-container.ts'
import { readLimited } from './read-limited.ts'
import { createReport, type Report, type ReportBuilder } from './report.ts'
import { reportReceipt } from './report-receipt.ts'
import { verifyContainer } from './verify-container.ts'
import { exportFolders, verifyExport } from './verify-export.ts'
import { verifyLog } from './verify-log.ts'

export interface VerifyPathOptions {
  /** Directory with `log.vkey`, `seal-ca.pem`, `tsa-ca.pem`. Without it they are looked for beside the path. */
  readonly trust?: string
  /** The document of a receipt. */
  readonly content?: string
}

/**
 * Verifies a receipt (JSON), an evidence container (.asice), an exported log, or a directory that holds `log/`,
 * `receipts/`, `documents/`, `evidence/`. Offline, and without the hub. Never throws for what the files hold: the report
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
  if (statSync(path).isDirectory()) {
    if (options.content !== undefined) return report.unusable(name, messages.contentWithReceipt)
    return await verifyDirectory(path, trust, report)
  }
  const bytes = await readLimited(path, containerLimits.bytes)
  if (bytes.subarray(0, 2).toString('latin1') === 'PK') {
    if (options.content !== undefined) return report.unusable(name, messages.contentWithReceipt)
    return await verifyContainer(bytes, { name, brief: false }, trust, report)
  }
  const mayBeReceipt = bytes.length <= maxReceiptLength && /^\s*\{/.test(bytes.subarray(0, 64).toString('latin1'))
  if (!mayBeReceipt) return report.unusable(name, messages.pathUnreadable)
  const content = options.content === undefined ? {} : { content: await readFile(options.content) }
  const document = options.content === undefined ? {} : { document: basename(options.content) }
  reportReceipt(report, { receipt: name, ...document, brief: false }, verifyReceipt(bytes, { trust, ...content }))
}

async function verifyDirectory(directory: string, trust: Trust, report: ReportBuilder): Promise<void> {
  if (existsSync(join(directory, 'checkpoint'))) {
    const tokenDirectories = [directory, dirname(directory)]
    await verifyLog({ directory, nameOf: (file) => file, tokenDirectories }, trust, report)
    return
  }
  const inside = join(directory, 'log')
  const hasLog = existsSync(inside)
  const others = Object.values(exportFolders).filter((folder) => existsSync(join(directory, folder)))
  if (!hasLog && others.length === 0) return report.unusable(basename(directory), messages.nothingHere)
  const place = { directory: inside, nameOf: (file: string) => `log/${file}`, tokenDirectories: [inside, directory] }
  const log = hasLog ? await verifyLog(place, trust, report) : undefined
  await verifyExport({ directory, trust, log }, report)
}
