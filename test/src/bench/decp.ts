import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { DecpResult } from './decp-process.ts'

const goal = { perSecond: 20_000, rssMiB: 300 }

/**
 * Award data judged as a stream of 1 GB, in a process of its own so that its memory is its own: every record split,
 * parsed, held against its structure and all rules. Prints the row; false when a good contract was refused, or lost.
 */
export function benchDecp(bytes = 1_000_000_000): boolean {
  const program = join(import.meta.dirname, 'decp-process.js')
  const { stdout, status } = spawnSync(process.execPath, [program, String(bytes)], {
    encoding: 'utf8',
    timeout: 600_000,
  })
  if (status !== 0) {
    process.stdout.write('\naward data as a stream: the process failed, not measured\n')
    return false
  }
  const { contracts, accepted, seconds, peakRss, bytes: read } = JSON.parse(stdout) as DecpResult
  const perSecond = contracts / seconds
  const rows = [
    ['award data as a stream', `${(read / 1e9).toFixed(2)} GB, ${contracts} contracts, ${seconds.toFixed(1)} s`, ''],
    ['contracts judged/s, one thread', perSecond.toFixed(0), `>= ${goal.perSecond}`],
    ['MB/s', (read / 1e6 / seconds).toFixed(1), ''],
    ['peak RSS, MiB', (peakRss / 2 ** 20).toFixed(0), `<= ${goal.rssMiB}`],
  ] as const
  process.stdout.write('\n')
  for (const [name, got, wanted] of rows) {
    process.stdout.write(`${name.padEnd(32)} ${got.padStart(16)}${wanted === '' ? '' : `    goal ${wanted}`}\n`)
  }
  return accepted === contracts
}
