import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const read = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../../schemas/examples/documents', name), 'utf8')

/** eForms contract notice of `buyerSiret`, of the consultation below. */
export const notice: string = read('eforms-cn-16.xml')
/** ESPD responses to the same buyer in the same consultation. */
export const response: string = read('espd-response-4.1.0.xml')
export const olderResponse: string = read('espd-response-2.1.1.xml')
export const consultation = '7d3f5c1e-2b48-4a6d-9f10-8c2e5b7a4d61'

/** A response with its own id and, if told, another procedure. */
export function aResponse(id: string, procedure: string = consultation): string {
  return response.replaceAll('REP-2026-TVX-014-4.1.0', id).replaceAll(consultation, procedure)
}

/** A response made longer than `bytes` by evidences, each with its own id: what a bidder with many annexes sends. */
export function largeResponse(bytes: number): string {
  const start = response.indexOf('  <cac:Evidence>')
  const end = response.indexOf('</cac:Evidence>') + '</cac:Evidence>\n'.length
  const evidence = response.slice(start, end)
  const parts: string[] = []
  for (let size = response.length; size < bytes; size += evidence.length)
    parts.push(evidence.replaceAll('EVIDENCE-00001', `EVIDENCE-${String(parts.length + 2).padStart(5, '0')}`))
  return response.slice(0, end) + parts.join('') + response.slice(end)
}

/** A DECP file that breaks three rules in one record. */
export function withThreeFaults(award: string): string {
  return award
    .replace('"2026-09-01"', '"2026-13-01"')
    .replace('77310000-6', '77310000-5')
    .replace('"Appel d\'offres ouvert"', '"Procédure inventée"')
}
