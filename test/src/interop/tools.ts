import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** A judge from outside, ready to be asked; or why it cannot be. */
export type Tool =
  | { readonly ready: true; readonly command: string }
  | { readonly ready: false; readonly reason: string }

/** What a judge answered. */
export interface Answer {
  readonly accepted: boolean
  readonly output: string
}

/**
 * Missing judges are named on the console and their tests skipped; under CI=true they are a failure instead: there the
 * suite must not be green for want of looking.
 */
export function maySkip(tool: Tool): boolean {
  if (tool.ready) return false
  console.warn(`SKIPPED, nothing was proved: ${tool.reason}`)
  return process.env['CI'] !== 'true'
}

export function ask(tool: Tool, parameters: readonly string[], directory: string): Answer {
  if (!tool.ready) throw new Error(tool.reason)
  const { status, stdout, stderr } = spawnSync(tool.command, parameters, { cwd: directory, encoding: 'utf8' })
  return { accepted: status === 0, output: `${stdout}${stderr}` }
}

export function findOpenssl(): Tool {
  const { status } = spawnSync('openssl', ['version'])
  return status === 0 ? { ready: true, command: 'openssl' } : { ready: false, reason: 'openssl is not installed' }
}

/**
 * Builds the Go verifier of `go/` with modules fetched through the Go module proxy and checked against go.sum, all kept
 * under `.cache/interop`. The first build compiles the standard library too: half a minute.
 */
export function buildGoVerifier(repository: string): Tool {
  if (spawnSync('go', ['version']).status !== 0) return { ready: false, reason: 'go is not installed' }
  const cache = join(repository, '.cache', 'interop')
  mkdirSync(cache, { recursive: true })
  const command = join(cache, 'interop')
  const flags = [process.env['GOFLAGS'], '-modcacherw', '-mod=readonly'].filter(Boolean).join(' ')
  const { status, stderr } = spawnSync('go', ['build', '-o', command, '.'], {
    cwd: join(repository, 'test', 'src', 'interop', 'go'),
    env: {
      ...process.env,
      GOFLAGS: flags,
      GOTOOLCHAIN: 'local',
      GOMODCACHE: join(cache, 'mod'),
      GOCACHE: join(cache, 'build'),
    },
    encoding: 'utf8',
  })
  return status === 0 ? { ready: true, command } : { ready: false, reason: `the Go verifier does not build: ${stderr}` }
}
