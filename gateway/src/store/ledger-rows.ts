import { CompiledQuery, sql, type Transaction } from 'kysely'
import type { Database, Dialect, IdempotencyKeyRow, LedgerHeadRow, Reader } from './database.ts'
import { gather } from './gather.ts'

/** Any number for the lock of whoever appends the first batch, the same in every version. */
const firstAppendLock = 7_625_311

/**
 * The head, locked until the transaction ends. SQLite's `begin immediate` holds the lock already; PostgreSQL locks the
 * row. Before the first append there is no row to lock: whoever finds none takes a lock of its own and looks again.
 */
export async function lockHead(tx: Transaction<Database>, dialect: Dialect): Promise<LedgerHeadRow> {
  const found = await selectHead(tx, dialect)
  if (found) return found
  const empty = { id: 1, size: 0, edge: new Uint8Array(0), checkpoint: '' }
  if (dialect === 'sqlite') return empty
  await sql`select pg_advisory_xact_lock(${sql.lit(firstAppendLock)})`.execute(tx)
  return (await selectHead(tx, dialect)) ?? empty
}

async function selectHead(tx: Transaction<Database>, dialect: Dialect): Promise<LedgerHeadRow | undefined> {
  const lock = dialect === 'postgres' ? sql` for update` : sql``
  const head = sql<LedgerHeadRow>`select id, size, edge, checkpoint from ledger_head where id = 1${lock}`
  return (await head.execute(tx)).rows[0]
}

/** Upsert: the first append creates the row. */
export async function moveHead(
  tx: Transaction<Database>,
  { size, edge, checkpoint }: Omit<LedgerHeadRow, 'id'>,
): Promise<void> {
  await sql`insert into ledger_head (id, size, edge, checkpoint) values (1, ${size}, ${edge}, ${checkpoint})
    on conflict (id) do update set size = excluded.size, edge = excluded.edge, checkpoint = excluded.checkpoint`.execute(
    tx,
  )
}

export async function readHead(db: Reader): Promise<LedgerHeadRow | undefined> {
  return await db.selectFrom('ledger_head').selectAll().where('id', '=', 1).executeTakeFirst()
}

/** An idempotency key and the account that chose it. */
interface Key {
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
  let parameter = 0
  const mark = (): string => (dialect === 'sqlite' ? '?' : `$${++parameter}`)
  const pairs = keys.map(() => `(${mark()}, ${mark()})`).join(', ')
  const text = `select account, key, sha256, idx from idempotency_keys where (account, key) in (values ${pairs})`
  const result = await tx.executeQuery<IdempotencyKeyRow>(
    CompiledQuery.raw(
      text,
      keys.flatMap(({ account, key }) => [account, key]),
    ),
  )
  return result.rows
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
