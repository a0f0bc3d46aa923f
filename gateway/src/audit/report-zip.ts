import type { ContainerCheck } from './container-check.ts'
import type { Message } from '@socle/schemas'
import { zipChunks } from './zip-writer.ts'

const otherZip: Message = {
  fr: 'conteneur réécrit par un autre outil, ou dont une date ou un attribut a changé : ce ne sont plus les octets que le socle a donnés. Rien de ce qui prouve n’en dépend.',
  en: 'container written again by another tool, or with a date or attribute changed: these are not the bytes that the hub gave. Nothing that proves depends on it.',
}

/** Says so when the same files in the same order are not the very bytes that `writeContainer` makes of them. */
export async function reportZip(
  { name, files, report }: Pick<ContainerCheck, 'name' | 'files' | 'report'>,
  bytes: Buffer,
): Promise<void> {
  const members = [...files].map(([file, content]) => ({ name: file, bytes: content }))
  let at = 0
  for await (const chunk of zipChunks(members)) {
    const end = at + chunk.length
    if (!bytes.subarray(at, end).equals(chunk)) return report.skipped(name, otherZip)
    at = end
  }
  if (at !== bytes.length) report.skipped(name, otherZip)
}
