import type { Leaf, Timestamp } from '@socle/schemas'
import type { ContainerCheck } from './container-check.ts'
import { containerMessages } from './container-messages.ts'
import { latestOf } from './place-judge.ts'

/**
 * Tells the hub's claimed time of a document beside the first outside time, in the report of one container: the first alone
 * proves nothing, and a reader must not take one for the other.
 * @param stamps verified, over the seal or over a checkpoint that holds the entry
 */
export function reportDocumentTime(
  { name, brief, report }: ContainerCheck,
  { at }: Leaf,
  ...stamps: readonly (Timestamp | undefined)[]
): void {
  if (brief) return
  const latest = stamps.filter((stamp) => stamp !== undefined).map((stamp) => latestOf(stamp).getTime())
  if (latest.length === 0) return report.skipped(name, containerMessages.onlyHubTime(at))
  report.proved(name, containerMessages.existedBy(at, new Date(Math.min(...latest))))
}
