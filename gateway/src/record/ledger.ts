import { checkOrder, type OutsideTime } from '@socle/schemas'
import type { Transaction } from 'kysely'
import type { Database, Dialect } from '../store/database.ts'
import { type LockedHead, lockHead } from '../store/ledger-rows.ts'
import { readLastTime } from '../store/time-tokens.ts'
import type { Vault } from '../store/vault.ts'
import type { Appended, NewEntry } from './entry.ts'
import type { LogSigner } from './log-signer.ts'
import { standingOf } from './standing.ts'
import { writeBatch } from './write-batch.ts'

/** What the append needs beside its transaction. `at` names the step just finished: fault tests kill the process there. */
export interface LedgerParts {
  readonly dialect: Dialect
  /** Documents are stored under its keys. */
  readonly vault: Vault
  readonly log: LogSigner
  readonly at?: (step: LedgerStep) => void
  /** The log had this size once: a shorter one is another server's, which has lost what was acknowledged. */
  readonly leastSize?: number
}

export type LedgerStep = 'head-locked' | 'entries-inserted' | 'checkpoint-signed' | 'head-moved'

/**
 * Appends a batch inside one open transaction. The head row is locked first, so that whoever holds the lock gives out
 * the next numbers: gapless and in commit order, whatever the number of writers.
 * Nothing is signed before the edge gave the last signed root and the rows of the batch came back as they were written.
 * A crash anywhere in here leaves the log exactly as it was before: nothing of the batch exists until the commit.
 * @throws StoreDamagedError, ForeignLogError, LogEndedError
 */
export async function appendEntries(
  tx: Transaction<Database>,
  entries: readonly NewEntry[],
  parts: LedgerParts,
): Promise<readonly Appended[]> {
  const asked = entries.flatMap((entry) => (entry.idempotency ? [entry.idempotency] : []))
  const isBegun = (parts.leastSize ?? 0) > 0
  const { head, keys } = await lockHead(tx, parts.dialect, { keys: asked, isBegun })
  parts.at?.('head-locked')
  if (head.size < (parts.leastSize ?? 0))
    throw new Error(`the log ends at ${head.size}, and ended at ${parts.leastSize ?? 0} before: nothing is appended`)
  const standing = await standingOf(tx, head, parts.log)
  const last = entries.some(timeIn) ? await readLastTime(tx) : undefined
  const decided = decide(entries, { size: head.size, keys, last })
  const fresh = decided.flatMap((decision) => (decision.result === 'fresh' ? [decision] : []))
  if (fresh.length === 0) return decided.map(alreadyDecided)

  const { size, tree, checkpoint } = await writeBatch(tx, parts, { standing, fresh })
  const { first } = head
  return decided.map((decision) =>
    decision.result === 'fresh'
      ? {
          result: 'recorded',
          index: decision.index,
          size,
          first,
          path: tree.paths[decision.index - head.size] ?? [],
          checkpoint,
        }
      : alreadyDecided(decision),
  )
}

type Decision =
  | { readonly result: 'fresh'; readonly index: number; readonly entry: NewEntry }
  | { readonly result: 'replayed'; readonly index: number }
  | { readonly result: 'key-reused' }
  | { readonly result: 'late' }

function alreadyDecided(decision: Decision): Appended {
  if (decision.result === 'fresh') throw new Error('a fresh entry has no earlier decision')
  return decision
}

/**
 * First bytes under a key win. Repeats inside the batch see the numbers given a moment ago, like repeats of last year.
 * A stamper that was frozen for a while between its token and its entry has lost its lease, and another one has logged a
 * later time: decided here, under the head's lock, because time that goes back in the log proves the hub a liar for ever.
 */
function decide(
  entries: readonly NewEntry[],
  {
    size,
    keys,
    last,
  }: { readonly size: number; readonly keys: LockedHead['keys']; readonly last: OutsideTime | undefined },
): readonly Decision[] {
  const known = new Map<string, { sha256: string; idx: number }>()
  for (const row of keys) known.set(`${row.account} ${row.key}`, row)
  let next = size
  return entries.map((entry): Decision => {
    const idempotency = entry.idempotency
    if (!idempotency) return isLate(entry, last) ? { result: 'late' } : { result: 'fresh', index: next++, entry }
    const name = `${idempotency.account} ${idempotency.key}`
    const earlier = known.get(name)
    if (earlier)
      return earlier.sha256 === idempotency.sha256 || earlier.sha256 === ''
        ? { result: 'replayed', index: earlier.idx }
        : { result: 'key-reused' }
    if (isLate(entry, last)) return { result: 'late' }
    known.set(name, { sha256: idempotency.sha256, idx: next })
    return { result: 'fresh', index: next++, entry }
  })
}

/** What the entry's token says of time, when it has one. */
function timeIn({ effects }: NewEntry): OutsideTime | undefined {
  const said = effects.find((effect) => effect.write === 'outside-time')?.row
  return said && { time: new Date(said.genTime), accuracyMs: said.accuracyMs }
}

function isLate(entry: NewEntry, last: OutsideTime | undefined): boolean {
  const time = timeIn(entry)
  if (!time || !last) return false
  try {
    checkOrder(last, time)
    return false
  } catch {
    return true
  }
}
