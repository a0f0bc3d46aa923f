import { type Packs, openPacks } from '@socle/mappings'
import { packsIn } from './folder.ts'

const opened = new Map<string, Packs>()

/**
 * The packs of a folder, opened once a thread: what they compile lives in its memory. A pack installed later is taken at
 * the next start.
 */
export function packsOfThread(folder: string): Packs {
  const known = opened.get(folder) ?? openPacks(packsIn(folder))
  opened.set(folder, known)
  return known
}
