import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the judges need at least, and what is fetched where there is less. */
const needed = [1, 24] as const
const toolchain = 'golang.org/toolchain@v0.0.1-go1.24.9.linux-amd64'
const sum = 'h1:XCaHFxbYbAFzirf0FlQ6XUJ3WM+yR7FdDHZvREoPVDI='

/**
 * A Go that is new enough. Debian 12 has 1.19, whose own client fetches a newer one as a module (about 10 s, once):
 * published by the Go project, checked by Go's sum database and against the digest here.
 * @param modules Go's module cache
 * @throws when there is no Go at all, or the newer one cannot be had: the text says why
 */
export function goCommand(modules: string): string {
  const { status, stdout } = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' })
  if (status !== 0) throw new Error('go is not installed')
  const [, major = 0, minor = 0] = /^go(\d+)\.(\d+)/.exec(stdout)?.map(Number) ?? []
  if (major > needed[0] || (major === needed[0] && minor >= needed[1])) return 'go'
  const place = join(modules, '..', 'toolchain')
  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, 'go.mod'), 'module toolchain\n')
  const fetched = spawnSync('go', ['mod', 'download', '-json', '-modcacherw', toolchain], {
    cwd: place,
    env: { ...process.env, GOMODCACHE: modules, GOTOOLCHAIN: 'local' },
    encoding: 'utf8',
  })
  if (fetched.status !== 0) throw new Error(`Go 1.24 cannot be fetched: ${fetched.stdout}${fetched.stderr}`)
  const { Dir, Sum } = JSON.parse(fetched.stdout) as { readonly Dir: string; readonly Sum: string }
  if (Sum !== sum) throw new Error(`${toolchain} is ${Sum}, not ${sum}`)
  makeExecutable(join(Dir, 'bin'))
  makeExecutable(join(Dir, 'pkg', 'tool', 'linux_amd64'))
  return join(Dir, 'bin', 'go')
}

/** Files of a module have no such right. */
function makeExecutable(directory: string): void {
  for (const name of readdirSync(directory)) chmodSync(join(directory, name), 0o755)
}
