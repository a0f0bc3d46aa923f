import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { anAward } from '../support/award.ts'
import { benchDecp } from './decp.ts'
import { benchJudging } from './judging.ts'
import { benchSeal } from './seal.ts'
import { benchSaxon } from './saxon.ts'
import { benchProduction } from './production/production.ts'
import { installServers } from '../servers/install.ts'
import { type DiskRate, fdatasyncRate } from './disk.ts'
import { type LoadResult, runLoad } from './load.ts'
import { type BenchServer, pinSelf, startServer, type Stats } from './server.ts'
import { benchVerify } from './verify/verify.ts'

/** One row: a server under a number of connections. */
interface Row extends LoadResult, Stats {
  readonly server: string
  readonly connections: number
}

const connections = [1, 32, 256]
const asked = (option: string, otherwise: number): number =>
  Number(process.argv.find((word) => word.startsWith(`--${option}=`))?.slice(option.length + 3) ?? otherwise)
const seconds = asked('seconds', 5)
const servers = [
  { name: 'node:http', script: './bare-process.js', parameters: () => [] },
  { name: 'null store', script: './hub-process.js', parameters: (directory: string) => [directory, 'null'] },
  { name: 'socle', script: './hub-process.js', parameters: (directory: string) => [directory, 'real'] },
] as const

const template = Buffer.from(anAward({ id: 'B0000000000' }))
const idAt = template.indexOf('B0000000000') + 1

const root = join(import.meta.dirname, '../../../.cache/bench')
mkdirSync(root, { recursive: true })
const work = mkdtempSync(join(root, 'run-'))
try {
  process.exitCode = await chosenBench()
} finally {
  rmSync(work, { recursive: true, force: true })
}

async function chosenBench(): Promise<number> {
  if (process.argv.includes('--production')) return await benchServers()
  if (process.argv.includes('--verify')) return (await benchVerify(work, asked('entries', 1_000_000))) ? 0 : 1
  return await bench()
}

/** The replicated hub on real servers, which are installed first where they are missing. */
async function benchServers(): Promise<number> {
  installServers()
  const faults = await benchProduction(work, seconds)
  process.stdout.write(
    faults === 0
      ? '\nvalidity: every document was accepted, kept and received once\n'
      : `\nvalidity: ${faults} FAULTS\n`,
  )
  return faults === 0 ? 0 : 1
}

async function bench(): Promise<number> {
  const pinned = pinSelf()
  const disk = fdatasyncRate(work, 3)
  const rows: Row[] = []
  let faults = 0
  for (const { name, script, parameters } of servers) {
    const directory = join(work, name.replace(/\W/g, '-'))
    mkdirSync(directory)
    const server = await startServer(script, parameters(directory))
    faults += await measure(name, server, rows)
    await server.stop()
  }
  print(disk, rows, pinned)
  if (!(await benchDecp(work))) faults += 1
  await benchSeal(seconds)
  benchJudging(seconds)
  await benchSaxon(seconds)
  process.stdout.write(
    faults === 0
      ? '\nvalidity: every accepted document is in the log once, no good contract was refused\n'
      : `\nvalidity: ${faults} FAULTS, the figures mean nothing\n`,
  )
  return faults === 0 ? 0 : 1
}

/** Warm-up, then each number of connections; counts what the server acknowledged against what its log holds. */
async function measure(name: string, server: BenchServer, rows: Row[]): Promise<number> {
  let sent = 0
  let acknowledged = 0
  const load = async (count: number, duration: number): Promise<LoadResult> => {
    const result = await runLoad(
      {
        port: server.port,
        path: '/v1/awards',
        headers: headersOf(server),
        connections: count,
        seconds: duration,
        body,
      },
      sent,
    )
    sent += result.accepted + result.refused
    acknowledged += result.accepted
    return result
  }
  await load(32, 2)
  for (const count of connections) {
    server.reset()
    const result = await load(count, seconds)
    const stats: Stats = await server.stats()
    rows.push({ server: name, connections: count, ...result, ...stats })
  }
  const { recorded, distinct } = await server.stats()
  if (name === 'node:http') return 0
  return Math.abs(recorded - acknowledged) + Math.abs(distinct - recorded) + (sent - acknowledged)
}

function headersOf(server: BenchServer): Readonly<Record<string, string>> {
  return { 'content-type': 'application/json', authorization: `Bearer ${server.token}` }
}

/** The same contract under a new number: same length, other bytes. */
function body(n: number): Buffer {
  const copy = Buffer.from(template)
  copy.write(String(n).padStart(10, '0'), idAt, 'latin1')
  return copy
}

function print(disk: DiskRate, rows: readonly Row[], pinned: boolean): void {
  const find = (server: string, count: number): Row | undefined =>
    rows.find((row) => row.server === server && row.connections === count)
  const out = (text: string): void => void process.stdout.write(`${text}\n`)
  out(
    `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.versions.node}; ${pinned ? 'load generator on the last core, main thread of the server on the first, its other threads on any' : 'nothing pinned to a core'}`,
  )
  out(
    `award of ${template.length} bytes, ${seconds} s a row; fdatasync of 8 KiB: ${disk.perSecond.toFixed(0)}/s, p50 ${disk.p50Ms.toFixed(3)} ms\n`,
  )
  out('server       conn   accepted/s    p50 ms    p99 ms   loop p99 ms   RSS MiB   x fdatasync/s')
  for (const row of rows) {
    const cells = [
      row.perSecond.toFixed(0).padStart(12),
      row.p50Ms.toFixed(2).padStart(10),
      row.p99Ms.toFixed(2).padStart(10),
      row.loopP99Ms.toFixed(1).padStart(14),
      row.rssMiB.toFixed(0).padStart(10),
    ]
    out(
      `${row.server.padEnd(12)}${String(row.connections).padStart(5)}${cells.join('')}${(row.perSecond / disk.perSecond).toFixed(2).padStart(16)}`,
    )
  }
  const at32 = find('socle', 32)
  const at256 = find('socle', 256)
  const nothing256 = find('null store', 256)
  const bare256 = find('node:http', 256)
  if (!at32 || !at256 || !nothing256 || !bare256) return
  out('\nratio                                         got      goal')
  out(`receipts/s at 32 over fdatasync/s        ${(at32.perSecond / disk.perSecond).toFixed(2).padStart(8)}    >= 3`)
  out(
    `durable over null store at 256           ${(at256.perSecond / nothing256.perSecond).toFixed(2).padStart(8)}    >= 0.85`,
  )
  out(`p99 at 32 over fdatasync p50             ${(at32.p99Ms / disk.p50Ms).toFixed(1).padStart(8)}    <= 35`)
  out(`main loop delay p99 at 32, ms            ${at32.loopP99Ms.toFixed(1).padStart(8)}    <= 5`)
  out(`durable over bare node:http at 256       ${(at256.perSecond / bare256.perSecond).toFixed(2).padStart(8)}`)
}
