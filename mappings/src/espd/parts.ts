import type { DumeResponseCriterion, DumeResponseGroup, DumeResponseItem } from '@socle/schemas'

type Criterion = Pick<DumeResponseCriterion, 'groups' | 'subCriteria'>

/** The groups and items of a criterion, whatever their depth. */
export interface Parts {
  readonly groups: readonly DumeResponseGroup[]
  readonly items: readonly DumeResponseItem[]
}

export function partsOf(criterion: Criterion): Parts {
  const groups: DumeResponseGroup[] = []
  const collect = (group: DumeResponseGroup): void => {
    groups.push(group)
    for (const inner of group.groups) collect(inner)
  }
  const collectAll = ({ groups: own, subCriteria = [] }: Criterion): void => {
    for (const group of own) collect(group)
    for (const sub of subCriteria) collectAll(sub)
  }
  collectAll(criterion)
  return { groups, items: groups.flatMap((group) => group.items) }
}

interface Part {
  readonly key: string
  readonly sourceId?: string
}

/**
 * Finds, among the parts of one document, those that stand for a part of another: all of the same id, the one in the same
 * place first; else the one in the same place, unless its id shows that it stands for another part. An id that the other
 * document itself repeats tells only together with the place.
 */
export function matcher<P extends Part>(own: readonly P[], others: readonly P[]): (other: P) => readonly P[] {
  const byId = new Map<string, P[]>()
  const byKey = new Map<string, P>()
  for (const part of own) {
    byKey.set(part.key, part)
    if (part.sourceId === undefined) continue
    const twins = byId.get(part.sourceId)
    if (twins === undefined) byId.set(part.sourceId, [part])
    else twins.push(part)
  }
  const countOf = new Map<string, number>()
  for (const { sourceId = '' } of others) countOf.set(sourceId, (countOf.get(sourceId) ?? 0) + 1)
  return ({ key, sourceId = '' }) => {
    const placed = byKey.get(key)
    const twins = byId.get(sourceId)
    if (twins === undefined) {
      const isAnother = placed?.sourceId !== undefined && countOf.has(placed.sourceId)
      return placed === undefined || isAnother ? [] : [placed]
    }
    const inPlace = placed?.sourceId === sourceId ? [placed] : []
    if ((countOf.get(sourceId) ?? 0) > 1) return inPlace.length > 0 ? inPlace : twins.slice(0, 1)
    return [...inPlace, ...twins.filter((twin) => twin !== placed)]
  }
}
