import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { copyTree } from './copy-tree.ts'
import { edited, mutate } from './edit.ts'
import { mutants, type Scenario } from './mutants.ts'
import { build, play, type Played } from './play.ts'

/**
 * `npm run mutants`: breaks the hub in ten known ways, one after the other, in a copy of the tree, and asks of the
 * suites that each is seen. Before, the untouched copy must pass the very same tests. `npm run mutants -- 4 7` takes
 * some of them. Exit 1 when one survives, or when the copy as it is does not pass.
 */
const wanted = process.argv.slice(2)
const chosen = mutants.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
if (chosen.length === 0) throw new Error(`no mutant is called ${wanted.join(' or ')}`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const copy = mkdtempSync(join(tmpdir(), 'socle-mutants-'))
let kept = false
process.once('exit', () => {
  if (!kept) rmSync(copy, { recursive: true, force: true })
})
copyTree(resolve(import.meta.dirname, '../../..'), copy)
for (const mutant of chosen) edited(copy, mutant)

const started = Date.now()
// A test that fails without a mutant says nothing about one.
kept = (await faultsAsItIs()) > 0
if (!kept) kept = (await survivors()) > 0
if (kept) say(`kept: ${copy}`)
process.exitCode = kept ? 1 : 0

async function faultsAsItIs(): Promise<number> {
  say('as it is')
  const uncompiled = await build(copy)
  if (uncompiled) {
    say(uncompiled.why)
    return 1
  }
  let faults = 0
  for (const { name, caughtBy } of chosen)
    for (const scenario of caughtBy) {
      const { result, why, seconds } = await timed(async () => await play(copy, scenario))
      say(`${columns(name, result, seconds)}${placeOf(scenario)}`)
      if (result === 'passed') continue
      faults++
      say(why)
    }
  return faults
}

async function survivors(): Promise<number> {
  say('\nmutants')
  let missed = 0
  for (const mutant of chosen) {
    say(`${mutant.name.padStart(3)}  ${mutant.what}`)
    using _ = mutate(copy, mutant)
    const uncompiled = await build(copy)
    let caught = 0
    for (const scenario of mutant.caughtBy) {
      const { result, why, seconds } = await timed(async () => uncompiled ?? (await play(copy, scenario)))
      const verdict = { failed: 'caught', passed: 'SURVIVED', broken: 'BROKEN' }[result]
      say(`${columns('', verdict, seconds)}${placeOf(scenario)}\n${' '.repeat(23)}${why}`)
      if (result === 'failed') caught++
    }
    if (caught < mutant.caughtBy.length) missed++
  }
  const seconds = Math.round((Date.now() - started) / 1_000)
  say(`\n${chosen.length - missed} of ${chosen.length} caught, ${seconds} s in all`)
  return missed
}

async function timed(work: () => Promise<Played>): Promise<Played & { readonly seconds: number }> {
  const from = performance.now()
  return { ...(await work()), seconds: (performance.now() - from) / 1_000 }
}

function columns(name: string, result: string, seconds: number): string {
  return `${name.padStart(3)}  ${result.padEnd(8)} ${seconds.toFixed(1).padStart(5)} s  `
}

function placeOf({ file, test }: Scenario): string {
  return `${file.replace('test/src/', '')} › ${test}`
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
