import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Judgement } from '../check/judge.ts'

/** One line of the table: a fault and what the checker says of the run. */
export interface Outcome {
  /** `F1`, as in the plan of faults. */
  readonly fault: string
  readonly what: string
  readonly seconds: number
  /** What was seen beside the verdicts. */
  readonly seen: string
  readonly judgement: Judgement
}

const folder = join(import.meta.dirname, '../../../../.cache/production')

/** Prints the line and keeps it for the table. */
export function report(outcome: Outcome): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${outcome.judgement.name}.json`), JSON.stringify(outcome))
  process.stdout.write(`${lineOf(outcome)}\n`)
}

/** The lines of every run kept so far, in the order of the faults' numbers. */
export function table(): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Outcome)
    .sort((a, b) => Number(a.fault.slice(1)) - Number(b.fault.slice(1)))
    .map(lineOf)
}

function lineOf({ fault, what, seconds, seen, judgement }: Outcome): string {
  const { verdicts, acknowledged, entries, repeated, unclear, seed } = judgement
  const faults = verdicts.filter((verdict) => verdict.faults > 0 || verdict.checked === 0)
  const said = faults.length === 0 ? 'holds' : faults.map(({ name, faults: n }) => `${name} ${n}`).join(', ')
  const again = Object.entries(unclear).map(([why, count]) => `${count} × ${why}`)
  const sent = `${acknowledged} acknowledged, sent again: ${again.length > 0 ? again.join(', ') : 'none'}`
  const counts = `${sent}; ${entries} entries, ${repeated} repeated on topics`
  return `${fault.padEnd(4)}${what}: ${said} (${verdicts.length} verdicts; ${counts}; ${seen}; ${seconds} s, seed ${seed})`
}
