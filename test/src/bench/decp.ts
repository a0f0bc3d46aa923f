import { spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { contractStream } from './contract-stream.ts'
import type { DecpResult } from './decp-process.ts'

const goal = { perSecond: 20_000, rssMiB: 300 }

/** Of the whole, judged by one thread beside the command, to tell what a core does. */
const share = 0.1

interface Row {
  readonly name: string
  readonly contracts: number
  readonly accepted: number
  readonly seconds: number
  readonly peakRssMiB: number
}

/**
 * Award data judged as a stream of 1 GB: the command `socle validate` on a file, from its start to its end, on two cores;
 * then one thread of the same code without a file. Every record is split, parsed, held against its structure and all
 * rules, and compared with those before it. False when a good contract was refused or lost.
 */
export async function benchDecp(work: string, bytes = 1_000_000_000): Promise<boolean> {
  const rows = [await wholeCommand(work, bytes), oneThread(Math.round(bytes * share))]
  process.stdout.write('\naward data as a stream               contracts    seconds   contracts/s   peak RSS MiB\n')
  for (const { name, contracts, seconds, peakRssMiB } of rows) {
    const cells = [
      String(contracts).padStart(12),
      seconds.toFixed(1).padStart(11),
      (contracts / seconds).toFixed(0).padStart(14),
      peakRssMiB.toFixed(0).padStart(15),
    ]
    process.stdout.write(`${name.padEnd(33)}${cells.join('')}\n`)
  }
  process.stdout.write(
    `goal of the command                                      >= ${goal.perSecond}         <= ${goal.rssMiB}\n`,
  )
  return rows.every(({ contracts, accepted }) => contracts > 0 && contracts === accepted)
}

async function wholeCommand(work: string, bytes: number): Promise<Row> {
  const file = join(work, 'contracts.json')
  const handle = openSync(file, 'w')
  for (const piece of contractStream(bytes)) writeSync(handle, piece)
  closeSync(handle)
  const program = join(import.meta.dirname, '../../../gateway/bin/socle.mjs')
  const started = performance.now()
  const child = spawn(process.execPath, [program, 'validate', '--stream', '--json', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  let peakRssMiB = 0
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const closed = new Promise<boolean>((resolve) => child.on('close', () => resolve(true)))
  const isOver = async (): Promise<boolean> => await Promise.race([closed, pause(100, false)])
  while (!(await isOver())) peakRssMiB = Math.max(peakRssMiB, peakOf(child.pid))
  const seconds = (performance.now() - started) / 1_000
  rmSync(file)
  const { records } = JSON.parse(text) as { records: { read: number; accepted: number } }
  return { name: 'socle validate, two cores', contracts: records.read, accepted: records.accepted, seconds, peakRssMiB }
}

/** The most memory a process ever had, in MiB, as its system tells; 0 where it does not, or once it is gone. */
function peakOf(pid: number | undefined): number {
  try {
    const [, kib = '0'] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kib) / 1_024
  } catch {
    return 0
  }
}

function oneThread(bytes: number): Row {
  const program = join(import.meta.dirname, 'decp-process.js')
  const { stdout } = spawnSync(process.execPath, [program, String(bytes)], { encoding: 'utf8', timeout: 600_000 })
  const { contracts, accepted, seconds, peakRss } = JSON.parse(stdout) as DecpResult
  return { name: 'one thread, a tenth of it', contracts, accepted, seconds, peakRssMiB: peakRss / 2 ** 20 }
}
