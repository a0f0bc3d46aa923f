import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpus } from 'node:os'

export interface Stats {
  readonly rssMiB: number
  readonly loopP99Ms: number
  readonly recorded: number
  readonly distinct: number
}

export interface BenchServer {
  readonly pid: number
  readonly port: number
  readonly token: string
  reset(): void
  /** What the program tells of itself; each has its own figures. */
  stats<T = Stats>(): Promise<T>
  stop(): Promise<void>
}

/** Starts a server in its own process. */
export async function startServer(
  script: string,
  parameters: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<BenchServer> {
  // A child may run where its parent may: the generator keeps to the last core, the server gets every one back.
  const node = [process.execPath, new URL(script, import.meta.url).pathname, ...parameters]
  const [command = '', ...rest] = canPin() ? ['taskset', '-c', `0-${lastCore}`, ...node] : node
  const child = spawn(command, rest, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...env },
  })
  const ready = await message<{ port: number; token: string }>(child)
  // Its main thread (whose id is the process's) keeps off the generator's core; its other threads may share it.
  if (canPin()) spawnSync('taskset', ['-c', '-p', '0', String(child.pid)])
  return {
    pid: child.pid ?? 0,
    ...ready,
    reset: () => void child.send('reset'),
    async stats<T>() {
      child.send('stats')
      return await message<T>(child)
    },
    async stop() {
      const gone = once(child, 'exit')
      child.send('stop')
      await gone
    },
  }
}

const lastCore = cpus().length - 1

/** The load generator keeps to one core. */
export function pinSelf(): boolean {
  return canPin() && spawnSync('taskset', ['-a', '-c', '-p', String(lastCore), String(process.pid)]).status === 0
}

function canPin(): boolean {
  return process.platform === 'linux' && spawnSync('taskset', ['-c', String(lastCore), 'true']).status === 0
}

async function message<T>(child: ChildProcess): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    const gone = (code: number | null): void => reject(new Error(`the server ended with code ${code}`))
    child.once('exit', gone)
    child.once('message', (value) => {
      child.off('exit', gone)
      resolve(value as T)
    })
  })
}
