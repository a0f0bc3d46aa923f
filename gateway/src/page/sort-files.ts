import { maxReceiptLength } from '@socle/schemas'
import { trustFileNames } from '../audit/load-trust.ts'
import { containerLimits } from '../audit/read-container.ts'
import { isNote } from '../audit/verify-checkpoint.ts'
import type { Unused } from './outcome.ts'
import { pageMessages } from './page-messages.ts'
import type { GivenFile } from './shims/files.ts'

/** Files by their path: a name alone, or one inside a folder that was given. */
export type Given = ReadonlyMap<string, GivenFile>

/** A log of ten million entries is published as some eighty thousand files. */
export const maxFiles = 200_000

export interface Sorted {
  /** Folders that hold an exported log, or what an export lays beside it. */
  readonly exports: readonly string[]
  readonly keys: readonly string[]
  readonly receipts: readonly string[]
  readonly containers: readonly string[]
  readonly checkpoints: readonly string[]
  readonly tokens: readonly string[]
  /** C2SP tlog-proofs. */
  readonly proofs: readonly string[]
  readonly documents: readonly string[]
  /** Too many, too large, or the browser did not give their bytes. */
  readonly unread: readonly Unused[]
}

type Role = 'keys' | 'receipts' | 'containers' | 'checkpoints' | 'tokens' | 'proofs' | 'documents'

const keyNames = new Set<string>(Object.values(trustFileNames))

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** Finds out what each file is by its name and first bytes. What a file claims to be is proved later, or not. */
export function sortFiles(given: Given): Sorted {
  const paths = [...given.keys()].slice(0, maxFiles)
  const exports = exportsIn(paths)
  const found: Record<Role, string[]> = {
    keys: [],
    receipts: [],
    containers: [],
    checkpoints: [],
    tokens: [],
    proofs: [],
    documents: [],
  }
  const unread: Unused[] = []
  if (given.size > maxFiles) unread.push({ name: `${given.size}`, message: pageMessages.tooMany(maxFiles) })
  for (const path of paths) {
    if (exports.some((folder) => path.startsWith(`${folder}/`))) continue
    const file = given.get(path)
    if (file === undefined) continue
    try {
      const role = roleOf(nameOf(path), file)
      // The archive of a consultation may be larger; the verifier has limits of its own for it.
      if (role === 'containers' || file.size <= containerLimits.bytes) found[role].push(path)
      else unread.push({ name: path, message: pageMessages.tooLarge(containerLimits.bytes) })
    } catch {
      unread.push({ name: path, message: pageMessages.unreadable })
    }
  }
  return { exports, ...found, unread }
}

/** The outermost folders with a log (`checkpoint` beside `tile/`, or both in `log/`), or with receipts beside documents. */
function exportsIn(paths: readonly string[]): string[] {
  const inside = new Map<string, Set<string>>()
  for (const path of paths) {
    const parts = path.split('/')
    for (let depth = 1; depth < parts.length; depth += 1) {
      const folder = parts.slice(0, depth).join('/')
      const name = parts[depth] ?? ''
      inside.set(folder, (inside.get(folder) ?? new Set()).add(name))
    }
  }
  const has = (folder: string, ...names: readonly string[]): boolean =>
    names.every((name) => inside.get(folder)?.has(name) === true)
  const isExport = (folder: string): boolean =>
    has(folder, 'checkpoint', 'tile') ||
    has(`${folder}/log`, 'checkpoint') ||
    (has(folder, 'receipts') && (has(folder, 'documents') || has(folder, 'evidence')))
  const found = [...inside.keys()].filter(isExport)
  return found.filter((folder) => !found.some((outer) => folder.startsWith(`${outer}/`)))
}

function roleOf(name: string, file: GivenFile): Role {
  if (keyNames.has(name)) return 'keys'
  const head = Buffer.from(file.read(0, Math.min(file.size, maxReceiptLength)))
  if (head.toString('latin1', 0, 2) === 'PK') return 'containers'
  if (name.endsWith('.asice')) return 'containers'
  if (name.endsWith('.tsr')) return 'tokens'
  if (file.size > maxReceiptLength) return 'documents'
  const text = head.toString('utf8')
  if (text.startsWith('c2sp.org/tlog-proof@')) return 'proofs'
  // By its name too: one that was altered is to be seen to fail.
  if (isNote(text) || name.includes('checkpoint')) return 'checkpoints'
  return isReceipt(text) ? 'receipts' : 'documents'
}

const receiptMembers = ['format', 'envelope', 'salt', 'leaf', 'proof', 'checkpoint', 'seal']

/** Also when it was altered: then the check says so, rather than nobody. */
function isReceipt(text: string): boolean {
  if (!/^\s*\{/.test(text)) return false
  return receiptMembers.filter((member) => text.includes(`"${member}"`)).length >= 4
}
