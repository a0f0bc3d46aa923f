import { type NoticeAward, type NoticeSettledContract, finding } from '@socle/schemas'
import { mostFindings } from '../../xml/bounds.ts'
import { textOf, xpathOf } from '../../xml/node.ts'
import { type Judging, missing, tell } from '../judging.ts'
import type { ReadNotice } from '../read-notice.ts'
import { nodesAt, stepsOf } from '../step.ts'
import { isPlaceholder } from '../values/time-types.ts'

const ublAwardDate = stepsOf('cac:TenderResult/cbc:AwardDate')

/** What an award notice says of its contracts, and what it says too little of. */
export function judgeAward(notice: ReadNotice, judging: Judging): void {
  judgeUblDate(judging)
  judgeWithheld(judging)
  const { award } = notice
  if (award === undefined) return
  for (const contract of award.contracts ?? []) {
    if (judging.found.length > mostFindings) return
    judgeDates(contract, judging)
  }
  judgeResults(award, judging)
}

/** A real day in the place of the placeholder is no date of decision either: it says neither which lot nor which decision. */
function judgeUblDate({ root, found }: Judging): void {
  const [node] = nodesAt(root, ublAwardDate)
  const value = textOf(node)
  if (node === undefined || value === undefined || isPlaceholder(value.slice(0, 10))) return
  found.push(finding('EFORMS-AWARD-DATE-UNREAD', { xpath: xpathOf(node), value }))
}

function judgeDates(contract: NoticeSettledContract, judging: Judging): void {
  const { decidedOn, concludedOn } = contract
  const decided = { at: contract, field: 'BT-1451-Contract' }
  const concluded = { at: contract, field: 'BT-145-Contract' }
  if (decidedOn !== undefined && concludedOn !== undefined && concludedOn < decidedOn)
    tell(judging, 'EFORMS-CONTRACT-DATES', concluded, { expected: `>= ${decidedOn}` })
  if (decidedOn === undefined && concludedOn !== undefined) missing(judging, 'EFORMS-DECISION-DATE', decided)
}

/** A lot with a winner cites a tender, and says its value unless the buyer withholds it. */
function judgeResults(award: NoticeAward, judging: Judging): void {
  const tenders = new Map((award.tenders ?? []).map((tender) => [tender.id, tender]))
  for (const result of award.results ?? []) {
    if (judging.found.length > mostFindings) return
    if (result.outcome !== 'selec-w') continue
    const cited = (result.tenders ?? []).flatMap((id) => tenders.get(id) ?? [])
    if (cited.length === 0) missing(judging, 'EFORMS-AWARD-WINNER', { at: result, field: 'OPT-320-LotResult' })
    for (const tender of cited) {
      const isWithheld = tender.withheld?.some(({ property }) => property === 'value') === true
      const isKnown = tender.value !== undefined || result.frameworkMaximum !== undefined
      if (!isKnown && !isWithheld) missing(judging, 'EFORMS-AWARD-VALUE', { at: tender, field: 'BT-720-Tender' })
    }
  }
}

/** Without the day from which it may be shown, a withheld value would stay so for ever (BT-198). */
function judgeWithheld({ origins, found }: Judging): void {
  for (const [each, node] of origins) {
    if (node.name !== 'FieldsPrivacy' || !('property' in each) || 'until' in each) continue
    if (found.length > mostFindings) return
    found.push(finding('EFORMS-WITHHELD-UNTIL', { xpath: xpathOf(node), value: String(each.property) }))
  }
}
