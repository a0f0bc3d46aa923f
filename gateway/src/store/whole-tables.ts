import { createHash } from 'node:crypto'
import type { Database, Writer } from './database.ts'
import { hubRights } from './grants.ts'
import { insertRows, type Value } from './insert.ts'
import { storable } from './storable.ts'

export type Table = keyof Database

/** Everything that moves with a ledger. Who runs a loop now is not of the past. */
export const lastingTables: readonly Table[] = (Object.keys(hubRights) as Table[]).filter((table) => table !== 'leases')

/** What a table holds, whatever the order of its rows: equal digests are equal tables. */
export interface TableDigest {
  readonly rows: number
  /** Sum of the rows' SHA-256, modulo 2^256, in hexadecimal. */
  readonly sum: string
}

type Row = Readonly<Record<string, Value>>

/** A block of rows that one insert takes: documents may be large. */
const maxBlockRows = 256
const maxBlockBytes = 8 * 1024 * 1024

export async function isEmpty(db: Writer, table: Table): Promise<boolean> {
  for await (const _ of rowsOf(db, table)) return false
  return true
}

/** Copies every row. Memory stays flat: a block at a time. @returns digest of what was read */
export async function copyTable(from: Writer, to: Writer, table: Table): Promise<TableDigest> {
  const digest = startDigest()
  let block: Row[] = []
  let bytes = 0
  const flush = async (): Promise<void> => {
    await insertBlock(to, table, block)
    block = []
    bytes = 0
  }
  for await (const row of rowsOf(from, table)) {
    digest.add(row)
    block.push(row)
    bytes += bytesOf(row)
    if (block.length >= maxBlockRows || bytes >= maxBlockBytes) await flush()
  }
  await flush()
  return digest.end()
}

export async function digestTable(db: Writer, table: Table): Promise<TableDigest> {
  const digest = startDigest()
  for await (const row of rowsOf(db, table)) digest.add(row)
  return digest.end()
}

/** In PostgreSQL inside a transaction only. */
async function* rowsOf(db: Writer, table: Table): AsyncGenerator<Row> {
  const atOnce = table === 'documents' ? 4 : maxBlockRows
  for await (const row of db.selectFrom(table).selectAll().stream(atOnce)) yield row
}

async function insertBlock(to: Writer, table: Table, rows: readonly Row[]): Promise<void> {
  const [first] = rows
  if (!first) return
  const columns = Object.keys(first) as never[]
  await insertRows(
    to,
    'postgres',
    { table, columns },
    rows.map((row) => columns.map((column) => row[column] ?? null)),
  )
}

function startDigest(): { readonly add: (row: Row) => void; readonly end: () => TableDigest } {
  let rows = 0
  let sum = 0n
  return {
    add(row) {
      rows++
      sum = BigInt.asUintN(256, sum + BigInt(`0x${hashOf(row)}`))
    },
    end: () => ({ rows, sum: sum.toString(16).padStart(64, '0') }),
  }
}

/** Columns by name: the two dialects need not give them in one order. Each value with its kind and length before it. */
function hashOf(row: Row): string {
  const hash = createHash('sha256')
  for (const name of Object.keys(row).toSorted()) {
    const value = storable(row[name] ?? null)
    const bytes = value instanceof Uint8Array ? value : Buffer.from(String(value))
    const kind = value instanceof Uint8Array ? 'bytes' : value === null ? 'null' : typeof value
    hash.update(`${name} ${kind} ${bytes.length}\n`).update(bytes)
  }
  return hash.digest('hex')
}

function bytesOf(row: Row): number {
  let bytes = 0
  for (const value of Object.values(row))
    bytes += value instanceof Uint8Array || typeof value === 'string' ? value.length : 8
  return bytes
}
