import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { anAward } from '../../support/award.ts'
import type { Random } from '../../support/random.ts'

/** A document to deposit. No two are alike, so that bytes tell which one it is. */
export interface Document {
  readonly kind: 'award' | 'notice'
  readonly consultation: string
  readonly mediaType: string
  readonly body: Buffer
}

const examples = join(import.meta.dirname, '../../../../schemas/examples/documents')
const notice = readFileSync(join(examples, 'boamp-fnsimple.xml'), 'utf8')

/** Mostly awards, some notices; one in thirty is an award that must be refused. */
export function aDocument(random: Random, number: number, consultation: string): Document {
  const chance = random.next()
  if (chance < 0.2)
    return {
      kind: 'notice',
      consultation,
      mediaType: 'application/xml',
      body: Buffer.from(notice.replaceAll('17-900018', `17-${100_000 + number}`)),
    }
  const { body, ...award } = anAwardOf(number, consultation)
  if (chance < 0.97) return { ...award, body }
  return { ...award, body: Buffer.from(body.toString('utf8').replace('"2026-09-01"', '"2026-13-01"')) }
}

/** One that is accepted. */
export function anAwardOf(number: number, consultation: string): Document {
  const body = Buffer.from(anAward({ id: `2026-${String(number).padStart(6, '0')}`, montant: 1_000 + number }))
  return { kind: 'award', consultation, mediaType: 'application/json', body }
}
