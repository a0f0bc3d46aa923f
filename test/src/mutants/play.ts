import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Scenario } from './mutants.ts'
import { run } from './run.ts'

/** Of a scenario, servers included. */
const capMs = 180_000

/** Of a compilation. */
const buildMs = 120_000

/** What a scenario said. `broken`: it said nothing about the hub: no test of that name ended. */
export interface Played {
  readonly result: 'passed' | 'failed' | 'broken'
  /** First line of the first failure, or the end of the output of a broken run. */
  readonly why: string
}

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly status: string
      readonly failureMessages?: readonly string[]
    }[]
  }[]
}

/** Compiles the copy: processes and threads of the hub start from what is compiled. @returns why it does not compile */
export async function build(copy: string): Promise<Played | undefined> {
  const { code, output } = await run([bin(copy, 'tsc'), '-b'], { cwd: copy, capMs: buildMs })
  return code === 0 ? undefined : { result: 'broken', why: `it does not compile: ${output}` }
}

/** Runs one test of a suite in the copy. */
export async function play(copy: string, { project, file, test }: Scenario): Promise<Played> {
  const report = join(copy, '.cache/mutant.json')
  rmSync(report, { force: true })
  const title = test.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  const words = ['run', '--project', project, file, '-t', title, '--reporter=json', `--outputFile=${report}`]
  const { code, output } = await run([bin(copy, 'vitest'), ...words], { cwd: copy, capMs })
  const tests = code === null ? [] : testsIn(report)
  const failed = tests.find(({ status }) => status === 'failed')
  if (failed && project === 'production') return judged(output)
  if (failed) return { result: 'failed', why: failed.failureMessages?.[0]?.split('\n')[0]?.trim() ?? '' }
  const passed = tests.some(({ status }) => status === 'passed') && code === 0
  return passed ? { result: 'passed', why: '' } : { result: 'broken', why: output.slice(-2_000) }
}

function testsIn(report: string): Report['testResults'][number]['assertionResults'] {
  try {
    const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report
    return testResults.flatMap(({ assertionResults }) => assertionResults)
  } catch {
    return []
  }
}

/** A run that broke before it was judged, or that holds and was refused all the same, has not seen the mutant. */
function judged(output: string): Played {
  const faults = /^F\d+ .*: (.+ \d+) \(\d+ verdicts/m.exec(output)?.[1]
  return faults === undefined
    ? { result: 'broken', why: output.slice(-2_000) }
    : { result: 'failed', why: `faults by verdict: ${faults}` }
}

function bin(copy: string, name: string): string {
  return join(copy, 'node_modules/.bin', name)
}
