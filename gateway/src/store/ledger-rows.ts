import { CompiledQuery, sql, type Transaction } from 'kysely'
import type { Database, Dialect, IdempotencyKeyRow, LedgerHeadRow, Reader } from './database.ts'
import { gather } from './gather.ts'

/** Any number for the lock of whoever appends the first batch, the same in every version. */
const firstAppendLock = 7_625_311

/** What an append begins with: where the log ends, and which of its keys are taken. */
export interface LockedHead {
  readonly head: LedgerHeadRow
  readonly keys: readonly IdempotencyKeyRow[]
}

/** What is asked under the lock. */
export interface HeadQuestion {
  readonly keys: readonly Key[]
  /** This process has seen a head there: its row exists. */
  readonly isBegun: boolean
}

/**
 * The head, locked until the transaction ends, and the rows of those keys as they are from then on. SQLite's
 * `begin immediate` holds the lock already; PostgreSQL locks the row. Before the first append there is no row to lock:
 * whoever finds none takes a lock of its own and looks again.
 */
export async function lockHead(
  tx: Transaction<Database>,
  dialect: Dialect,
  { keys, isBegun }: HeadQuestion,
): Promise<LockedHead> {
  if (dialect === 'sqlite') return { head: await headNow(tx), keys: await findKeys(tx, dialect, keys) }
  const lock = sql`select id from ledger_head where id = 1 for update`
  // Not waited for: what is read next goes with it in one journey, and is read after what the lock waited for.
  if (isBegun) await sql`${sql.raw(notAwaited)} ${lock}`.execute(tx)
  else if ((await lock.execute(tx)).rows.length === 0) {
    await sql`select pg_advisory_xact_lock(${sql.lit(firstAppendLock)})`.execute(tx)
    await lock.execute(tx)
  }
  return (await headAndKeys(tx, keys)) ?? { head: emptyHead, keys: [] }
}

/**
 * Begins a statement whose rows nobody reads: on a connection that pipelines it is sent ahead, as an insert is. A fault of
 * it is that of the next one, or of the commit.
 */
export const notAwaited = '/* not awaited */'

const emptyHead: LedgerHeadRow = { id: 1, size: 0, edge: new Uint8Array(0), checkpoint: '', shard: 0, first: 0 }

async function headNow(tx: Transaction<Database>): Promise<LedgerHeadRow> {
  return (
    (
      await sql<LedgerHeadRow>`select id, size, edge, checkpoint, shard, first from ledger_head where id = 1`.execute(
        tx,
      )
    ).rows[0] ?? emptyHead
  )
}

/** One row at least, when there is a head: its columns beside those of each key. */
async function headAndKeys(tx: Transaction<Database>, wanted: readonly Key[]): Promise<LockedHead | undefined> {
  const none = 'select null as account, null as key, null as sha256, null::bigint as idx where false'
  const text = `select h.id, h.size, h.edge, h.checkpoint, h.shard, h.first, k.account, k.key, k.sha256, k.idx
    from ledger_head h left join (${wanted.length === 0 ? none : keysText('postgres', wanted.length)}) k on true where h.id = 1`
  const parameters = wanted.flatMap(({ account, key }) => [account, key])
  const { rows } = await tx.executeQuery<
    LedgerHeadRow & { [Column in keyof IdempotencyKeyRow]: IdempotencyKeyRow[Column] | null }
  >(CompiledQuery.raw(text, parameters))
  const [first] = rows
  if (!first) return undefined
  const { account: _account, key: _key, sha256: _sha256, idx: _idx, ...head } = first
  const keys = rows.flatMap(({ account, key, sha256, idx }) =>
    account === null || key === null || sha256 === null || idx === null ? [] : [{ account, key, sha256, idx }],
  )
  return { head, keys }
}

/** Upsert: the first append creates the row. */
export async function moveHead(
  tx: Transaction<Database>,
  { size, edge, checkpoint, shard, first }: Omit<LedgerHeadRow, 'id'>,
): Promise<void> {
  await sql`insert into ledger_head (id, size, edge, checkpoint, shard, first) values (1, ${size}, ${edge}, ${checkpoint}, ${shard}, ${first})
    on conflict (id) do update set size = excluded.size, edge = excluded.edge, checkpoint = excluded.checkpoint,
      shard = excluded.shard, first = excluded.first`.execute(tx)
}

export async function readHead(db: Reader): Promise<LedgerHeadRow | undefined> {
  return await db.selectFrom('ledger_head').selectAll().where('id', '=', 1).executeTakeFirst()
}

/** An idempotency key and the account that chose it. */
export interface Key {
  readonly account: string
  readonly key: string
}

/** Rows of the keys that exist already, in any order. */
export async function findKeys(
  tx: Transaction<Database> | Reader,
  dialect: Dialect,
  keys: readonly Key[],
): Promise<readonly IdempotencyKeyRow[]> {
  if (keys.length === 0) return []
  const parameters = keys.flatMap(({ account, key }) => [account, key])
  return (await tx.executeQuery<IdempotencyKeyRow>(CompiledQuery.raw(keysText(dialect, keys.length), parameters))).rows
}

function keysText(dialect: Dialect, count: number): string {
  let parameter = 0
  const mark = (): string => (dialect === 'sqlite' ? '?' : `$${++parameter}`)
  const pairs = Array.from({ length: count }, () => `(${mark()}, ${mark()})`).join(', ')
  return `select account, key, sha256, idx from idempotency_keys where (account, key) in (values ${pairs})`
}

type FindKey = (key: Key) => Promise<IdempotencyKeyRow | undefined>

const finders = new WeakMap<Reader, FindKey>()

/** Keys a statement, when several deposits ask at once. */
const keysAtOnce = 64

/**
 * One key; on the way of every deposit. In SQLite the look-up is a matter of microseconds; to PostgreSQL the deposits of
 * one turn go together.
 */
export async function findKey(
  { reader, dialect }: { readonly reader: Reader; readonly dialect: Dialect },
  key: Key,
): Promise<IdempotencyKeyRow | undefined> {
  const find = finders.get(reader) ?? finderOf(reader, dialect)
  finders.set(reader, find)
  return await find(key)
}

function finderOf(reader: Reader, dialect: Dialect): FindKey {
  if (dialect === 'sqlite') {
    return async ({ account, key }) => {
      // Plain text, so that no query is built from parts each time.
      const query = sql<IdempotencyKeyRow>`select account, key, sha256, idx from idempotency_keys where account = ${account} and key = ${key}`
      return (await query.execute(reader)).rows[0]
    }
  }
  return gather(async (keys: readonly Key[]) => {
    const rows = await findKeys(reader, dialect, keys)
    const known = new Map(rows.map((row) => [`${row.account} ${row.key}`, row]))
    return keys.map(({ account, key }) => known.get(`${account} ${key}`))
  }, keysAtOnce)
}
