import { readConfig, serve, wire } from '@socle/gateway'
import { openBenchAccount } from '../bench-account.ts'
import { countDocuments } from '../count-documents.ts'

/**
 * A gateway on PostgreSQL and Kafka, settings in the environment. `durable`: documents are judged, committed, numbered,
 * hashed into the log and published, but neither sealed nor stamped. `full`: as in production.
 */
const [mode = 'full'] = process.argv.slice(2)
const wired = await wire(readConfig(process.env))
const bare = { ...wired.sealer, refusal: () => undefined, seal: async () => await Promise.resolve(new Uint8Array(0)) }
const hub = mode === 'durable' ? { ...wired, sealer: bare } : wired
const serving = await serve(hub)
process.send?.({ port: Number(new URL(serving.url).port), token: await openBenchAccount(hub) })

process.on('disconnect', () => process.exit(1))
process.on('message', (message) => {
  if (message === 'stop') void serving.stop().then(() => process.exit(0))
  if (message === 'stats') void countDocuments(hub).then((count) => process.send?.(count))
})
