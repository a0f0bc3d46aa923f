/**
 * An erasure, and the traps that judge it, go from an entry to its key and to its outcome. Those that the operator built
 * before, without a lock (deploy/runbooks/upgrade.md), are taken as they are.
 */
export function erasureIndexes(): readonly string[] {
  return [
    'create index if not exists idempotency_keys_by_entry on idempotency_keys (idx)',
    'create index if not exists outcomes_by_entry on outcomes (idx)',
  ]
}
