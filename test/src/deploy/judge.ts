import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Tool } from '../interop/tools.ts'
import { goCommand } from '../support/go-command.ts'

/** The repository. Same depth in `src` and `dist`. */
export const repository: string = join(import.meta.dirname, '../../..')

/** What a judge found wrong, one sentence each, and what it read when nothing was. */
export interface Judgement<Read> {
  readonly findings: readonly string[]
  readonly read: Read
}

/**
 * Builds the judges of `go/` with modules of the Go module proxy, checked against go.sum, all kept under
 * `.cache/deploy` (about 1 GB). The first build compiles Helm's renderer and the Kubernetes API: one to two minutes on
 * two cores. Files of the suite that start together build once: `flock` lets the second wait, and dies with its holder.
 */
export function buildJudge(): Tool {
  const cache = join(repository, '.cache', 'deploy')
  mkdirSync(cache, { recursive: true })
  const command = join(cache, 'judge')
  const modules = join(cache, 'mod')
  let go: string
  try {
    go = goCommand(modules)
  } catch (error) {
    return { ready: false, reason: `the judges of deploy/ need Go: ${String(error)}` }
  }
  const flags = [process.env['GOFLAGS'], '-modcacherw', '-mod=readonly'].filter(Boolean).join(' ')
  const [program, ...parameters] = ['flock', join(cache, 'lock'), go, 'build', '-o', command, '.'] as const
  const { status, stderr, error } = spawnSync(program, parameters, {
    cwd: join(repository, 'test', 'src', 'deploy', 'go'),
    env: {
      ...process.env,
      GOFLAGS: flags,
      GOTOOLCHAIN: 'local',
      GOMODCACHE: modules,
      GOCACHE: join(cache, 'build'),
    },
    encoding: 'utf8',
  })
  if (status === 0) return { ready: true, command }
  return {
    ready: false,
    reason: `the judges of deploy/ do not build: ${stderr ?? error?.message}`,
  }
}

/** Asks one of the judges (chart, compose, dockerfile). */
export function judge<Read>(tool: Tool, ...parameters: readonly string[]): Judgement<Read> {
  if (!tool.ready) throw new Error(tool.reason)
  const { status, stdout, stderr } = spawnSync(tool.command, parameters, { encoding: 'utf8', maxBuffer: 2 ** 26 })
  if (status === 0) return { findings: [], read: JSON.parse(stdout) as Read }
  return { findings: stderr.split('\n').filter((line) => line !== ''), read: undefined as Read }
}
