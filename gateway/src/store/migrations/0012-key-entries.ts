/** Entries about keys are few, and asked for by every replica: an index on them alone. One that the operator built before is taken. */
export function keyEntryIndex(): readonly string[] {
  return [`create index if not exists entries_keys on entries (idx) where kind = 'key'`]
}
