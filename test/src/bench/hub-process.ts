import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Keys, openSqliteStore, readConfig, serve, type Store, wire } from '@socle/gateway'
import { openBenchAccount } from './bench-account.ts'
import { countDocuments } from './count-documents.ts'
import { forgetting } from './null-store.ts'

/** A hub in a process of its own, with the real store or with one that forgets; says its port and a token, then its figures. */
const [directory = '', mode = 'real'] = process.argv.slice(2)
const config = { ...readConfig({ HUB_DATA: directory, HUB_LOG_LEVEL: 'silent' }), port: 0 }
let forgotten: (() => number) | undefined

const hub = await wire(config, mode === 'null' ? { store: nullStore } : {})
const serving = await serve(hub)
const token = await openBenchAccount(hub)
const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
process.send?.({ port: Number(new URL(serving.url).port), token })

process.on('message', (message) => {
  if (message === 'stop') void serving.stop().then(() => process.exit(0))
  if (message === 'reset') delay.reset()
  if (message === 'stats') void sendStats()
})

async function sendStats(): Promise<void> {
  const { recorded, distinct } = await countDocuments(hub)
  process.send?.({
    rssMiB: process.memoryUsage().rss / 2 ** 20,
    // The timer itself wakes every millisecond: what is above that is delay.
    loopP99Ms: Math.max(0, delay.percentile(99) / 1e6 - 1),
    recorded: forgotten?.() ?? recorded,
    distinct: forgotten?.() ?? distinct,
  })
}

// The bench is gone: nobody would ever say stop.
process.on('disconnect', () => process.exit(1))

async function nullStore(keys: Keys): Promise<Store> {
  const { origin, privateKey: logKey } = keys.log
  const file = `${directory}/ledger.sqlite`
  const real = await openSqliteStore({ file, origin, logKey, storageKey: keys.storage, allowInMemory: true })
  const store = forgetting(real, keys)
  forgotten = store.recorded
  return store
}
