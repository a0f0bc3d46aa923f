/** Entries about keys are few, and asked for by every replica: an index on them alone. */
export function keyEntryIndex(): readonly string[] {
  return [`create index entries_keys on entries (idx) where kind = 'key'`]
}
