import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { freePort } from '../support/free-port.ts'
import type { Sent } from './keep.ts'

/** The hub as an operator runs it: the `socle` command, settings in the environment. */
export interface HubProgram {
  readonly url: string
  /** What it stands on, for the story. */
  readonly description: string
  /** Where all of it is kept, on the embedded store. */
  readonly dataDirectory?: string
  /** What `kill` kills, for the story. */
  readonly victim: string
  /** Creates a technical account; gives its secret. */
  addAccount(
    id: string,
    name: string,
    buyers: readonly string[],
  ): { readonly clientId: string; readonly clientSecret: string }
  start(): Promise<void>
  /** SIGKILL: nothing is saved, nothing is said. */
  kill(): Promise<void>
  /** SIGTERM: answers whoever is in, closes the files. */
  stop(): Promise<void>
  /** What this hub has to show beside, once everything sent was delivered. */
  more?(sent: readonly Sent[]): Promise<void>
  /** Runs another `socle` command on the same data; gives what it printed. */
  run(parameters: readonly string[]): { readonly status: number; readonly output: string }
}

const socle = new URL('../../../gateway/bin/socle.mjs', import.meta.url).pathname

/** One hub on the embedded store, in a data directory. */
export async function prepareHub(dataDirectory: string): Promise<HubProgram> {
  const port = await freePort()
  const env = { HUB_DATA: dataDirectory, HUB_PORT: String(port), HUB_TIMESTAMP_EVERY: '2' }
  const gateway = prepareGateway(env)
  return {
    url: `http://127.0.0.1:${port}`,
    description: 'sandbox, embedded store',
    dataDirectory,
    victim: 'the hub',
    ...operator(env),
    ...gateway,
  }
}

/** The process that serves. */
export interface Gateway extends Pick<HubProgram, 'start' | 'kill' | 'stop'> {
  readonly pid: number | undefined
}

export function prepareGateway(settings: Readonly<Record<string, string>>): Gateway {
  const env = { ...process.env, ...settings }
  let child: ChildProcess | undefined
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  return {
    get pid() {
      return child?.pid
    },
    async start() {
      child = spawn(process.execPath, [socle, 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
      await serving(child)
    },
    kill: async () => await end('SIGKILL'),
    stop: async () => await end('SIGTERM'),
  }
}

/** The operator's commands beside it, on the same store. */
export function operator(settings: Readonly<Record<string, string>>): Pick<HubProgram, 'run' | 'addAccount'> {
  const env = { ...process.env, ...settings }
  const run: HubProgram['run'] = (parameters) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [socle, ...parameters], {
      env,
      encoding: 'utf8',
      timeout: 120_000,
      maxBuffer: 2 ** 26,
    })
    return { status: status ?? 1, output: `${stdout}${stderr}` }
  }
  return {
    run,
    addAccount(id, name, buyers) {
      const mandates = buyers.length > 0 ? ['--buyer', ...buyers] : []
      const { status, output } = run(['account', 'add', id, '--name', name, ...mandates])
      if (status !== 0) throw new Error(`the account ${id} was not made: ${output}`)
      const { client_id: clientId, client_secret: clientSecret } = JSON.parse(output) as {
        client_id: string
        client_secret: string
      }
      return { clientId, clientSecret }
    },
  }
}

/** Reads the log until the hub says that it serves, then lets it flow. */
async function serving(child: ChildProcess): Promise<void> {
  if (!child.stdout) throw new Error('the hub has no output')
  const lines = createInterface({ input: child.stdout })
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the hub ended with code ${code} before it served`)))
    lines.on('line', (line) => {
      if (line.includes('"event":"serving"')) resolve()
    })
  })
}
