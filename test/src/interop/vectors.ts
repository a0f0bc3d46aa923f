import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { goCommand } from '../support/go-command.ts'

const cache = join(import.meta.dirname, '../../../.cache/interop')
const modules = join(cache, 'mod')
/** Go and go.mod are not compiled. */
const sources = join(import.meta.dirname.replace('/dist/', '/src/'), 'vectors')

/** Go modules that carry test vectors beside their code, by the digest that Go's own client takes of all their files. */
const pinned = {
  wycheproof: [
    'github.com/c2sp/wycheproof@v0.0.0-20260902155932-3fa63dd0344a',
    'h1:pNbL2nztRsWfW/ispAwsvcDFxs9Id38uIsR2/Up5G2c=',
  ],
  jcs: [
    'github.com/cyberphone/json-canonicalization@v0.0.0-20241213102144-19d51d7fe467',
    'h1:uX1JmpONuD549D73r6cgnxyUu18Zb7yHAy5AYU0Pm4Q=',
  ],
} as const

export type Vectors =
  | { readonly ready: true; readonly directory: string }
  | { readonly ready: false; readonly reason: string }

/** Directory of the module's files; fetched through the Go module proxy the first time, kept under `.cache/interop`. */
export function fetchVectors(name: keyof typeof pinned): Vectors {
  const [module, sum] = pinned[name]
  try {
    const place = join(cache, 'vectors')
    mkdirSync(place, { recursive: true })
    writeFileSync(join(place, 'go.mod'), 'module vectors\n')
    // The digest is held against the one above: no database need be asked what it should be.
    const said = go(['mod', 'download', '-json', module], place, { GOSUMDB: 'off' })
    const { Dir, Sum } = JSON.parse(said) as { readonly Dir: string; readonly Sum: string }
    if (Sum !== sum) throw new Error(`${module} is ${Sum}, not ${sum}`)
    return { ready: true, directory: Dir }
  } catch (error) {
    return { ready: false, reason: `the vectors of ${module} cannot be had: ${String(error)}` }
  }
}

export type MerkleVectors =
  | { readonly ready: true; readonly lines: readonly string[] }
  | { readonly ready: false; readonly reason: string }

/** What the program of `vectors/` writes: proofs and verdicts of transparency-dev/merkle. */
export function makeMerkleVectors(): MerkleVectors {
  try {
    const lines = go(['run', '.'], sources, {}).trimEnd().split('\n')
    return { ready: true, lines }
  } catch (error) {
    return { ready: false, reason: `transparency-dev/merkle cannot be asked: ${String(error)}` }
  }
}

function go(parameters: readonly string[], cwd: string, env: Readonly<Record<string, string>>): string {
  mkdirSync(cache, { recursive: true })
  const flags = [process.env['GOFLAGS'], '-modcacherw', '-mod=readonly'].filter(Boolean).join(' ')
  const places = { GOMODCACHE: modules, GOCACHE: join(cache, 'build'), GOTOOLCHAIN: 'local', GOFLAGS: flags }
  // As the Go judges, which share the module cache: whoever comes second waits.
  const command = [join(cache, 'go.lock'), goCommand(modules), ...parameters]
  const { status, stdout, stderr, error } = spawnSync('flock', command, {
    cwd,
    env: { ...process.env, ...places, ...env },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status !== 0) throw new Error(`${stdout ?? ''}${stderr ?? error?.message}`)
  return stdout
}
