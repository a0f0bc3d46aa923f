import type { Finding, Receipt } from '@socle/schemas'
import type { ConsultationSteps, Step } from '@socle/connectors'

/** What the demonstration tells, on standard output, for a person. */
export function title(text: string): void {
  process.stdout.write(`\n— ${text}\n`)
}

export function line(text: string): void {
  process.stdout.write(`  ${text}\n`)
}

export function tellReceipt(what: string, receipt: Receipt, note = ''): void {
  const { index, size, path } = receipt.proof
  line(
    `${what.padEnd(34)} ${receipt.state.padEnd(9)} entry ${String(index).padStart(3)} of ${String(size).padStart(3)}, path of ${path.length} hashes, ${receipt.id}${note}`,
  )
}

export function tellFindings(findings: readonly Finding[]): void {
  for (const { severity, rule, pointer, xpath, value, expected, message, source } of findings) {
    line(`${severity.padEnd(6)} ${rule}  ${pointer ?? xpath ?? ''}`)
    line(`       fr: ${message.fr}`)
    line(`       en: ${message.en}`)
    if (value !== undefined || expected !== undefined)
      line(`       value: ${value ?? '-'}   expected: ${expected ?? '-'}`)
    line(`       source: ${source}`)
  }
}

export function tellTimeline(documents: readonly ConsultationSteps[]): void {
  for (const { document, kind, steps } of documents) {
    line(`${kind} ${document}`)
    for (const step of steps) line(`    ${describe(step)}`)
  }
}

function describe({ state, at = '', index, by = '', channel = '', result = '', url = '' }: Step): string {
  const entry = index === undefined ? '' : `entry ${index}`
  return `${state.padEnd(12)} ${at.padEnd(25)} ${entry.padEnd(10)} ${[by, channel, result, url].filter((word) => word !== '').join(' ')}`.trimEnd()
}
