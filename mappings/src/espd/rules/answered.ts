import { type DumeResponseCriterion, type RuleId, type Severity, finding } from '@socle/schemas'
import { type XmlNode, xpathOf } from '../../xml/node.ts'
import { all, first, placeOf } from '../../xml/path.ts'
import { isAnswered } from '../completeness.ts'
import { at } from '../paths.ts'
import type { ReadResponse } from '../read-response.ts'
import { type Judging, isV4 } from './judging.ts'

/** BR-RESP-30 to 80, BR-LEAD and BR-SUBCONT: which criteria a candidate answers, by its role and registrations. */
export function judgeAnswered(response: ReadResponse, judging: Judging): void {
  const isRegistered = response.operator.pqsId !== undefined
  // The official rule was fatal up to 3.3.0 and is commented out in 4.1.0.
  const severity = isV4(judging.reading) ? 'warn' : 'reject'
  if (!isRegistered)
    tellUnanswered(response, judging, { family: 'exclusion', rule: 'ESPD-EXCLUSION-UNANSWERED', severity })
  judgeSelection(response, judging, isRegistered)
  if (response.operator.role === 'group-lead') judgeLead(response, judging)
}

/** BR-RESP-40, 80-S10, 80-S20 and BR-SUBCONT-01. */
function judgeSelection(response: ReadResponse, judging: Judging, isRegistered: boolean): void {
  const isSubcontractor = response.operator.role === 'subcont'
  const isCovered = isRegistered && response.serviceProvider === undefined
  if (isSubcontractor || isCovered) {
    for (const [criterion, node] of pairs(response, judging)) {
      if (criterion.family !== 'selection' || !isAnswered(criterion)) continue
      const place = { xpath: xpathOf(node), value: criterion.code }
      judging.found.push(finding('ESPD-SELECTION-NEEDLESS', place))
      return
    }
    return
  }
  tellUnanswered(response, judging, { family: 'selection', rule: 'ESPD-SELECTION-UNANSWERED', severity: 'warn' })
}

interface Wanted {
  readonly family: DumeResponseCriterion['family']
  readonly rule: Extract<RuleId, 'ESPD-EXCLUSION-UNANSWERED' | 'ESPD-SELECTION-UNANSWERED'>
  readonly severity: Severity
}

function tellUnanswered(response: ReadResponse, judging: Judging, { family, rule, severity }: Wanted): void {
  for (const [criterion, node] of pairs(response, judging)) {
    if (criterion.family !== family || isAnswered(criterion)) continue
    const { code, name = code } = criterion
    judging.found.push(finding(rule, { xpath: xpathOf(node), value: code, severity }, { name }))
  }
}

type Pair = readonly [criterion: DumeResponseCriterion, node: XmlNode]

function pairs({ criteria }: ReadResponse, { root }: Judging): readonly Pair[] {
  const nodes = all(root, at('criteria'))
  return criteria.flatMap((criterion, index): Pair[] => {
    const node = nodes[index]
    return node === undefined ? [] : [[criterion, node]]
  })
}

/** What the leader of a group says of the others: BR-LAED-10 (as it is spelled), BR-LEAD-10-S20 and S30. */
const ofOthers: readonly string[] = ['eo-group', 'relied', 'subco-ent']

function judgeLead(response: ReadResponse, judging: Judging): void {
  const { root, found } = judging
  if (response.operator.groupName === undefined) {
    const role = first(root, at('role'))
    found.push(
      finding('ESPD-LEAD-GROUP-NAME', { xpath: role === undefined ? placeOf(root, at('role')) : xpathOf(role) }),
    )
  }
  for (const [criterion, node] of pairs(response, judging)) {
    if (!ofOthers.includes(criterion.code)) continue
    if (criterion.groups.some(({ items }) => items.some(({ answers }) => answers !== undefined))) continue
    const { code, name = code } = criterion
    found.push(finding('ESPD-LEAD-OTHERS', { xpath: xpathOf(node), value: code }, { name }))
  }
}
