import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { anAward } from '../../support/award.ts'
import type { Random } from '../../support/random.ts'

/** What is deposited, or an outcome that a recipient reports. No two are alike, so that bytes tell which one it is. */
export interface Document {
  readonly kind: 'award' | 'notice' | 'dume-response' | 'outcome'
  readonly consultation: string
  readonly mediaType: string
  readonly body: Buffer
  /** What it says of a bidder, in words that nothing else carries: confidential documents only. */
  readonly secrets?: readonly string[]
  /** Id of the document that the outcome is about. */
  readonly about?: string
}

const examples = join(import.meta.dirname, '../../../../schemas/examples/documents')
const notice = readFileSync(join(examples, 'boamp-fnsimple.xml'), 'utf8')
const response = readFileSync(join(examples, 'espd-response-2.1.1.xml'), 'utf8')

/** What is replaced in the response, and what stays. */
const exampleOf = {
  procedure: '7d3f5c1e-2b48-4a6d-9f10-8c2e5b7a4d61',
  uuid: '5e8d2c71-93ab-4d06-b7f4-1c20a9e6d358',
  bidder: 'Couverture Exemple SARL',
  bidderSiret: '90000012600012',
}

/** Mostly awards, some notices; one in thirty is an award that must be refused, and one a response, which takes longer. */
export function aDocument(random: Random, number: number, consultation: string): Document {
  const chance = random.next()
  if (chance < 0.2)
    return {
      kind: 'notice',
      consultation,
      mediaType: 'application/xml',
      body: Buffer.from(notice.replaceAll('17-900018', `17-${100_000 + number}`)),
    }
  if (chance > 0.97) return aResponseOf(number, consultation)
  const { body, ...award } = anAwardOf(number, consultation)
  if (chance < 0.94) return { ...award, body }
  return { ...award, body: Buffer.from(body.toString('utf8').replace('"2026-09-01"', '"2026-13-01"')) }
}

/** One that is accepted. */
export function anAwardOf(number: number, consultation: string): Document {
  const body = Buffer.from(anAward({ id: `2026-${String(number).padStart(6, '0')}`, montant: 1_000 + number }))
  return { kind: 'award', consultation, mediaType: 'application/json', body }
}

/** An e-DUME response: for its buyer alone. */
export function aResponseOf(number: number, consultation: string): Document {
  const bidder = `Couverture confidentielle ${String(number).padStart(6, '0')}`
  const text = response
    .replaceAll(exampleOf.procedure, consultation)
    .replaceAll(exampleOf.uuid, `5e8d2c71-93ab-4d06-b7f4-${String(number).padStart(12, '0')}`)
    .replaceAll(exampleOf.bidder, bidder)
  const secrets = [bidder, exampleOf.bidderSiret]
  return { kind: 'dume-response', consultation, mediaType: 'application/xml', body: Buffer.from(text), secrets }
}

/** What a recipient made of a document. */
export function anOutcomeOf(number: number, about: string, consultation: string): Document {
  const reason = `Reprise ${number} : doublon.`
  const body = Buffer.from(JSON.stringify(number % 2 === 0 ? { result: 'integrated' } : { result: 'refused', reason }))
  return { kind: 'outcome', consultation, mediaType: 'application/json', body, about }
}
