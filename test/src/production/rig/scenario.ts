import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { chosenSeed } from '../../support/seed.ts'
import type { Judgement } from '../check/judge.ts'
import type { Load } from '../load/load.ts'
import type { Gateway } from './gateway.ts'
import { report } from './report.ts'
import { type Rig, type RigOptions, startRig } from './rig.ts'
import type { Servers } from './servers.ts'

/** A fault in a run of its own. */
export interface Scenario {
  readonly fault: string
  readonly what: string
  readonly options?: Omit<RigOptions, 'name' | 'seed'>
  /** Breaks what is to break. @returns the loads that it started, and what is worth telling */
  readonly act: (rig: Rig) => Promise<{ readonly loads: readonly Load[]; readonly seen: string }>
  /** Verdicts that must find something, and no others: then it is the checker that shows the fault. */
  readonly finds?: readonly string[]
  /** Whether what is left shows that the fault was felt: a run that it passed by proves nothing. */
  readonly felt?: (judgement: Judgement) => boolean
}

/**
 * Starts a rig, lets the fault happen, and has what is left judged. A run that does not hold, or breaks, keeps its
 * directory and says where, with the seed (SOCLE_SEED repeats its choices).
 */
export async function play(servers: Servers, scenario: Scenario): Promise<Judgement> {
  const { fault, what, options, act, felt } = scenario
  const seed = chosenSeed()
  const name = fault.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  const started = Date.now()
  await using rig = await startRig(servers, { name, seed, ...options })
  try {
    const { loads, seen } = await act(rig)
    const judgement = await rig.finish(...loads)
    report({ fault, what, seen, seconds: Math.round((Date.now() - started) / 1_000), judgement })
    const isAsExpected = faultsOf(judgement, scenario).length === 0
    if (!isAsExpected) process.stderr.write(`${fault}: kept in ${rig.directory}, seed ${seed}\n`)
    else if (process.env['KEEP_RUNS'] === undefined) rmSync(rig.directory, { recursive: true, force: true })
    if (felt?.(judgement) === false) throw new Error('the fault was not felt')
    return judgement
  } catch (error) {
    throw new Error(`${fault}: kept in ${rig.directory}, seed ${seed}`, { cause: error })
  }
}

/** The replica that runs a loop now, by what each wrote in its log. @throws when none does within 10 s */
export async function holderOf({ directory, gateways }: Rig, lease: string): Promise<Gateway> {
  for (const end = Date.now() + 10_000; Date.now() < end; await sleep(50)) {
    const holder = gateways.find(({ name, running }) => running && holds(join(directory, `${name}.log`), lease))
    if (holder) return holder
  }
  throw new Error(`nobody holds ${lease}`)
}

/** Waits until a replica runs a loop, at most 30 s: one that died may hold its lease until it ends. */
export async function toHold(log: string, lease: string): Promise<void> {
  for (const end = Date.now() + 30_000; !holds(log, lease); await sleep(50))
    if (Date.now() > end) throw new Error(`${lease} was not taken: see ${log}`)
}

function holds(log: string, lease: string): boolean {
  const lines = readFileSync(log, 'utf8').split('\n')
  const last = lines.findLast((line) => line.includes(`"name":"${lease}"`) && line.includes('"event":"lease-'))
  return last?.includes('"event":"lease-taken"') === true
}

/** What a test compares: empty when everything holds that must, and what must be found was. */
export function faultsOf({ verdicts }: Judgement, { finds = [] }: Pick<Scenario, 'finds'> = {}): readonly string[] {
  return verdicts.flatMap(({ name, checked, faults, examples }) => [
    ...(finds.includes(name) ? [] : examples.map((example) => `${name}: ${example}`)),
    ...(finds.includes(name) && faults === 0 ? [`${name}: found nothing`] : []),
    ...(checked === 0 ? [`${name}: looked at nothing`] : []),
  ])
}
