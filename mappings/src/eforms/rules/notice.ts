import { mostFindings } from '../../xml/bounds.ts'
import type { Judging } from '../judging.ts'
import type { ReadNotice } from '../read-notice.ts'
import { judgeAward } from './award.ts'
import { judgeBuyers } from './buyers.ts'
import { judgeChange } from './change.ts'
import { judgeCodes } from './codes.ts'
import { judgeLots } from './lots.ts'
import { judgeReferences } from './references.ts'
import { judgeRequired } from './required.ts'

/**
 * Our own rules on a notice of any form: those that look at several fields, or at what is not there. The rules of the
 * SDK come on top, from its pack. Each stops when a faulty file has made more findings than anybody reads.
 */
export function judgeNotice(notice: ReadNotice, judging: Judging): void {
  for (const judge of [judgeRequired, judgeCodes, judgeChange, judgeBuyers, judgeLots, judgeAward]) {
    if (judging.found.length > mostFindings) return
    judge(notice, judging)
  }
  if (judging.found.length <= mostFindings) judgeReferences(judging)
}
