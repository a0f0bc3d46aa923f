import { readFileSync } from 'node:fs'
import { compareWithRequest, examine, type Examination, type Packs } from '@socle/mappings'
import type { DumeRequest, Finding } from '@socle/schemas'
import { Unusable } from './exit.ts'

/** The buyer's e-DUME request that responses are compared with. @throws Unusable for a file that is not one, or is refused */
export function readAskedRequest(file: string, packs: Packs): DumeRequest {
  const { records, findings, verdict } = examine(readFileSync(file), { packs })
  const request = records[0]?.canonical
  if (request?.kind === 'dume-request') return request
  const reasons = findings.filter(({ severity }) => severity === 'reject').map(({ rule }) => rule)
  throw new Unusable(
    `${file}: ${verdict === 'refused' ? `refusé / refused (${reasons.join(', ')})` : 'n’est pas une demande e-DUME / is not an e-DUME request'}`,
  )
}

/** What a response changed of the request; nothing for other documents, and for a response that is refused anyway. */
export function askedFindings({ records }: Examination, request: DumeRequest | undefined): readonly Finding[] {
  const response = records[0]?.canonical
  return request === undefined || response?.kind !== 'dume-response' ? [] : compareWithRequest(response, request)
}
