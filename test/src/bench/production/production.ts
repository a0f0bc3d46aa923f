import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type KafkaCluster, startKafka } from '../../servers/kafka.ts'
import { type PostgresServer, startPostgres } from '../../servers/postgres.ts'
import { anAward } from '../../support/award.ts'
import { runLoad } from '../load.ts'
import { type BenchServer, startServer } from '../server.ts'
import { cpuSecondsOf } from './cpu.ts'
import { growLedger } from './grow.ts'
import { prepareTopics } from './prepare.ts'

/** What is measured: requests at a fixed pace, or as many as 32 connections get answered. */
interface Measure {
  readonly mode: string
  readonly pace: number | undefined
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Acceptance to subscriber. */
  readonly throughP50Ms: number
  readonly throughP99Ms: number
  /** Processor seconds for 1 000 documents: the gateway's, PostgreSQL's, Kafka's. */
  readonly gateway: number
  readonly postgres: number
  readonly kafka: number
  readonly faults: number
}

interface Received {
  readonly received: number
  readonly p50Ms: number
  readonly p99Ms: number
}

interface Bench {
  readonly postgres: PostgresServer
  readonly kafka: KafkaCluster
  readonly subscriber: BenchServer
  readonly seconds: number
  /** Number of the next request: no two requests of a run are the same. */
  next: number
}

const connections = 32
const pace = 1_000
/** Entries of the ledger before the growth and after. */
const small = 20_000

const template = Buffer.from(anAward({ id: 'B0000000000' }))
const idAt = template.indexOf('B0000000000') + 1

/** Real PostgreSQL, one broker, one gateway, one subscriber and the load, all on this machine. Gives the number of faults. */
export async function benchProduction(work: string, seconds: number): Promise<number> {
  mkdirSync(work, { recursive: true })
  await using postgres = await startPostgres()
  await using kafka = await startKafka({ nodes: 1, directory: join(work, 'kafka') })
  const env = environment(kafka, {})
  prepareTopics(env)
  const subscriber = await startServer('./production/subscriber-process.js', [], env)
  const bench: Bench = { postgres, kafka, subscriber, seconds, next: 0 }
  const measures: Measure[] = []
  printHead()
  try {
    await run(bench, env, { mode: 'relay only', script: './production/bridge-process.js', parameters: [] }, measures)
    for (const [mode, name] of [
      ['validated + durable', 'durable'],
      ['full evidence', 'full'],
    ] as const) {
      // Each on a ledger of its own: entries without a seal do not belong in the other's log.
      const url = await postgres.createDatabase()
      const log = { HUB_LOG_ORIGIN: `bench.invalid/${name}`, HUB_DATA: join(work, name) }
      const own = { ...env, HUB_STORE_URL: url, HUB_STORE_MIGRATION_URL: url, ...log }
      await growLedger(own, small)
      await run(bench, own, { mode, script: './production/gateway-process.js', parameters: [name] }, measures)
      if (name === 'durable') continue
      await growLedger(own, small * 10)
      await run(
        bench,
        own,
        { mode: `${mode}, 10 x ledger`, script: './production/gateway-process.js', parameters: [name] },
        measures,
      )
    }
  } finally {
    await subscriber.stop()
  }
  printRatios(measures)
  return measures.reduce((sum, { faults }) => sum + faults, 0)
}

function environment(kafka: KafkaCluster, own: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return {
    HUB_LOG_LEVEL: 'silent',
    HUB_PORT: '0',
    HUB_KAFKA_BROKERS: kafka.brokers.join(','),
    HUB_KAFKA_REPLICATION: '1',
    ...own,
  }
}

interface Target {
  readonly mode: string
  readonly script: string
  readonly parameters: readonly string[]
}

/** At the pace first, then as fast as it goes: each with the processor time it took. */
async function run(
  bench: Bench,
  env: Readonly<Record<string, string>>,
  { mode, script, parameters }: Target,
  measures: Measure[],
): Promise<void> {
  const server = await startServer(script, parameters, env)
  try {
    await load(bench, server, 3, undefined)
    for (const wanted of [pace, undefined]) {
      const row = { mode, ...(await measure(bench, server, wanted)) }
      printRow(row)
      measures.push(row)
    }
  } finally {
    await server.stop()
  }
}

async function measure(bench: Bench, server: BenchServer, wanted: number | undefined): Promise<Omit<Measure, 'mode'>> {
  const { subscriber, postgres, kafka } = bench
  await settled(subscriber)
  subscriber.reset()
  const before = await server.stats<{ recorded: number }>()
  const used = (): readonly number[] => [[server.pid], [postgres.pid], kafka.pids].map((pids) => cpuSecondsOf(pids))
  const start = used()
  const result = await load(bench, server, bench.seconds, wanted)
  await settled(subscriber)
  const end = used()
  const received = await subscriber.stats<Received>()
  const after = await server.stats<{ recorded: number }>()
  const [gateway = 0, database = 0, brokers = 0] = end.map(
    (seconds, i) => ((seconds - (start[i] ?? 0)) * 1_000) / Math.max(1, result.accepted),
  )
  return {
    pace: wanted,
    perSecond: result.perSecond,
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    throughP50Ms: received.p50Ms,
    throughP99Ms: received.p99Ms,
    gateway,
    postgres: database,
    kafka: brokers,
    faults:
      result.refused +
      Math.abs(received.received - result.accepted) +
      Math.abs(after.recorded - before.recorded - result.accepted),
  }
}

async function load(
  bench: Bench,
  server: BenchServer,
  seconds: number,
  perSecond: number | undefined,
): ReturnType<typeof runLoad> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${server.token}` }
  const plan = { port: server.port, path: '/v1/awards', headers, connections, seconds, body }
  const result = await runLoad({ ...plan, ...(perSecond === undefined ? {} : { perSecond }) }, bench.next)
  bench.next += result.accepted + result.refused
  return result
}

/** Until nothing more comes. */
async function settled(subscriber: BenchServer): Promise<void> {
  for (let last = -1; ;) {
    const { received } = await subscriber.stats<Received>()
    if (received === last) return
    last = received
    await sleep(1_500)
  }
}

/** The same contract under a new number: same length, other bytes. */
function body(n: number): Buffer {
  const copy = Buffer.from(template)
  copy.write(String(n).padStart(10, '0'), idAt, 'latin1')
  return copy
}

function out(text: string): void {
  process.stdout.write(`${text}\n`)
}

function printHead(): void {
  out(
    `\nawards of ${template.length} bytes by ${connections} connections; PostgreSQL, one broker, one gateway, one subscriber`,
  )
  out('                                              answer ms    to subscriber ms    CPU s for 1 000 documents')
  out('mode                          asked   /s      p50    p99      p50     p99     gateway postgres  kafka')
}

function printRow(row: Measure): void {
  const cells = [
    row.perSecond.toFixed(0).padStart(7),
    row.p50Ms.toFixed(1).padStart(9),
    row.p99Ms.toFixed(1).padStart(7),
    row.throughP50Ms.toFixed(0).padStart(9),
    row.throughP99Ms.toFixed(0).padStart(8),
    row.gateway.toFixed(2).padStart(12),
    row.postgres.toFixed(2).padStart(9),
    row.kafka.toFixed(2).padStart(7),
    row.faults > 0 ? `  ${row.faults} FAULTS` : '',
  ]
  out(`${row.mode.padEnd(28)}${(row.pace === undefined ? 'most' : String(row.pace)).padStart(7)}${cells.join('')}`)
}

function printRatios(measures: readonly Measure[]): void {
  const of = (mode: string, wanted: number | undefined): Measure | undefined =>
    measures.find((row) => row.mode === mode && row.pace === wanted)
  const relay = of('relay only', undefined)
  const full = of('full evidence', pace)
  const grown = of('full evidence, 10 x ledger', pace)
  if (!relay || !full || !grown) return
  const growth = (grown.gateway + grown.postgres) / (full.gateway + full.postgres)
  const line = (what: string, got: string, goal: string): void => out(`${what.padEnd(50)}${got.padStart(8)}    ${goal}`)
  out('')
  line('ratio', 'got', 'goal')
  line('accepted to subscriber, p99 at 1 000/s, ms', full.throughP99Ms.toFixed(0), '<= 100')
  line(
    'relay only, records a CPU second of the gateway',
    (1_000 / relay.gateway).toFixed(0),
    '>= 2 000: twice the Strimzi bridge',
  )
  line('10 x ledger, CPU of gateway and PostgreSQL', growth.toFixed(2), 'near 1')
}
