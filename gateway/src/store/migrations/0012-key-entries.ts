/** Entries about keys are few, and asked for by every replica: an index on them alone. One built beforehand is taken. */
export function keyEntryIndex(): readonly string[] {
  return [`create index if not exists entries_keys on entries (idx) where kind = 'key'`]
}
