import { openCheckpoint, reasonOf, verifyReceipt } from '@socle/schemas'
import { createTree } from '../../support/rebuilt-tree.ts'
import { type Deposit, nameOf } from './deposits.ts'
import type { Evidence } from './evidence.ts'
import { readLeaf } from './leaves.ts'
import { createVerdict, type Verdict } from './verdict.ts'

type Deposits = ReadonlyMap<string, Deposit>

/** Every deposit got a clear answer in the end, and at least one was acknowledged: a run of nothing proves nothing. */
export function answered(deposits: Deposits): Verdict {
  const verdict = createVerdict('answered')
  let acknowledged = 0
  for (const { name, receipts, refusals } of deposits.values()) {
    verdict.look()
    acknowledged += receipts.length
    for (const { status, reason } of refusals) verdict.fault(`${name}: refused with ${status}: ${reason}`)
    if (receipts.length === 0 && refusals.length === 0) verdict.fault(`${name}: never a clear answer`)
  }
  if (acknowledged === 0) verdict.fault('nothing was acknowledged')
  return verdict.end()
}

/** What was acknowledged stands in the log, where its receipt says. */
export function lost({ log }: Evidence, deposits: Deposits): Verdict {
  const verdict = createVerdict('lost')
  for (const { name, op, receipts, receipt, entry } of deposits.values()) {
    if (receipts.length === 0) continue
    verdict.look()
    const bytes = entry && log.leaves[entry.index]
    const leaf = bytes && readLeaf(bytes)
    const there =
      op === 'outcome'
        ? leaf?.kind === 'out' && leaf.id === entry?.id
        : bytes !== undefined && Buffer.from(bytes).toString('utf8') === receipt?.leaf
    if (!there) verdict.fault(`${name}: acknowledged as entry ${entry?.index ?? '?'}, and not there`)
  }
  return verdict.end()
}

/** The log holds no document, refusal or outcome that nobody sent. */
export function phantom({ ledger, log }: Evidence, deposits: Deposits): Verdict {
  const verdict = createVerdict('phantom')
  const known = new Map(ledger.map((row) => [row.idx, row]))
  log.leaves.forEach((leaf, index) => {
    const kind = readLeaf(leaf)?.kind
    if (kind !== 'doc' && kind !== 'rej' && kind !== 'out') return
    verdict.look()
    const row = known.get(index)
    const name = row?.key === undefined ? undefined : nameOf(row.account ?? '', row.key)
    if (name === undefined || !deposits.has(name)) verdict.fault(`entry ${index}: sent by nobody (${name ?? 'no key'})`)
  })
  return verdict.end()
}

/** A key was recorded once, and every answer under it is the same receipt to the letter. */
export function duplicate({ ledger, log }: Evidence, deposits: Deposits): Verdict {
  const verdict = createVerdict('duplicate')
  for (const { name, receipts } of deposits.values()) {
    verdict.look()
    if (new Set(receipts).size > 1) verdict.fault(`${name}: ${new Set(receipts).size} different receipts`)
  }
  const repeated = (what: string, values: readonly (string | undefined)[]): void => {
    const seen = new Set<string>()
    for (const value of values) {
      if (value !== undefined && seen.has(value)) verdict.fault(`${what} ${value}: recorded twice`)
      if (value !== undefined) seen.add(value)
    }
  }
  repeated(
    'key',
    ledger.map(({ account, key }) => (key === undefined ? undefined : nameOf(account ?? '', key))),
  )
  repeated(
    'id',
    log.leaves.map((leaf) => readLeaf(leaf)?.id),
  )
  repeated(
    'index',
    [...deposits.values()].map(({ entry }) => entry && String(entry.index)),
  )
  return verdict.end()
}

/**
 * Numbers go from 0 without a gap, and the rows are those of the exported log. The export ends at a stamped head: above it
 * stand the marks of that time stamp, nothing else.
 */
export function sequence({ ledger, log }: Evidence): Verdict {
  const verdict = createVerdict('sequence')
  ledger.forEach(({ idx, id }, place) => {
    verdict.look()
    if (idx !== place) verdict.fault(`row ${place}: numbered ${idx}`)
    const leaf = log.leaves[place]
    if (leaf !== undefined && readLeaf(leaf)?.id !== id) verdict.fault(`row ${place}: not entry ${place} of the log`)
  })
  const short = ledger.length < log.leaves.length
  if (short) verdict.fault(`${ledger.length} rows, ${log.leaves.length} entries in the log`)
  for (const { idx, kind } of ledger.slice(log.leaves.length))
    if (kind !== 'ts') verdict.fault(`row ${idx} (${kind}): not in the exported log`)
  return verdict.end()
}

/** The log verifies whole; each receipt proves by itself, with its bytes, and its checkpoint is a head of this log. */
export function proof({ log }: Evidence, deposits: Deposits): Verdict {
  const verdict = createVerdict('proof')
  const roots = rootsOf(log.leaves)
  const headFault = (note: string): string | undefined => {
    try {
      const head = openCheckpoint(note, log.trust.logs)
      return Buffer.from(head.root).toString('hex') === roots[head.size]
        ? undefined
        : `no head of this log at ${head.size}`
    } catch (error) {
      return reasonOf(error)
    }
  }
  verdict.look()
  const fault = headFault(log.checkpoint)
  if (fault !== undefined) verdict.fault(`checkpoint: ${fault}`)
  log.leaves.forEach((leaf, index) => {
    if (!readLeaf(leaf)) verdict.fault(`entry ${index}: not a leaf`)
  })
  for (const { name, op, sent, receipts, receipt } of deposits.values()) {
    const [text] = receipts
    if (text === undefined || op === 'outcome') continue
    verdict.look()
    const { checks } = verifyReceipt(text, { trust: log.trust, content: Buffer.from(sent?.content ?? '', 'base64') })
    const failed = checks.filter(({ result }) => result !== 'proved').map((check) => check.name)
    if (failed.length > 0) verdict.fault(`${name}: receipt not proved (${failed.join(', ')})`)
    const other = receipt && headFault(receipt.checkpoint)
    if (other !== undefined) verdict.fault(`${name}: its checkpoint is ${other}`)
  }
  return verdict.end()
}

/** Root at each size, hexadecimal; nothing at 0. */
function rootsOf(leaves: readonly Uint8Array[]): readonly string[] {
  const tree = createTree()
  const roots = ['']
  for (const leaf of leaves) {
    tree.add(leaf)
    roots.push(Buffer.from(tree.root() ?? []).toString('hex'))
  }
  return roots
}
