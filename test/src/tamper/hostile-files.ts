import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { makeLog } from '../bench/verify/made-log.ts'
import { buildSmallExport } from './small-export.ts'

/** An export with one file of every kind that `socle verify` reads; and its log again, with the tokens that it names. */
export interface EveryKind {
  /** Receipts, documents, containers and their log. */
  readonly small: string
  /** A log of 600 entries with two time marks. */
  readonly dated: string
}

export async function writeEveryKind(root: string): Promise<EveryKind> {
  const small = join(root, 'small', 'export')
  await buildSmallExport(small)
  // A folder above that holds keys would be looked into as well, once those of the export are gone.
  const dated = join(root, 'dated', 'export')
  mkdirSync(dated, { recursive: true })
  await makeLog(dated, { entries: 600, perToken: 256, perSecond: 1 })
  return { small, dated }
}

/** A copy that may be broken. */
export function copyOf(directory: string, to: string): string {
  cpSync(directory, to, { recursive: true })
  return to
}
