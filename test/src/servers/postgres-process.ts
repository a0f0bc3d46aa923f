import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

const readyMs = 30_000

export interface RunAs {
  readonly uid?: number
  readonly gid?: number
}

/** PostgreSQL refuses to run as root: then it runs as the system's own user for it. */
export function unprivileged(): RunAs {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string): number => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout)
  return { uid: id('-u'), gid: id('-g') }
}

/**
 * Debian keeps the server's programs off the PATH, one directory a version; the newest is taken. Elsewhere they are on the PATH.
 * @throws when PostgreSQL is not installed
 */
export function programs(): string {
  const home = '/usr/lib/postgresql'
  const versions = existsSync(home) ? readdirSync(home).toSorted((a, b) => Number(b) - Number(a)) : []
  const places = [...versions.map((version) => join(home, version, 'bin')), ...(process.env['PATH'] ?? '').split(':')]
  const found = places.find((bin) => existsSync(join(bin, 'initdb')))
  if (found === undefined) throw new Error('PostgreSQL is not installed: the Debian package is postgresql')
  return found
}

/** Makes an empty cluster: one superuser of the name given, nobody asked for a password. */
export function initialise(
  bin: string,
  data: string,
  { superuser, as }: { readonly superuser: string; readonly as: RunAs },
): void {
  mkdirSync(data, { recursive: true, mode: 0o700 })
  if (as.uid !== undefined && as.gid !== undefined) {
    chownSync(data, as.uid, as.gid)
    chownSync(join(data, '..'), as.uid, as.gid)
  }
  const options = ['-U', superuser, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
  const done = spawnSync(join(bin, 'initdb'), ['-D', data, ...options], { ...as, cwd: data, encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`initdb failed: ${done.stderr}`)
}

/** Resolves when the server says that it takes connections. */
export async function launched(
  program: string,
  parameters: readonly string[],
  options: RunAs & { readonly cwd: string },
): Promise<ChildProcess> {
  const env = { ...process.env, LC_ALL: 'C' }
  const server = spawn(program, parameters, { ...options, env, stdio: ['ignore', 'ignore', 'pipe'] })
  // It must not outlive the suite that started it.
  const kill = (): void => killAll(familyOf(server.pid ?? 0))
  process.once('exit', kill)
  server.once('exit', () => process.off('exit', kill))
  const said: string[] = []
  const ready = new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`PostgreSQL ended with code ${code}:\n${said.join('\n')}`)))
    createInterface(server.stderr).on('line', (line) => {
      if (said.length < 100) said.push(line)
      if (/database system is ready to accept (?:read-only )?connections/.test(line)) resolve()
    })
  })
  const late = sleep(readyMs, undefined, { ref: false }).then(() => {
    throw new Error(`PostgreSQL is not ready after ${readyMs} ms:\n${said.join('\n')}`)
  })
  await Promise.race([ready, late])
  return server
}

/** The server first, so that it starts nothing new; then whatever it had started, and until that is gone. */
export async function killFamily(pid: number): Promise<void> {
  const family = familyOf(pid)
  killAll(family)
  const end = Date.now() + 5_000
  while (family.some((one) => one !== pid && existsSync(`/proc/${one}`)) && Date.now() < end) await sleep(10)
}

function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

/** A process and its children, by what the kernel says: each of them leads a group of its own. */
function familyOf(pid: number): readonly number[] {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
  return [pid, ...children.map(Number)]
}

function parentOf(pid: string): number {
  try {
    // After the name, which may hold anything, come the state and the parent.
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) \S /s, '')
        .split(' ', 1)[0],
    )
  } catch {
    return 0
  }
}
