import type { DumeResponseCriterion } from '@socle/schemas'
import { partsOf } from './parts.ts'

type Criterion = DumeResponseCriterion

export interface Pairs {
  /** Each criterion of the request, with the one of the response that stands for it. */
  readonly pairs: readonly (readonly [asked: Criterion, own: Criterion | undefined])[]
  /** The other criteria of the response; with the one of the request of the same code, when there is one. */
  readonly added: readonly (readonly [own: Criterion, asked: Criterion | undefined])[]
}

/** Above it criteria of one code are paired in their order: no document has that many. */
const mostAlike = 50

/**
 * Pairs the criteria of two documents by their code. A request may ask the same criterion several times, for its lots:
 * those are told apart by the ids of their questions.
 */
export function pairCriteria(asked: readonly Criterion[], own: readonly Criterion[]): Pairs {
  const free = new Map<string, Criterion[]>()
  for (const criterion of own) {
    const alike = free.get(criterion.code)
    if (alike === undefined) free.set(criterion.code, [criterion])
    else alike.push(criterion)
  }
  const firstOf = new Map<string, Criterion>()
  const pairs = asked.map((criterion) => {
    if (!firstOf.has(criterion.code)) firstOf.set(criterion.code, criterion)
    return [criterion, takeLikest(criterion, free.get(criterion.code) ?? [])] as const
  })
  const added = [...free.values()].flat().map((criterion) => [criterion, firstOf.get(criterion.code)] as const)
  return { pairs, added }
}

/** Takes, out of the criteria that are left, the one that shares most ids with a criterion. */
function takeLikest(asked: Criterion, left: Criterion[]): Criterion | undefined {
  if (left.length < 2 || left.length > mostAlike) return left.shift()
  const ids = idsOf(asked)
  let likest = 0
  let most = -1
  for (const [index, criterion] of left.entries()) {
    const shared = [...idsOf(criterion)].filter((id) => ids.has(id)).length
    if (shared > most) [likest, most] = [index, shared]
  }
  return left.splice(likest, 1)[0]
}

function idsOf(criterion: Criterion): ReadonlySet<string> {
  return new Set(partsOf(criterion).items.flatMap(({ sourceId }) => sourceId ?? []))
}
