import { type Packs, type RuleExample, examine } from '@socle/mappings'
import { joinFindings } from '../map/consultation.ts'
import { routeOf } from '../map/routing.ts'

/** The day examples are judged on, so that what is past stays past. */
const day = new Date('2026-06-01T12:00:00Z')

/** Ids of the rules told for an example, by the same functions that judge a deposit. */
export function judgeExample({ bytes, options }: RuleExample, packs: Packs): readonly string[] {
  const { expect, maxBytes, deposit } = options
  const official = options.packs === 'none' ? 'none' : packs
  const examination = examine(bytes, {
    now: day,
    ...(options.packs === 'absent' ? {} : { packs: official }),
    ...(expect === undefined ? {} : { expect }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  })
  const told = examination.findings.map(({ rule }) => rule)
  if (deposit === undefined) return told
  const routing = routeOf(examination, { buyer: deposit.buyer, consultation: deposit.consultation })
  const joined = joinFindings(routing, deposit.consultationOf)
  return [...told, ...[...routing.findings, ...joined].map(({ rule }) => rule)]
}
