import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

/** Programs and vectors that nobody here wrote. One that leaves no line is a failure where the suite must be complete. */
export const judges = [
  'OpenSSL',
  'GnuTLS certtool',
  'BouncyCastle',
  'EU DSS',
  'Go x/mod note + tlog',
  'tessera fsck',
  'torchwood spicy',
  'torchwood litewitness',
  'Wycheproof',
  'transparency-dev merkle',
  'RFC 8785 vectors',
] as const

export type JudgeName = (typeof judges)[number]

/** What a judge said of one kind of artefact. */
export interface Judged {
  readonly judge: JudgeName
  /** A few words, the same for every judge of it: `seal, level T`. */
  readonly artefact: string
  /** It accepted each one as it was made. */
  readonly accepts: boolean
  /** It rejected each one that had a byte changed. */
  readonly rejectsChanged: boolean
}

/** Same depth in `src` and `dist`. `test/run.mjs` empties it before the suite. */
const folder = join(import.meta.dirname, '../../../.cache/interop/judges')

/** Keeps a line for the table. Each test process has a file of its own. */
export function judged(line: Judged): void {
  mkdirSync(folder, { recursive: true })
  appendFileSync(join(folder, `${process.pid}.jsonl`), `${JSON.stringify(line)}\n`)
}

/** Every line kept since the suite began; none when it never did. */
export function readJudged(): readonly Judged[] {
  mkdirSync(folder, { recursive: true })
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'))
    .map((line) => JSON.parse(line) as Judged)
}

export interface JudgesTable {
  readonly lines: readonly string[]
  readonly silent: readonly JudgeName[]
  /** Lines that say no. */
  readonly against: number
}

/** Judge x artefact x (accepts, rejects the changed one). Lines about the same artefact are one: all of them must say yes. */
export function tableOf(said: readonly Judged[]): JudgesTable {
  const rows = new Map<string, Judged>()
  for (const line of said) {
    const key = `${line.judge}\t${line.artefact}`
    const before = rows.get(key) ?? line
    const accepts = before.accepts && line.accepts
    rows.set(key, { ...line, accepts, rejectsChanged: before.rejectsChanged && line.rejectsChanged })
  }
  const sorted = [...rows.values()].sort(
    (a, b) => judges.indexOf(a.judge) - judges.indexOf(b.judge) || a.artefact.localeCompare(b.artefact),
  )
  const wide = Math.max('artefact'.length, ...sorted.map(({ artefact }) => artefact.length))
  const lineOf = ([judge, artefact, accepts, rejects]: readonly [string, string, string, string]): string =>
    `${judge.padEnd(24)}${artefact.padEnd(wide + 2)}${accepts.padEnd(9)}${rejects}`
  const yes = (said: boolean): string => (said ? 'yes' : 'NO')
  return {
    lines: [
      lineOf(['judge', 'artefact', 'accepts', 'rejects it changed']),
      ...sorted.map((row) => lineOf([row.judge, row.artefact, yes(row.accepts), yes(row.rejectsChanged)])),
    ],
    silent: judges.filter((name) => !sorted.some(({ judge }) => judge === name)),
    against: sorted.filter(({ accepts, rejectsChanged }) => !accepts || !rejectsChanged).length,
  }
}
