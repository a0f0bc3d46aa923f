import { type FieldOf, type Judging, tell, textAt } from '../judging.ts'
import { type ReadNotice, natures } from '../read-notice.ts'

const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const procedures = [
  'comp-dial',
  'comp-tend',
  'exp-int-rail',
  'innovation',
  'neg-w-call',
  'neg-wo-call',
  'open',
  'oth-mult',
  'oth-single',
  'restricted',
]

const outcomes = ['selec-w', 'clos-nw', 'open-nw']

/** Ids and codes of which the hub itself makes use: their shape and their lists (SDK, fields and codelists). */
export function judgeCodes(notice: ReadNotice, judging: Judging): void {
  for (const field of ['BT-701-notice', 'BT-04-notice']) {
    const id = textAt(judging, { at: notice, field })
    if (id !== undefined && !uuid4.test(id))
      tell(judging, 'EFORMS-UUID', { at: notice, field }, { expected: 'xxxxxxxx-xxxx-4xxx-[89ab]xxx-xxxxxxxxxxxx' })
  }
  if (notice.version !== undefined && !/^(0[1-9]|[1-9]\d)$/.test(notice.version))
    tell(judging, 'EFORMS-NOTICE-VERSION', { at: notice, field: 'BT-757-notice' }, { expected: '01…99' })
  judgeCode(judging, { at: notice, field: 'BT-105-Procedure' }, procedures)
  judgeCode(judging, { at: notice, field: 'BT-23-Procedure' }, natures)
  for (const at of notice.award?.results ?? []) judgeCode(judging, { at, field: 'BT-142-LotResult' }, outcomes)
}

function judgeCode(judging: Judging, field: FieldOf, list: readonly string[]): void {
  const code = textAt(judging, field)
  if (code !== undefined && !list.includes(code)) tell(judging, 'EFORMS-CODE', field, { expected: list.join(', ') })
}
