/** What tests, benchmarks and embedders may use; everything else is closed by the package's exports. */
export { BusInDoubt, createKafkaBus, type KafkaBusSettings } from './adapters/bus-kafka.ts'
export { createMemoryBus, type MemoryBus } from './adapters/bus-memory.ts'
export { createMemoryCache } from './adapters/cache-memory.ts'
export { createRedisCache } from './adapters/cache-redis.ts'
export {
  assertDurable,
  type Durability,
  durabilityOf,
  NotDurableError,
  openDatabase,
} from './adapters/sqlite-database.ts'
export { assertServerDurable, type ServerFacts } from './adapters/postgres-durability.ts'
export { StoreUnreachableError } from './adapters/postgres-pool.ts'
export { SchemaOutdatedError } from './adapters/postgres-schema.ts'
export { openPostgresStore } from './adapters/store-postgres.ts'
export { openSqliteStore } from './adapters/store-sqlite.ts'
export { buildApp } from './app.ts'
export { type Config, ConfigError, readConfig } from './config.ts'
export { grantMandate } from './directory/mandate.ts'
export { type Scope, scopes } from './directory/scopes.ts'
export type { CrashPoint, Hub } from './hub.ts'
export type { Keys } from './keys/key-store.ts'
export { defaultPacksFolder, packsIn } from './packs/folder.ts'
export type { Bus, BusMessage, Cache, Store, TimestampAuthority } from './ports.ts'
export type { Appended, NewEntry } from './record/entry.ts'
export type { LedgerStep } from './record/ledger.ts'
export { stampNow } from './record/stamper.ts'
export { type Serving, serve } from './serve.ts'
export { type Overrides, wire, type WiredHub } from './wire.ts'
export { createLocalTimestampAuthority } from './adapters/timestamp-local.ts'
export { writeContainer } from './audit/container.ts'
export { writeTiles } from './audit/export-log.ts'
export type { Report } from './audit/report.ts'
export { verifyPath } from './audit/verify.ts'
export { openKeys } from './keys/key-store.ts'
export { prepareSeal } from './record/seal.ts'
export { moveCursor, readPlace } from './store/cursors.ts'
export { releaseLease, renewLease, takeLease } from './store/leases.ts'
