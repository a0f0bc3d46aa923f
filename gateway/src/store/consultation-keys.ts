import { CompiledQuery, sql } from 'kysely'
import type { Dialect, Reader, Writer } from './database.ts'
import { insertRows } from './insert.ts'
import { storable } from './storable.ts'
import type { Vault } from './vault.ts'

/** A document to be stored, and the number of its entry. */
interface Needing {
  readonly index: number
  readonly consultation: string
}

/**
 * The key of each consultation, made where there is none. Under the head's lock: two replicas never make two, and one
 * that an erasure deleted a moment ago is not used again.
 * @throws VaultError when a key that is there does not open
 */
export async function keysForDocuments(
  tx: Writer,
  { dialect, vault }: { readonly dialect: Dialect; readonly vault: Vault },
  documents: readonly Needing[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const first = new Map<string, number>()
  for (const { index, consultation } of documents) {
    const name = nameOf(consultation)
    if (!first.has(name)) first.set(name, index)
  }
  const keys = new Map<string, Uint8Array>()
  for (const { consultation, wrapped_key } of await findWrapped(tx, dialect, [...first.keys()]))
    keys.set(consultation, vault.openConsultationKey(consultation, wrapped_key))
  const made: [number, string, Uint8Array][] = []
  for (const [consultation, index] of first) {
    if (keys.has(consultation)) continue
    const { key, wrapped } = vault.newConsultationKey(consultation)
    keys.set(consultation, key)
    made.push([index, consultation, wrapped])
  }
  await insertRows(tx, dialect, { table: 'consultation_keys', columns: ['idx', 'consultation', 'wrapped_key'] }, made)
  return keys
}

/** A consultation as its row has it: text that cannot be stored as it is (`storable`) is another text there. */
export function nameOf(consultation: string): string {
  return Buffer.from(storable(consultation)).toString('utf8')
}

interface WrappedKey {
  readonly consultation: string
  readonly wrapped_key: Uint8Array
}

/** Names a statement in SQLite: one text, so that it stays prepared. What is missing to that number is the last one again. */
const namesAtOnce = 16
const ofSome = `select consultation, wrapped_key from consultation_keys where consultation in (${'?, '.repeat(namesAtOnce - 1)}?)`

/** In PostgreSQL one journey. */
async function findWrapped(tx: Writer, dialect: Dialect, names: readonly string[]): Promise<readonly WrappedKey[]> {
  if (names.length === 0) return []
  if (dialect === 'postgres') {
    const query = sql<WrappedKey>`select consultation, wrapped_key from consultation_keys where consultation = any(${[...names]})`
    return (await query.execute(tx)).rows
  }
  const found: WrappedKey[] = []
  for (let at = 0; at < names.length; at += namesAtOnce) {
    const some = names.slice(at, at + namesAtOnce)
    const parameters = Array.from({ length: namesAtOnce }, (_, place) => some[place] ?? some.at(-1))
    found.push(...(await tx.executeQuery<WrappedKey>(CompiledQuery.raw(ofSome, parameters))).rows)
  }
  return found
}

/**
 * That the storage key is the one of this store: asked at the start, not at the first document.
 * @throws VaultError
 */
export async function requireOurStorageKey({
  reader,
  vault,
}: {
  readonly reader: Reader
  readonly vault: Vault
}): Promise<void> {
  const row = await reader.selectFrom('consultation_keys').selectAll().orderBy('idx').limit(1).executeTakeFirst()
  if (row) vault.openConsultationKey(row.consultation, row.wrapped_key)
}
