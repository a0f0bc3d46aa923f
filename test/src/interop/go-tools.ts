import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { goCommand } from '../support/go-command.ts'
import type { Tool } from './tools.ts'

/** Programs in Go, by the package that each is built from; `interop` is the one of `go/`, the others are as published. */
const packages = {
  interop: '.',
  spicy: 'filippo.io/torchwood/cmd/spicy',
  litewitness: 'filippo.io/torchwood/cmd/litewitness',
  fsck: 'github.com/transparency-dev/tessera/cmd/fsck',
} as const

export type GoJudge = keyof typeof packages

/**
 * Builds one of them with modules of the Go module proxy, checked against go.sum, all kept under `.cache/interop` (about
 * 600 MB). The first build compiles the standard library and, for litewitness, SQLite: a minute on two cores. Files of the
 * suite that start together build once: `flock` lets the others wait, and dies with its holder.
 */
export function buildGoJudge(repository: string, name: GoJudge): Tool {
  const cache = join(repository, '.cache', 'interop')
  const modules = join(cache, 'mod')
  mkdirSync(cache, { recursive: true })
  const command = join(cache, name)
  let go: string
  try {
    go = goCommand(modules)
  } catch (error) {
    return { ready: false, reason: `${name} needs Go: ${String(error)}` }
  }
  const flags = [process.env['GOFLAGS'], '-modcacherw', '-mod=readonly'].filter(Boolean).join(' ')
  const { status, stderr, error } = spawnSync(
    'flock',
    [join(cache, 'go.lock'), go, 'build', '-o', command, packages[name]],
    {
      cwd: join(repository, 'test', 'src', 'interop', 'go'),
      env: {
        ...process.env,
        GOFLAGS: flags,
        // No C compiler is asked for.
        CGO_ENABLED: '0',
        GOTOOLCHAIN: 'local',
        GOMODCACHE: modules,
        GOCACHE: join(cache, 'build'),
      },
      encoding: 'utf8',
    },
  )
  return status === 0
    ? { ready: true, command }
    : { ready: false, reason: `${name} does not build: ${stderr ?? error?.message}` }
}
