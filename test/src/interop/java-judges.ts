import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { OracleProcess } from '../oracle/process.ts'

/** Java and the pom are not compiled. */
const sources = join(import.meta.dirname.replace('/dist/', '/src/'), 'java')
const cache = join(sources, '../../../../.cache/interop/java')
const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies'
const run = promisify(execFile)
/** A first run downloads 21 MB and Maven's own plugins. A lock older than this belongs to nobody. */
const longestMs = 300_000

export type JavaJudges =
  | { readonly ready: true; readonly home: string }
  | { readonly ready: false; readonly reason: string }

/**
 * EU DSS and BouncyCastle with the small program that asks them: jars through Maven's own client the first time, each held
 * against the digest it must have, then compiled. The folder of one state of the sources appears whole or not at all, and
 * two test files that need it at once make it once.
 */
export async function prepareJavaJudges(): Promise<JavaJudges> {
  const home = join(cache, stateOfSources())
  const lock = `${home}.lock`
  mkdirSync(cache, { recursive: true })
  try {
    while (!existsSync(home)) {
      if (!takeLock(lock)) {
        await sleep(200)
        continue
      }
      try {
        if (!existsSync(home)) await make(home)
      } finally {
        rmdirSync(lock)
      }
    }
    return { ready: true, home }
  } catch (error) {
    return { ready: false, reason: `the Java judges cannot be had: ${String(error)}` }
  }
}

/** Ends with the block that it is declared in. */
export function startJavaJudges(home: string): OracleProcess {
  return new OracleProcess(home, 'Judges', '512m')
}

function stateOfSources(): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(sources).toSorted()) hash.update(name).update(readFileSync(join(sources, name)))
  return hash.digest('hex').slice(0, 16)
}

async function make(home: string): Promise<void> {
  const work = mkdtempSync(join(cache, 'make-'))
  try {
    cpSync(sources, work, { recursive: true })
    const libs = join(work, 'libs')
    await run('mvn', ['-B', '-q', plugin, '-DincludeScope=runtime', `-DoutputDirectory=${libs}`], {
      cwd: work,
      timeout: longestMs,
    })
    checkJars(libs)
    const programs = readdirSync(work).filter((name) => name.endsWith('.java'))
    await run('javac', ['-nowarn', '-cp', join(libs, '*'), '-d', join(work, 'classes'), ...programs], { cwd: work })
    renameSync(work, home)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** None missing, none besides, each the one that this suite was written for. */
function checkJars(libs: string): void {
  const found = readdirSync(libs)
    .toSorted()
    .map(
      (name) =>
        `${createHash('sha256')
          .update(readFileSync(join(libs, name)))
          .digest('hex')}  ${name}`,
    )
  const pinned = readFileSync(join(sources, 'jars.sha256'), 'utf8').trimEnd().split('\n')
  const strange = found.filter((line) => !pinned.includes(line))
  if (strange.length > 0 || found.length !== pinned.length)
    throw new Error(`${found.length} jars instead of ${pinned.length}; others than expected: ${strange.join(', ')}`)
}

function takeLock(lock: string): boolean {
  try {
    mkdirSync(lock)
    return true
  } catch {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs
    if (since !== undefined && Date.now() - since > longestMs + 60_000) rmSync(lock, { recursive: true, force: true })
    return false
  }
}
