import type { Transaction } from 'kysely'
import { keysForDocuments, nameOf } from '../store/consultation-keys.ts'
import { blank, erasedOf } from '../store/erasures.ts'
import type { Database, Dialect } from '../store/database.ts'
import { insertRows } from '../store/insert.ts'
import { type StoredBytes, storedAs, type Vault, VaultError } from '../store/vault.ts'
import type { DocumentFields, Effect, NewEntry } from './entry.ts'
import { StoreDamagedError } from './ledger-errors.ts'

interface Numbered {
  readonly index: number
  readonly entry: NewEntry
}

/** Writes the rows that go with the entries, in the same transaction: a delivery is known if and only if it is in the log. */
export async function writeEffects(
  tx: Transaction<Database>,
  parts: { readonly dialect: Dialect; readonly vault: Vault },
  fresh: readonly Numbered[],
): Promise<void> {
  await writeDocuments(tx, parts, fresh)
  for (const { index, entry } of fresh) {
    for (const effect of entry.effects) if (effect.write !== 'document') await writeEffect(tx, index, entry, effect)
  }
  await erase(tx, fresh)
}

/** Each document under a key of its own, wrapped by the one of its consultation. */
async function writeDocuments(
  tx: Transaction<Database>,
  { dialect, vault }: { readonly dialect: Dialect; readonly vault: Vault },
  fresh: readonly Numbered[],
): Promise<void> {
  const documents = fresh.flatMap(({ index, entry }) =>
    entry.effects.flatMap((effect) =>
      effect.write === 'document'
        ? [{ index, id: entry.id, row: effect.row, consultation: effect.row.consultation }]
        : [],
    ),
  )
  if (documents.length === 0) return
  const keys = await keysForDocuments(tx, { dialect, vault }, documents).catch(toldAsDamage)
  const rows = documents.map(({ index, id, row, consultation }) => {
    const key = keys.get(nameOf(consultation))
    if (!key) throw new Error(`no key for the consultation of ${id}`)
    return documentRow(index, id, { ...row, ...vault.seal(id, row.content, key), size: row.content.length })
  })
  await insertRows(
    tx,
    dialect,
    {
      table: 'documents',
      columns: [
        'idx',
        'id',
        'kind',
        'account',
        'buyer',
        'consultation',
        'source_key',
        'format',
        'version',
        'name',
        'media_type',
        'size',
        'sha256',
        'content',
        'stored_as',
        'data_key',
      ],
    },
    rows,
  )
}

/** A key that was there at the start opens no more: the store is damaged, not away, and somebody has to look. */
function toldAsDamage(error: unknown): never {
  if (error instanceof VaultError) throw new StoreDamagedError(error.message, { cause: error })
  throw error
}

function documentRow(
  index: number,
  id: string,
  row: Omit<DocumentFields, 'content'> & StoredBytes & { readonly size: number },
): readonly (string | number | Uint8Array | null)[] {
  return [
    index,
    id,
    row.kind,
    row.account,
    row.buyer,
    row.consultation,
    row.sourceKey,
    row.format,
    row.version,
    row.name,
    row.mediaType,
    row.size,
    row.sha256,
    row.content,
    storedAs,
    row.data_key,
  ]
}

/**
 * All erasures of a batch together: the consultation's key goes with its last document. An outcome that was on its way
 * while its document was erased is recorded, and blanked with its entry: what it says of the document is kept nowhere.
 */
async function erase(tx: Transaction<Database>, fresh: readonly Numbered[]): Promise<void> {
  const effects = fresh.flatMap(({ entry }) => entry.effects)
  const erased = effects.flatMap((effect) => (effect.write === 'erasure' ? [effect.document] : []))
  const concluded = effects.flatMap((effect) => (effect.write === 'outcome' ? [effect.row.document] : []))
  const late = concluded.length === 0 ? [] : await erasedOf(tx, concluded)
  await blank(tx, [...new Set([...erased, ...late])])
}

async function writeEffect(
  tx: Transaction<Database>,
  idx: number,
  entry: NewEntry,
  effect: Exclude<Effect, { write: 'document' }>,
): Promise<void> {
  const at = entry.at
  switch (effect.write) {
    case 'mandate': {
      const { account, buyer, notBefore, notAfter } = effect.row
      await tx
        .insertInto('mandates')
        .values({ id: entry.id, account, buyer, not_before: notBefore, not_after: notAfter, idx })
        .execute()
      return
    }
    case 'delivery': {
      // A recipient that asks twice was delivered once: the first entry stays the one that counts.
      const { recipient, channel } = effect
      const rows = effect.documents.map((document) => ({ document, recipient, channel, at, idx }))
      await tx
        .insertInto('deliveries')
        .values(rows)
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      return
    }
    case 'outcome':
      await tx
        .insertInto('outcomes')
        .values({ id: entry.id, ...effect.row, at, idx })
        .execute()
      return
    case 'subscription-position':
      await tx
        .updateTable('subscriptions')
        .set({ position: effect.position, failures: 0, next_attempt_at: '', last_error: '' })
        .where('id', '=', effect.id)
        .execute()
      return
    case 'outside-time': {
      // Judged before; if two replicas raced, the first row stays: a conflict must not undo the documents of the batch.
      const { size, signer, serial, genTime, accuracyMs } = effect.row
      await tx
        .insertInto('time_tokens')
        .values({ idx, size, signer, serial, gen_time: genTime, accuracy_ms: accuracyMs })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      return
    }
    case 'loss':
      await tx.insertInto('losses').values({ idx, lost_from: effect.from, lost_to: effect.to }).execute()
      return
    case 'erasure': {
      const { document, decision } = effect
      await tx.insertInto('erasures').values({ document, idx, at, decision }).execute()
      return
    }
    case 'token':
      await tx.updateTable('checkpoints').set({ token: effect.token }).where('size', '=', effect.size).execute()
  }
}
