import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { openDatabase } from '@socle/gateway'
import { openCheckpoint, type Trust, verifyReceipt } from '@socle/schemas'
import type { Sent } from './history.ts'
import { createTree, type RebuiltTree } from '../support/rebuilt-tree.ts'
import { openerOf, type StoredRow } from '../support/stored-content.ts'

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
 * nothing that nobody sent, and every root and receipt computed again. It has no code of the ledger; documents are opened
 * with the storage key beside the file.
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
    const open = openerOf(join(dirname(file), 'keys', 'storage.key'))
    const documents = checkDocuments({ query, open }, entries, sent, faults)
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
  if (checkpoints.at(-1)?.['note'] !== head?.['checkpoint']) faults.push('head: not the last checkpoint')
  const tree = createTree()
  for (const { size, note } of checkpoints) {
    for (const { leaf } of entries.slice(tree.size, Number(size))) tree.add(leaf)
    const fault = checkpointFault(Number(size), String(note), tree, trust)
    if (fault !== undefined) faults.push(`checkpoint ${String(size)}: ${fault}`)
  }
}

function checkpointFault(size: number, note: string, tree: RebuiltTree, trust: Trust): string | undefined {
  try {
    const signed = openCheckpoint(note, trust.logs)
    if (signed.size !== size || tree.size !== size) return `signed for ${signed.size}, of ${tree.size} entries`
    return Buffer.from(signed.root).equals(tree.root() ?? Buffer.alloc(0)) ? undefined : 'another root'
  } catch (error) {
    return String(error)
  }
}

/** Exactly the documents that were sent, each once, under its own key, to the byte. */
function checkDocuments(
  { query, open }: { readonly query: Query; readonly open: (row: StoredRow) => Buffer },
  entries: readonly Row[],
  sent: readonly Sent[],
  faults: string[],
): number {
  const byKey = new Map(sent.map((one) => [one.key, one]))
  const keys = new Set<string>()
  const contents = new Set<string>()
  const rows = query(
    `select d.*, c.wrapped_key, k.key from documents d left join idempotency_keys k on k.idx = d.idx
      left join consultation_keys c on c.consultation = d.consultation order by d.idx`,
  )
  for (const row of rows) {
    const key = String(row['key'])
    const name = `document ${String(row['idx'])}`
    const bytes = opened(open, row)
    if (!bytes) faults.push(`${name}: its bytes do not open`)
    if (!bytes) continue
    const digest = createHash('sha256').update(bytes).digest('hex')
    if (contents.has(digest)) faults.push(`${name}: the same bytes are recorded twice`)
    if (keys.has(key)) faults.push(`${name}: its key is recorded twice`)
    for (const fault of documentFaults({ ...row, bytes, digest }, entries[Number(row['idx'])], byKey.get(key)))
      faults.push(`${name}: ${fault}`)
    keys.add(key)
    contents.add(digest)
  }
  for (const { key } of sent) if (!keys.has(key)) faults.push(`${key}: lost`)
  // Time marks and deliveries have keys of the hub's own.
  const keysOfSenders = `select count(*) as n from idempotency_keys k left join entries e on e.idx = k.idx
    where coalesce(e.kind, '') not in ('ts', 'dlv')`
  const count = Number(query(keysOfSenders)[0]?.['n'])
  const docs = entries.filter(({ kind }) => kind === 'doc').length
  if (count !== rows.length || docs !== rows.length)
    faults.push(`${rows.length} documents, ${docs} entries, ${count} keys`)
  return rows.length
}

function opened(open: (row: StoredRow) => Buffer, row: Readonly<Record<string, unknown>>): Buffer | undefined {
  try {
    return open(row as unknown as StoredRow)
  } catch {
    return undefined
  }
}

function documentFaults(
  row: Readonly<Record<string, unknown>> & { readonly bytes: Buffer; readonly digest: string },
  entry: Row | undefined,
  sent: Sent | undefined,
): readonly string[] {
  const faults: string[] = []
  if (row.digest !== row['sha256']) faults.push('bytes and digest differ')
  if (entry?.id !== row['id'] || entry?.kind !== 'doc') faults.push('no entry of its own')
  if (!sent) faults.push('nobody sent it')
  else if (!sent.body.equals(row.bytes)) faults.push('other bytes than those sent')
  return faults
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
