import type { Applied, Evidence, Subscriber } from './evidence.ts'
import { readLeaf, subjectOf } from './leaves.ts'
import { createVerdict, type Verdict } from './verdict.ts'

/** Each subscriber put each document and outcome that concerns it into effect once, in the order of the log per consultation. */
export function applied(evidence: Evidence): Verdict {
  const verdict = createVerdict('applied')
  for (const subscriber of evidence.run.subscribers) {
    const own = evidence.applied.filter((one) => one.subscriber === subscriber.name)
    const wanted = wantedBy(evidence, subscriber)
    const seen = new Set<string>()
    for (const { id } of own) {
      if (seen.has(id)) verdict.fault(`${subscriber.name}: ${id} twice`)
      if (!wanted.has(id)) verdict.fault(`${subscriber.name}: ${id} does not concern it`)
      seen.add(id)
    }
    for (const [id, { index }] of wanted) {
      verdict.look()
      if (!seen.has(id)) verdict.fault(`${subscriber.name}: entry ${index} never came`)
    }
    for (const fault of disorderOf(own, wanted, subscriber)) verdict.fault(`${subscriber.name}: ${fault}`)
  }
  return verdict.end()
}

interface Wanted {
  readonly index: number
  readonly type: string
}

/** Ids of the documents and outcomes that concern it. */
function wantedBy({ log }: Evidence, { types }: Subscriber): ReadonlyMap<string, Wanted> {
  const wanted = new Map<string, Wanted>()
  log.leaves.forEach((bytes, index) => {
    const leaf = readLeaf(bytes)
    const type = subjectOf(leaf)
    if (leaf && type !== undefined && types.includes(type)) wanted.set(leaf.id, { index, type })
  })
  return wanted
}

function disorderOf(
  own: readonly Applied[],
  wanted: ReadonlyMap<string, Wanted>,
  { ordered }: Subscriber,
): readonly string[] {
  const last = new Map<string, number>()
  const faults: string[] = []
  for (const { id, sequence, consultation } of own) {
    const { index, type } = wanted.get(id) ?? { index: sequence, type: '' }
    if (index !== sequence) faults.push(`${id} says that it is entry ${sequence}`)
    const row = ordered === 'consultation' ? consultation : `${consultation} ${type}`
    const before = last.get(row) ?? -1
    if (sequence <= before) faults.push(`${row}: entry ${sequence} after ${before}`)
    last.set(row, Math.max(sequence, before))
  }
  return faults
}
