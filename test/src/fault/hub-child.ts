import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ChildPlan, ChildReady } from './child-plan.ts'

export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface HubChild extends AsyncDisposable, ChildReady {
  readonly ended: Promise<Ending>
  /** The plan's point of death counts from now on. */
  arm(): Promise<void>
  /** SIGKILL, and resolves once the process is gone. */
  kill(): Promise<Ending>
  /** An orderly end. */
  stop(): Promise<Ending>
}

/** Compiled twin of a file of this folder: a process, like a worker thread, runs compiled code on Node 20. */
export function compiled(name: string): string {
  return fileURLToPath(new URL(`${name}.js`, import.meta.url.replace('/src/', '/dist/')))
}

/**
 * Starts a hub in a process of its own and waits until it serves.
 * @param under a program to run it under (strace and its parameters)
 * @throws when it ends before it serves, with what it wrote on stderr
 */
export async function startChild(plan: ChildPlan, under: readonly string[] = []): Promise<HubChild> {
  const child = spawnHub(plan, under)
  const ended = endingOf(child)
  const ready = await readyOf(child)
  const end = async (act: () => void): Promise<Ending> => {
    if (child.exitCode === null && child.signalCode === null) act()
    return await ended
  }
  return {
    ...ready,
    ended,
    async arm() {
      const armed = once(child, 'message')
      child.send('arm')
      await armed
    },
    kill: async () => await end(() => child.kill('SIGKILL')),
    stop: async () => await end(() => child.send('stop')),
    async [Symbol.asyncDispose]() {
      await end(() => child.kill('SIGKILL'))
    },
  }
}

/** Starts a hub whose plan is to die, perhaps before it serves; or that is killed after so many milliseconds. */
export async function runToDeath(plan: ChildPlan, killAfterMs?: number): Promise<Ending> {
  const child = spawnHub(plan, [])
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  const ending = await endingOf(child)
  clearTimeout(timer)
  return ending
}

function spawnHub(plan: ChildPlan, under: readonly string[]): ChildProcess {
  const line = [...under, process.execPath, compiled('hub-process'), JSON.stringify(plan)]
  const [command = process.execPath, ...parameters] = line
  return spawn(command, parameters, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
}

async function endingOf(child: ChildProcess): Promise<Ending> {
  return await new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
}

async function readyOf(child: ChildProcess): Promise<ChildReady> {
  let complaint = ''
  child.stderr?.on('data', (part: Buffer) => {
    if (complaint.length < 8_000) complaint += part.toString('utf8')
  })
  return await new Promise((resolve, reject) => {
    const gone = (code: number | null): void =>
      reject(new Error(`the hub ended with code ${code} before it served: ${complaint}`))
    child.once('exit', gone)
    child.once('error', reject)
    child.once('message', (message) => {
      child.off('exit', gone)
      resolve(message as ChildReady)
    })
  })
}
