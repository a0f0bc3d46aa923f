import { type Judging, missing, tell } from '../judging.ts'
import type { ReadNotice } from '../read-notice.ts'

const reference =
  /^(?:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}-(?:0[1-9]|[1-9]\d)|\d{1,8}-(?:19|20)\d\d)$/

/** A change notice is a full copy of its parent: it says which notice it changes (BT-758) and why (BT-140). */
export function judgeChange(notice: ReadNotice, judging: Judging): void {
  const { change } = notice
  if (change === undefined) return
  const parent = { at: change, field: 'BT-758-notice' }
  const { changedNotice, reason } = change
  if (changedNotice === undefined) missing(judging, 'EFORMS-CHANGE-PARENT', parent)
  else if (!reference.test(changedNotice))
    tell(judging, 'EFORMS-CHANGE-REFERENCE', parent, {
      expected: 'xxxxxxxx-xxxx-4xxx-xxxx-xxxxxxxxxxxx-01, 123456-2026',
    })
  if (reason === undefined) missing(judging, 'EFORMS-CHANGE-REASON', { at: change, field: 'BT-140-notice' })
}
