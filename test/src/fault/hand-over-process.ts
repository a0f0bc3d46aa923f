import { createPrivateKey, createSecretKey } from 'node:crypto'
import { openPostgresStore, openSqliteStore } from '@socle/gateway'
import type { HandOverPlan } from './hand-over-plan.ts'

/** Hands a log over and dies at the step it is told. */
const plan = JSON.parse(process.argv[2] ?? '{}') as HandOverPlan
const keyOf = (pem: string): ReturnType<typeof createPrivateKey> => createPrivateKey(pem)
const shared = {
  origin: plan.origin,
  logKey: keyOf(plan.logKey),
  storageKey: createSecretKey(Buffer.alloc(32)),
  killAt: plan.killAt,
}
const store =
  plan.url === undefined
    ? await openSqliteStore({ ...shared, file: plan.file, allowInMemory: true })
    : await openPostgresStore({ ...shared, url: plan.url, poolSize: 1, timeoutMs: 10_000 })
const { id, salt } = { id: (last: number) => `01990000-0000-7000-8000-00000000000${last}`, salt: Buffer.alloc(16, 1) }
await store.handOver({
  origin: plan.next,
  logKey: keyOf(plan.nextKey),
  environment: 'sandbox',
  at: '2027-01-01T00:00:00.000Z',
  end: { id: id(1), salt },
  start: { id: id(2), salt },
})
await store.close()
