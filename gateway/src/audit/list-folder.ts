import { existsSync, opendirSync } from 'node:fs'
import { ProofError } from '@socle/schemas'

/** Names taken from one folder of an export. Beyond, verify it in parts: a list without end would fill the memory. */
export const maxFolderFiles = 100_000

/** Names in a folder that end so, sorted; none when there is no folder. @throws ProofError beyond the limit */
export function listFolder(path: string, extension = ''): string[] {
  if (!existsSync(path)) return []
  const names: string[] = []
  const folder = opendirSync(path)
  try {
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
      if (!entry.name.endsWith(extension)) continue
      if (names.length === maxFolderFiles) throw new ProofError(`more than ${maxFolderFiles} files in one folder`)
      names.push(entry.name)
    }
  } finally {
    folder.closeSync()
  }
  return names.sort()
}
