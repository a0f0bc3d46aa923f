import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

export interface Stats {
  readonly rssMiB: number
  readonly loopP99Ms: number
  readonly recorded: number
  readonly distinct: number
}

export interface BenchServer {
  readonly port: number
  readonly token: string
  reset(): void
  stats(): Promise<Stats>
  stop(): Promise<void>
}

/** Starts a server in its own process, on the first core where the machine lets us choose. */
export async function startServer(script: string, parameters: readonly string[]): Promise<BenchServer> {
  const node = [process.execPath, new URL(script, import.meta.url).pathname, ...parameters]
  const [command = '', ...rest] = canPin() ? ['taskset', '-c', '0', ...node] : node
  const child = spawn(command, rest, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const ready = await message<{ port: number; token: string }>(child)
  return {
    ...ready,
    reset: () => void child.send('reset'),
    async stats() {
      child.send('stats')
      return await message<Stats>(child)
    },
    async stop() {
      const gone = once(child, 'exit')
      child.send('stop')
      await gone
    },
  }
}

/** The load generator takes the other core. */
export function pinSelf(): boolean {
  return canPin() && spawnSync('taskset', ['-a', '-c', '-p', '1', String(process.pid)]).status === 0
}

function canPin(): boolean {
  return process.platform === 'linux' && spawnSync('taskset', ['-c', '1', 'true']).status === 0
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
