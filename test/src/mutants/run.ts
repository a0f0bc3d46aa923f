import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface Ran {
  /** Null: stopped at its cap. */
  readonly code: number | null
  readonly output: string
}

/** Servers that a test started get this long to go with it. */
const graceMs = 5_000

/** Runs a program in a process group of its own, which ends with it, with this process, or at the cap. @param cwd with a folder `tmp`, where all that it leaves behind lies */
export async function run(
  [command, ...parameters]: readonly [string, ...string[]],
  { cwd, capMs }: { readonly cwd: string; readonly capMs: number },
): Promise<Ran> {
  const env = { ...process.env, TMPDIR: join(cwd, 'tmp') }
  const child = spawn(command, parameters, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const signal = (name: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name)
    } catch {
      // Nobody is left in the group.
    }
  }
  const kill = (): void => signal('SIGKILL')
  process.once('exit', kill)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()))
  let capped = false
  const cap = setTimeout(() => {
    capped = true
    signal('SIGTERM')
    setTimeout(kill, graceMs).unref()
  }, capMs)
  const [code] = (await once(child, 'exit')) as [number | null]
  clearTimeout(cap)
  kill()
  process.off('exit', kill)
  return { code: capped ? null : code, output }
}
