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
}

/** A buyer lets an account act for it from one instant to another. Dated, logged, never edited: a change is a new one. */
export interface Mandate {
  readonly buyer: string
  readonly notBefore: string
  readonly notAfter: string
}

export interface Accounts {
  /** Undefined when unknown or disabled. */
  find(id: string): Promise<Account | undefined>
  /** Buyers whose mandate to the account runs at that instant. */
  buyersOf(id: AccountId, at: Date): Promise<ReadonlySet<string>>
  /** The account whose secret this is, or undefined. Takes the same time whether the account exists or not. */
  withSecret(id: string, secret: string): Promise<Account | undefined>
  /** Creates and gives the secret, which is shown this once and stored hashed. @throws HubError ACCOUNT_EXISTS, ACCOUNT_ID_INVALID */
  create(account: { readonly id: string; readonly name: string; readonly scopes: readonly Scope[] }): Promise<string>
}

/** Directory answers are kept this long: a revoked right ends within a second, on every replica. */
const keepMs = 1_000

export function createAccounts(store: Pick<Store, 'reader' | 'writer'>, clock: Clock): Accounts {
  const accounts = rememberFor(keepMs, clock, async (id: string) => await readAccount(store, id))
  const mandates = rememberFor(keepMs, clock, async (id: string) => await readMandates(store, id))
  return {
    async find(id) {
      const account = await accounts(id)
      return account?.active === true ? account : undefined
    },
    async buyersOf(id, at) {
      const now = at.toISOString()
      const running = (await mandates(id)).filter((mandate) => mandate.notBefore <= now && now < mandate.notAfter)
      return new Set(running.map((mandate) => mandate.buyer))
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
function hashSecret(secret: string): string {
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
  }
}

async function readMandates(store: Pick<Store, 'reader'>, id: string): Promise<readonly Mandate[]> {
  const rows = await store.reader.selectFrom('mandates').selectAll().where('account', '=', id).execute()
  return rows.map((row) => ({ buyer: row.buyer, notBefore: row.not_before, notAfter: row.not_after }))
}

/** Bounded at 10 000 answers; the oldest goes first. */
function rememberFor<T>(ms: number, clock: Clock, ask: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const answers = new Map<string, { readonly until: number; readonly answer: Promise<T> }>()
  return async (id) => {
    const now = clock().getTime()
    const known = answers.get(id)
    if (known && known.until > now) return await known.answer
    const answer = ask(id)
    answers.delete(id)
    answers.set(id, { until: now + ms, answer })
    answer.catch(() => answers.delete(id))
    if (answers.size > 10_000) answers.delete(answers.keys().next().value ?? '')
    return await answer
  }
}
