import { finding } from '@socle/schemas'
import { xpathOf } from '../../xml/node.ts'
import { all, first, placeOf, textAt } from '../../xml/path.ts'
import { at } from '../paths.ts'
import type { ReadRequest } from '../read-request.ts'
import { isAllSelection } from './criteria.ts'
import { type Judging, isV2 } from './judging.ts'

/** Directive 2014/24/EU, article 57, paragraphs 1 and 2: grounds that every buyer asks about. */
const mandatoryGrounds: readonly string[] = [
  'crime-org',
  'corruption',
  'fraud',
  'terr-offence',
  'finan-laund',
  'human-traffic',
  'tax-pay',
  'socsec-pay',
]

/** BR-REQ-30, 40, 41 and BR-SC-10: what a buyer's request must ask. */
export function judgeRequest({ criteria }: ReadRequest, judging: Judging): void {
  const { root, reading, found } = judging
  const xpath = placeOf(root, at('criteria'))
  const codes = new Set(criteria.map(({ code }) => code))
  for (const code of mandatoryGrounds) {
    if (codes.has(code)) continue
    found.push(finding('ESPD-REQUEST-GROUNDS', { xpath, value: code, severity: isV2(reading) ? 'warn' : 'reject' }))
  }
  const selections = all(root, at('criteria')).filter((_, index) => criteria[index]?.family === 'selection')
  if (selections.length === 0) found.push(finding('ESPD-REQUEST-SELECTION', { xpath }))
  const alpha = isV2(reading) ? selections.find(isAllSelection) : undefined
  if (alpha !== undefined && selections.length > 1)
    found.push(finding('ESPD-REQUEST-ALPHA', { xpath: xpathOf(alpha), value: String(selections.length - 1) }))
  const isExtended = textAt(root, at('applicationType'))?.toUpperCase() === 'EXTENDED'
  if ((!isV2(reading) || isExtended) && first(root, at('procedureCode')) === undefined)
    found.push(finding('ESPD-REQUEST-PROCEDURE', { xpath: placeOf(root, at('procedureCode')) }))
}
