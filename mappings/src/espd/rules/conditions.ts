import { type DumeResponseCriterion, type DumeResponseGroup, finding } from '@socle/schemas'
import { mostFindings } from '../../xml/bounds.ts'
import { xpathOf } from '../../xml/node.ts'
import { type Said, awaitsAnswer, saidIn } from '../completeness.ts'
import type { Judging } from './judging.ts'

/** BR-TCR-06 and 07: a group that holds on yes (ONTRUE) or on no (ONFALSE) is answered then, and only then. */
export function judgeConditions(criteria: readonly DumeResponseCriterion[], judging: Judging): void {
  const judgeAll = ({ groups, subCriteria = [] }: Pick<DumeResponseCriterion, 'groups' | 'subCriteria'>): void => {
    for (const group of groups) judgeGroup(group, judging)
    for (const sub of subCriteria) judgeAll(sub)
  }
  for (const criterion of criteria) judgeAll(criterion)
}

function judgeGroup(group: DumeResponseGroup, judging: Judging): void {
  if (judging.found.length > mostFindings) return
  const said = saidIn(group)
  for (const inner of group.groups) {
    if (inner.when !== 'always') judgeCondition(inner, said, judging)
    judgeGroup(inner, judging)
  }
}

/** Answers of both kinds above, for several lots or entities, leave every answer below its reason. */
function judgeCondition({ when, items }: DumeResponseGroup, { yes, no }: Said, { reading, found }: Judging): void {
  const isHeld = when === 'if-true' ? yes : no
  const isRefuted = !isHeld && (when === 'if-true' ? no : yes)
  for (const item of items) {
    const node = reading.nodes.get(item)
    if (node === undefined) continue
    const place = { xpath: xpathOf(node), value: item.sourceId ?? item.key }
    const condition = when === 'if-true' ? 'oui / yes' : 'non / no'
    if (isHeld && awaitsAnswer(item) && item.answers === undefined)
      found.push(finding('ESPD-CONDITION-UNANSWERED', place, { condition }))
    if (isRefuted && item.answers !== undefined) found.push(finding('ESPD-CONDITION-ANSWERED', place, { condition }))
  }
}
