import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ask, buildGoVerifier, maySkip } from '../../interop/tools.ts'
import { fillLedger } from './fill-ledger.ts'
import { type MadeLog, makeLog } from './made-log.ts'

/** What a process used from its beginning to its end, Node's start included. */
export interface Usage {
  readonly wallSeconds: number
  readonly userSeconds: number
  readonly systemSeconds: number
  readonly peakMiB: number
}

const repository = join(import.meta.dirname, '../../../..')
const command = join(repository, 'gateway/bin/socle.mjs')
const usageModule = join(import.meta.dirname, 'usage-process.js')
const goal = { perSecond: 500_000, peakMiB: 300 }
const out = (text: string): void => void process.stdout.write(`${text}\n`)

/**
 * `socle verify` of logs of that many entries, in a process of its own on one core: one made up, with few time stamps
 * and with a minute's entries to each; one exported from a ledger by `socle export`. Then a judge of others'.
 * @returns true when each is proved and the goals are met
 */
export async function benchVerify(work: string, entries: number): Promise<boolean> {
  const runs = 5
  out(`socle verify, ${entries} entries, best of ${runs} runs on the first core; Node ${process.versions.node}\n`)
  const few = await benchMade(join(work, 'few'), { entries, perToken: entries, perSecond: 100 }, runs)
  await benchMade(join(work, 'busy'), { entries, perToken: 6_000, perSecond: 100 }, 1)
  await benchMade(join(work, 'calm'), { entries, perToken: 512, perSecond: 512 / 60 }, 1)
  const exported = await benchLedger(join(work, 'ledger'), entries, runs)
  const isFast = [few, exported].every(({ perSecond }) => perSecond >= goal.perSecond)
  const isSmall = [few, exported].every(({ peakMiB }) => peakMiB <= goal.peakMiB)
  out(
    `\n>= ${goal.perSecond} entries/s: ${isFast ? 'met' : 'NOT MET'}; <= ${goal.peakMiB} MiB: ${isSmall ? 'met' : 'NOT MET'}`,
  )
  return isFast && isSmall && askOthers(join(work, 'ledger', 'export'))
}

async function benchMade(directory: string, log: MadeLog, runs: number): Promise<Verified> {
  mkdirSync(join(directory, 'export'), { recursive: true })
  const seconds = await makeLog(join(directory, 'export'), log)
  const tokens = Math.ceil(log.entries / log.perToken)
  out(`made up, ${tokens} time stamps: written at ${(log.entries / seconds).toFixed(0)} entries/s, every file synced`)
  return verifyBest(join(directory, 'export'), log.entries, runs)
}

async function benchLedger(directory: string, entries: number, runs: number): Promise<Verified> {
  const env = { HUB_DATA: join(directory, 'data'), HUB_LOG_LEVEL: 'silent' }
  mkdirSync(env.HUB_DATA, { recursive: true })
  await fillLedger(env, entries)
  const exported = join(directory, 'export')
  const usage = runSocle(['export', '--log', exported, '--stamp'], env)
  out(
    `ledger (SQLite): socle export at ${(entries / usage.wallSeconds).toFixed(0)} entries/s, peak ${usage.peakMiB.toFixed(0)} MiB`,
  )
  rmSync(env.HUB_DATA, { recursive: true })
  return verifyBest(exported, entries, runs)
}

interface Verified {
  readonly perSecond: number
  readonly peakMiB: number
}

function verifyBest(directory: string, entries: number, runs: number): Verified {
  const usages = Array.from({ length: runs }, () => runSocle(['verify', directory], {}))
  const wall = Math.min(...usages.map(({ wallSeconds }) => wallSeconds))
  const cpu = Math.min(...usages.map(({ userSeconds, systemSeconds }) => userSeconds + systemSeconds))
  const peakMiB = Math.max(...usages.map((usage) => usage.peakMiB))
  // What else the machine does costs time on the clock, not of the processor: system calls and all threads are in it.
  const perSecond = entries / cpu
  out(
    `  socle verify: ${perSecond.toFixed(0)} entries a second of processor (${cpu.toFixed(2)} s, ${wall.toFixed(2)} s on the clock), peak ${peakMiB.toFixed(0)} MiB`,
  )
  return { perSecond, peakMiB }
}

/** @throws Error unless the command ends with 0 */
function runSocle(parameters: readonly string[], env: Readonly<Record<string, string>>): Usage {
  const pin = spawnSync('taskset', ['-V']).status === 0 ? ['taskset', '-c', '0'] : []
  const [program = '', ...rest] = [...pin, process.execPath, '--import', usageModule, command, ...parameters]
  const { status, output } = spawnSync(program, rest, {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`socle ${parameters.join(' ')}: ${output[1] ?? ''}${output[2] ?? ''}`)
  return JSON.parse(output[3] ?? '') as Usage
}

/** Go's own tree and note code, on the same files. */
function askOthers(directory: string): boolean {
  const go = buildGoVerifier(repository)
  if (!go.ready) return maySkip(go)
  const begun = performance.now()
  const { accepted, output } = ask(go, [directory], directory)
  out(`golang.org/x/mod sumdb: ${output.trim()}, ${((performance.now() - begun) / 1000).toFixed(1)} s`)
  return accepted
}
