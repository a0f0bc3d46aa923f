import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A program of ours in a process of its own, that can be killed, frozen and started again. */
export interface Child {
  readonly pid: number
  readonly running: boolean
  /** Again, with what it was started with first. @throws when it runs */
  start(): void
  tell(message: string): void
  /** Resolves when the process says something. */
  said(): Promise<unknown>
  /** SIGKILL, and resolves once it is gone. */
  kill(): Promise<Ending>
  /** SIGTERM, and resolves once it is gone; SIGKILL after half a minute. */
  stop(): Promise<Ending>
  freeze(): void
  thaw(): void
  /** Resolves when it ends by itself. */
  ended(): Promise<Ending>
}

export interface ChildPlan {
  /** Module below `test/dist`, or below the parent of it for other workspaces. */
  readonly module: string
  readonly parameters: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Where its output goes, appended. */
  readonly log: string
}

const patienceMs = 30_000

/** Compiled file of the test workspace. Processes run compiled code: Node 20 reads no TypeScript. */
export function compiled(path: string): string {
  return fileURLToPath(new URL(`../../../dist/${path}.js`, import.meta.url))
}

/** Starts it. It ends with this process at the latest. */
export function startChild(plan: ChildPlan): Child {
  let child = launch(plan)
  const gone = (): boolean => child.exitCode !== null || child.signalCode !== null
  const ended = async (): Promise<Ending> => {
    if (!gone()) await once(child, 'exit')
    return { code: child.exitCode, signal: child.signalCode }
  }
  return {
    get pid() {
      return child.pid ?? 0
    },
    get running() {
      return !gone()
    },
    start() {
      if (!gone()) throw new Error(`${plan.module} runs already`)
      child = launch(plan)
    },
    tell: (message) => void child.send(message),
    async said() {
      const [message] = (await Promise.race([
        once(child, 'message'),
        once(child, 'exit').then(() => {
          throw new Error(`${plan.module} ended before it was ready: see ${plan.log}`)
        }),
      ])) as [unknown]
      return message
    },
    async kill() {
      child.kill('SIGKILL')
      return await ended()
    },
    async stop() {
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), patienceMs)
      const ending = await ended()
      clearTimeout(late)
      return ending
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    ended,
  }
}

function launch({ module, parameters, env, log }: ChildPlan): ChildProcess {
  const out = openSync(log, 'a')
  const own = { PATH: process.env['PATH'] ?? '', ...env }
  const child = spawn(process.execPath, [compiled(module), ...parameters], {
    env: own,
    stdio: ['ignore', out, out, 'ipc'],
  })
  closeSync(out)
  // A frozen process cannot see that its parent is gone.
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  return child
}
