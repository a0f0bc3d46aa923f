import { execFile } from 'node:child_process'
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { LedgerRow, Run } from '../check/evidence.ts'
import type { Judgement } from '../check/judge.ts'
import { compiled } from './child.ts'
import type { Servers } from './servers.ts'
import { dumpTopics } from './topics.ts'

const run = promisify(execFile)

export interface RunPlace {
  /** Of this run: history and applied sets are there already. */
  readonly directory: string
  readonly database: string
  readonly env: Readonly<Record<string, string>>
}

/** Writes down what the servers hold, beside what senders and subscribers wrote. No gateway may run any more. */
export async function collect(servers: Servers, place: RunPlace, about: Run): Promise<void> {
  const { directory, database, env } = place
  writeFileSync(join(directory, 'run.json'), JSON.stringify(about))
  if (servers.kafka) await dumpTopics(servers.kafka.brokers, join(directory, 'topics.jsonl'))
  // The command as an auditor runs it. With a time stamp: without it the export ends at the last stamped checkpoint.
  const command = [compiled('fault/socle-process'), 'export', '--stamp', '--log', join(directory, 'export')]
  const own = { PATH: process.env['PATH'] ?? '', ...env, HUB_DATA: join(directory, 'export-data') }
  await run(process.execPath, command, { env: own, timeout: 60_000 })
  await dumpLedger(servers, database, join(directory, 'ledger.jsonl'))
}

/** The judgement of a process that has no code of the hub. @throws when the evidence cannot be read */
export async function check(directory: string): Promise<Judgement> {
  try {
    const { stdout } = await run(process.execPath, [compiled('production/check/main'), directory], {
      maxBuffer: 16 * 1024 * 1024,
      timeout: 120_000,
    })
    return JSON.parse(stdout) as Judgement
  } catch (error) {
    const { stdout, code } = error as { readonly stdout?: string; readonly code?: number }
    if (code === 1 && stdout) return JSON.parse(stdout) as Judgement
    throw error
  }
}

async function dumpLedger({ postgres }: Servers, database: string, file: string): Promise<void> {
  const rows = await postgres.query(
    `select e.idx, e.id, e.kind, k.account, k.key from entries e
     left join idempotency_keys k on k.idx = e.idx order by e.idx`,
    database,
  )
  appendFileSync(file, '')
  for (const { idx, id, kind, account, key } of rows) {
    const row: LedgerRow = {
      idx: Number(idx),
      id: String(id),
      kind: String(kind),
      ...(typeof key === 'string' ? { account: String(account), key } : {}),
    }
    appendFileSync(file, `${JSON.stringify(row)}\n`)
  }
}

/** How many lines each channel of a subscriber wrote so far. */
export function appliedCounts(directory: string): Readonly<Record<string, number>> {
  const folder = join(directory, 'applied')
  const names = existsSync(folder) ? readdirSync(folder) : []
  return Object.fromEntries(
    names.map((name) => [name.replace('.jsonl', ''), linesIn(readFileSync(join(folder, name)))]),
  )
}

function linesIn(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++
  return count
}
