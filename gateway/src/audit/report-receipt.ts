import type { Verification } from '@socle/schemas'
import { messages } from './messages.ts'
import type { ReportBuilder } from './report.ts'

export interface ReceiptPlaces {
  /** How the report names the receipt. */
  readonly receipt: string
  /** And its document, when there is one. */
  readonly document?: string
  /** One line when all is well, instead of one a check: for receipts by the hundred. */
  readonly brief: boolean
}

/** Puts the checks of one receipt in a report. */
export function reportReceipt(report: ReportBuilder, places: ReceiptPlaces, verification: Verification): void {
  const { checks, verdict } = verification
  if (places.brief && verdict === 'proved') report.proved(places.receipt, messages.receiptGood)
  for (const { name, result, message, detail } of checks) {
    const place = name === 'content' ? (places.document ?? places.receipt) : places.receipt
    if (result === 'failed') report.failed(place, message, detail === undefined ? name : `${name}: ${detail}`)
    else if (name === 'content' && places.brief) reportContent(report, place, result === 'proved')
    else if (!places.brief && result === 'proved') report.proved(place, message)
    else if (!places.brief) report.skipped(place, message)
  }
}

function reportContent(report: ReportBuilder, place: string, proved: boolean): void {
  if (proved) report.proved(place, messages.contentGood)
  else report.skipped(place, messages.contentAbsent)
}
