import type {
  DumeResponseCompleteness,
  DumeResponseCriterion,
  DumeResponseGroup,
  DumeResponseItem,
} from '@socle/schemas'

/** What the yes/no answers of a group say; both, when its question is answered for several lots or entities. */
export interface Said {
  readonly yes: boolean
  readonly no: boolean
}

export function saidIn({ items }: Pick<DumeResponseGroup, 'items'>): Said {
  const answers = items.flatMap((item) => item.answers ?? [])
  return {
    yes: answers.some(({ value }) => value.indicator === true),
    no: answers.some(({ value }) => value.indicator === false),
  }
}

/** True for a question that waits for an answer: captions and requirements do not. */
export function awaitsAnswer({ kind, type }: DumeResponseItem): boolean {
  return kind === 'question' && type !== 'NONE'
}

/**
 * How far a criterion is answered. The questions of a conditional group count only when its condition holds: nobody owes
 * the date of a conviction he has not had.
 */
export function completenessOf(
  criterion: Pick<DumeResponseCriterion, 'groups' | 'subCriteria'>,
): DumeResponseCompleteness {
  const own = sum(criterion.groups.map((group) => ofGroup(group)))
  return sum([own, ...(criterion.subCriteria ?? []).map(completenessOf)])
}

function ofGroup(group: DumeResponseGroup): DumeResponseCompleteness {
  const questions = group.items.filter(awaitsAnswer)
  const answered = questions.filter(({ answers }) => answers !== undefined).length
  const said = saidIn(group)
  const inner = group.groups.filter((sub) => isInForce(sub, said)).map(ofGroup)
  return sum([{ answered, required: questions.length }, ...inner])
}

function isInForce({ when }: DumeResponseGroup, { yes, no }: Said): boolean {
  return when === 'always' || (when === 'if-true' ? yes : no)
}

export function sum(parts: readonly DumeResponseCompleteness[]): DumeResponseCompleteness {
  const total = { answered: 0, required: 0 }
  for (const { answered, required } of parts) {
    total.answered += answered
    total.required += required
  }
  return total
}

/** True when at least one question of the criterion is answered. */
export function isAnswered({
  groups,
  subCriteria = [],
}: Pick<DumeResponseCriterion, 'groups' | 'subCriteria'>): boolean {
  return groups.some(hasAnswer) || subCriteria.some(isAnswered)
}

function hasAnswer(group: DumeResponseGroup): boolean {
  return group.items.some(({ answers }) => answers !== undefined) || group.groups.some(hasAnswer)
}
