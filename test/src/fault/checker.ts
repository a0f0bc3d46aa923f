import { createHash } from 'node:crypto'
import { openDatabase } from '@socle/gateway'
import { leafHash, nodeHash, openCheckpoint, type Trust, verifyReceipt } from '@socle/schemas'
import type { Sent } from './history.ts'

export interface Verdict {
  readonly size: number
  readonly documents: number
  /** Empty when the log is whole and holds exactly what was sent. */
  readonly faults: readonly string[]
}

interface Row {
  readonly idx: number
  readonly id: string
  readonly kind: string
  readonly leaf: Uint8Array
}

type Query = (text: string) => Record<string, unknown>[]

/**
 * Reads a stopped hub's file by plain SQL and holds it to the account of whoever sent: nothing lost, nothing twice,
 * nothing that nobody sent, and every root and receipt computed again. It has no code of the ledger: the tree below is
 * RFC 6962 written a second time.
 */
export function checkLog(file: string, sent: readonly Sent[], trust: Trust): Verdict {
  const db = openDatabase(file)
  db.exec('pragma query_only = on')
  const query: Query = (text) => db.prepare(text).all() as Record<string, unknown>[]
  try {
    const faults: string[] = []
    const entries = query('select idx, id, kind, leaf from entries order by idx') as unknown as Row[]
    entries.forEach((row, place) => {
      if (row.idx !== place) faults.push(`entry ${place}: numbered ${row.idx}`)
    })
    checkTree(query, entries, trust, faults)
    const documents = checkDocuments(query, entries, sent, faults)
    checkReceipts(entries, sent, trust, faults)
    return { size: entries.length, documents, faults }
  } finally {
    db.close()
  }
}

/** Every checkpoint ever signed is the root of the leaves before it, the last one of all of them. */
function checkTree(query: Query, entries: readonly Row[], trust: Trust, faults: string[]): void {
  const checkpoints = query('select size, note from checkpoints order by size')
  const head = query('select size, checkpoint from ledger_head')[0]
  if (head?.['size'] !== entries.length) faults.push(`head: ${String(head?.['size'])} entries, not ${entries.length}`)
  const last = checkpoints.at(-1)
  if (last?.['note'] !== head?.['checkpoint']) faults.push('head: not the last checkpoint')
  let next = 0
  const stack: { readonly width: number; readonly hash: Uint8Array }[] = []
  for (const { size, note } of checkpoints) {
    for (; next < Number(size) && next < entries.length; next++) grow(stack, entries[next]?.leaf ?? new Uint8Array(0))
    const root = stack.reduceRight<Uint8Array | undefined>(
      (right, { hash }) => (right === undefined ? hash : nodeHash(hash, right)),
      undefined,
    )
    try {
      const signed = openCheckpoint(String(note), trust.logs)
      if (signed.size !== size || next !== size) faults.push(`checkpoint ${String(size)}: of ${signed.size} entries`)
      if (!root || !Buffer.from(signed.root).equals(root)) faults.push(`checkpoint ${String(size)}: another root`)
    } catch (error) {
      faults.push(`checkpoint ${String(size)}: ${String(error)}`)
    }
  }
}

/** One more leaf: equal neighbours join, as in a binary counter. */
function grow(stack: { readonly width: number; readonly hash: Uint8Array }[], leaf: Uint8Array): void {
  let node = { width: 1, hash: leafHash(leaf) as Uint8Array }
  for (let left = stack.at(-1); left?.width === node.width; left = stack.at(-1)) {
    stack.pop()
    node = { width: node.width * 2, hash: nodeHash(left.hash, node.hash) }
  }
  stack.push(node)
}

/** Exactly the documents that were sent, each once, under its own key, to the byte. */
function checkDocuments(query: Query, entries: readonly Row[], sent: readonly Sent[], faults: string[]): number {
  const byKey = new Map(sent.map((one) => [one.key, one]))
  const rows = query(
    'select d.idx, d.id, d.sha256, d.content, k.key from documents d left join idempotency_keys k on k.idx = d.idx order by d.idx',
  )
  const keys = new Set<unknown>()
  const contents = new Set<string>()
  for (const { idx, id, sha256, content, key } of rows) {
    const name = `document ${String(idx)}`
    const bytes = Buffer.from(content as Uint8Array)
    const digest = createHash('sha256').update(bytes).digest('hex')
    if (digest !== sha256) faults.push(`${name}: bytes and digest differ`)
    if (contents.has(digest)) faults.push(`${name}: the same bytes are recorded twice`)
    if (key === null || keys.has(key)) faults.push(`${name}: no key of its own`)
    const expected = byKey.get(String(key))
    if (!expected) faults.push(`${name}: nobody sent it`)
    else if (!expected.body.equals(bytes)) faults.push(`${name}: other bytes than those sent`)
    const entry = entries[Number(idx)]
    if (entry?.id !== id || entry?.kind !== 'doc') faults.push(`${name}: no entry of its own`)
    keys.add(key)
    contents.add(digest)
  }
  for (const { key } of sent) if (!keys.has(key)) faults.push(`${key}: lost`)
  const [count] = query('select count(*) as n from idempotency_keys')
  const docs = entries.filter(({ kind }) => kind === 'doc').length
  if (count?.['n'] !== rows.length || docs !== rows.length)
    faults.push(`${rows.length} documents, ${docs} entries, ${String(count?.['n'])} keys`)
  return rows.length
}

/** Each acknowledgement proves by itself, with the bytes, and stands in the log where it says. */
function checkReceipts(entries: readonly Row[], sent: readonly Sent[], trust: Trust, faults: string[]): void {
  for (const { key, body, receipt: bytes } of sent) {
    if (!bytes) continue
    const { verdict, checks, receipt } = verifyReceipt(bytes, { trust, content: body })
    const failed = checks.filter(({ result }) => result !== 'proved').map(({ name }) => name)
    if (verdict !== 'proved' || failed.length > 0) faults.push(`${key}: receipt not proved (${failed.join(', ')})`)
    const entry = receipt && entries[receipt.proof.index]
    const same = entry?.id === receipt?.id && Buffer.from(entry?.leaf ?? []).toString('utf8') === receipt?.leaf
    if (!receipt || !same) faults.push(`${key}: acknowledged, and not in the log`)
  }
}
