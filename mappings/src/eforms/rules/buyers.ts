import { formKindOf } from '../forms.ts'
import { type Judging, missing } from '../judging.ts'
import type { ReadNotice } from '../read-notice.ts'

/** CCP art. R2132-2: the documents of a consultation are on the buyer's profile, so its address must be known. */
export function judgeBuyers(notice: ReadNotice, judging: Judging): void {
  const kind = formKindOf(notice.form.subtype)
  if (kind?.root !== 'ContractNotice') return
  const french = new Set(notice.organisations.filter(({ country }) => country === 'FRA').map(({ ref }) => ref))
  for (const buyer of notice.buyers) {
    const isSilent = buyer.profileUrl === undefined && french.has(buyer.organisation)
    if (isSilent) missing(judging, 'EFORMS-BUYER-PROFILE', { at: buyer, field: 'BT-508-Procedure-Buyer' })
  }
}
