import { finding } from '@socle/schemas'
import { textOf, xpathOf } from '../../xml/node.ts'
import { all, first, placeOf } from '../../xml/path.ts'
import { at } from '../paths.ts'
import type { ReadRequest } from '../read-request.ts'
import type { ReadResponse } from '../read-response.ts'
import { type Judging, isV2 } from './judging.ts'

/** BR-LOT-10: from version 3 a response is for one lot. In 2.1.1, for lots that it declares. */
export function judgeLotsOfResponse({ lots = [] }: ReadResponse, { root, reading, found }: Judging): void {
  if (!isV2(reading)) {
    const count = all(root, at('lots')).length
    const place = { xpath: placeOf(root, at('lots')), value: String(count), expected: '1' }
    if (count !== 1) found.push(finding('ESPD-LOT-COUNT', place))
    return
  }
  if (lots.length === 0) return
  const declared = new Set(lots)
  for (const response of all(root, at('responses'))) {
    const id = textOf(first(response, at('property')))
    const [property] = id === undefined ? [] : (reading.properties.get(id) ?? [])
    if (property?.type !== 'LOT_IDENTIFIER') continue
    const node = first(response, at('responseId'))
    const lot = textOf(node)
    if (node !== undefined && lot !== undefined && !declared.has(lot))
      found.push(
        finding('ESPD-LOT-UNKNOWN', { xpath: xpathOf(node), value: lot, expected: lots.slice(0, 20).join(', ') }),
      )
  }
}

/** BR-LOT-40 and 41, from version 3: exclusion grounds are for the whole procedure, selection criteria for named lots. */
export function judgeLotsOfRequest({ criteria }: ReadRequest, { root, reading, found }: Judging): void {
  if (isV2(reading)) return
  for (const [index, node] of all(root, at('criteria')).entries()) {
    const { family, code, lots = [] } = criteria[index] ?? {}
    const place = { xpath: placeOf(node, at('lot')), ...(code === undefined ? {} : { value: code }) }
    if (family === 'exclusion' && lots.length > 0) found.push(finding('ESPD-LOT-EXCLUSION', place))
    if (family === 'selection' && lots.length === 0) found.push(finding('ESPD-LOT-SELECTION', place))
  }
}
