import { type Examination, type Packs, type RuleExample, examine, follow } from '@socle/mappings'
import type { Finding } from '@socle/schemas'
import { joinFindings } from '../map/consultation.ts'
import { compareWithHeld } from '../map/request.ts'
import { routeOf } from '../map/routing.ts'
import { exampleDocument } from './examples.ts'

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
  const told = [...examination.findings, ...heldFindings(examination, options)].map(({ rule }) => rule)
  if (deposit === undefined) return told
  const routing = routeOf(examination, { buyer: deposit.buyer, consultation: deposit.consultation })
  const joined = joinFindings(routing, deposit.consultationOf)
  return [...told, ...[...routing.findings, ...joined].map(({ rule }) => rule)]
}

/** As at a deposit: a response is compared with the request that the hub holds, here the one of the example if any. */
function heldFindings({ records }: Examination, { deposit, request }: RuleExample['options']): readonly Finding[] {
  const response = records[0]?.canonical
  if (response?.kind !== 'dume-response' || (deposit === undefined && request === undefined)) return []
  const held = request && examine(follow(request, exampleDocument), { now: day, packs: 'none' }).records[0]?.canonical
  return compareWithHeld(response, held?.kind === 'dume-request' ? [held] : [])
}
