import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { HubError } from '../errors.ts'
import { type AccountId, parseAccountId } from '../ids.ts'
import type { Clock, Store } from '../ports.ts'
import { isScope, type Scope } from './scopes.ts'

/** A technical account: an editor's platform, a financial system, an archive. It acts for the buyers that mandated it. */
export interface Account {
  readonly id: AccountId
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly active: boolean
  /** It may speak only with tokens that are bound to its client certificate. */
  readonly needsCertificate: boolean
}

export interface Accounts {
  /** Undefined when unknown or disabled. */
  find(id: string): Promise<Account | undefined>
  /** Buyers whose mandate to the account runs now, give or take a second. */
  buyersOf(id: AccountId): Promise<ReadonlySet<string>>
  /** Of these buyers, those with a mandate in the log before `size` that runs at `at`: without any delay. */
  buyersAsOf(
    id: AccountId,
    buyers: readonly string[],
    standing: { readonly size: number; readonly at: Date },
  ): Promise<ReadonlySet<string>>
  /** The account whose secret this is, or undefined. Takes the same time whether the account exists or not. */
  withSecret(id: string, secret: string): Promise<Account | undefined>
  /** Creates and gives the secret, which is shown this once and stored hashed. @throws HubError ACCOUNT_EXISTS, ACCOUNT_ID_INVALID */
  create(account: { readonly id: string; readonly name: string; readonly scopes: readonly Scope[] }): Promise<string>
}

/** Directory answers are kept this long: a revoked right ends within a second, on every replica. */
const keepMs = 1_000

export function createAccounts(store: Pick<Store, 'reader' | 'writer'>, clock: Clock): Accounts {
  const accounts = rememberFor(keepMs, clock, async (id: string) => await readAccount(store, id))
  const buyers = rememberFor(keepMs, clock, async (id: string) => await readBuyers(store, id, clock()))
  return {
    async find(id) {
      const account = await accounts(id)
      return account?.active === true ? account : undefined
    },
    buyersOf: async (id) => await buyers(id),
    buyersAsOf: async (id, wanted, { size, at }) => {
      const rows = await runningMandates(store, { id, at, size }).where('given.buyer', 'in', wanted).execute()
      return new Set(rows.map((row) => row.buyer))
    },
    async withSecret(id, secret) {
      const row = await store.reader
        .selectFrom('accounts')
        .select('secret_hash')
        .where('id', '=', id)
        .executeTakeFirst()
      const expected = Buffer.from(row?.secret_hash ?? hashSecret('no such account'), 'hex')
      const given = Buffer.from(hashSecret(secret), 'hex')
      const same = timingSafeEqual(expected, given)
      return same && row ? await this.find(id) : undefined
    },
    async create({ id, name, scopes }) {
      const account = parseAccountId(id)
      const existing = await store.reader
        .selectFrom('accounts')
        .select('id')
        .where('id', '=', account)
        .executeTakeFirst()
      if (existing) throw new HubError('ACCOUNT_EXISTS', { value: id })
      const secret = randomBytes(32).toString('base64url')
      await store.writer
        .insertInto('accounts')
        .values({
          id: account,
          name,
          secret_hash: hashSecret(secret),
          scopes: scopes.join(' '),
          status: 'active',
          created_at: clock().toISOString(),
        })
        .execute()
      return secret
    },
  }
}

/** Secrets are 256 random bits: one SHA-256 is enough, a slow hash protects guessable ones only. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(`socle-client-secret\0${secret}`).digest('hex')
}

async function readAccount(store: Pick<Store, 'reader'>, id: string): Promise<Account | undefined> {
  const row = await store.reader.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return undefined
  return {
    id: parseAccountId(row.id),
    name: row.name,
    scopes: row.scopes.split(' ').filter(isScope),
    active: row.status === 'active',
    needsCertificate: row.certificate === 'required',
  }
}

/** An editor's platform acts for thousands of buyers: the set is made once a second, not once a request. */
async function readBuyers(store: Pick<Store, 'reader'>, id: string, at: Date): Promise<ReadonlySet<string>> {
  const rows = await runningMandates(store, { id, at, size: Number.MAX_SAFE_INTEGER }).execute()
  return new Set(rows.map((row) => row.buyer))
}

/**
 * A mandate runs from its first instant to its last, unless a later entry took it back: a row that ends when it begins
 * ends, at that instant, those of the same buyer before it.
 */
function runningMandates(
  store: Pick<Store, 'reader'>,
  { id, at, size }: { readonly id: string; readonly at: Date; readonly size: number },
) {
  const now = at.toISOString()
  return store.reader
    .selectFrom('mandates as given')
    .select('given.buyer')
    .where('given.account', '=', id)
    .where('given.idx', '<', size)
    .where('given.not_before', '<=', now)
    .where('given.not_after', '>', now)
    .where((is) =>
      is.not(
        is.exists(
          is
            .selectFrom('mandates as taken')
            .select('taken.idx')
            .where('taken.account', '=', id)
            .whereRef('taken.buyer', '=', 'given.buyer')
            .whereRef('taken.idx', '>', 'given.idx')
            .where('taken.idx', '<', size)
            .whereRef('taken.not_after', '<=', 'taken.not_before')
            .where('taken.not_after', '<=', now),
        ),
      ),
    )
}

/** Bounded at 10 000 answers; the oldest goes first. */
function rememberFor<T>(ms: number, clock: Clock, ask: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const answers = new Map<string, { readonly until: number; readonly answer: Promise<T> }>()
  return async (id) => {
    const now = clock().getTime()
    const known = answers.get(id)
    // A clock that was set back must not prolong a right that was withdrawn.
    if (known && known.until > now && known.until <= now + ms) return await known.answer
    const answer = ask(id)
    answers.delete(id)
    answers.set(id, { until: now + ms, answer })
    answer.catch(() => answers.delete(id))
    if (answers.size > 10_000) answers.delete(answers.keys().next().value ?? '')
    return await answer
  }
}
