import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { freePort } from '../support/free-port.ts'

/** The hub as an operator runs it: the `socle` command, settings in the environment, a data directory. */
export interface HubProgram {
  readonly url: string
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
  /** Runs another `socle` command on the same data; gives what it printed. */
  run(parameters: readonly string[]): { readonly status: number; readonly output: string }
}

const socle = new URL('../../../gateway/bin/socle.mjs', import.meta.url).pathname

export async function prepareHub(dataDirectory: string): Promise<HubProgram> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = { ...process.env, HUB_DATA: dataDirectory, HUB_PORT: String(port), HUB_TIMESTAMP_EVERY: '2' }
  let child: ChildProcess | undefined

  const run: HubProgram['run'] = (parameters) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [socle, ...parameters], {
      env,
      encoding: 'utf8',
      timeout: 120_000,
      maxBuffer: 2 ** 26,
    })
    return { status: status ?? 1, output: `${stdout}${stderr}` }
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  return {
    url,
    run,
    addAccount(id, name, buyers) {
      const { status, output } = run([
        'account',
        'add',
        id,
        '--name',
        name,
        ...(buyers.length > 0 ? ['--buyer', ...buyers] : []),
      ])
      if (status !== 0) throw new Error(`the account ${id} was not made: ${output}`)
      const { client_id: clientId, client_secret: clientSecret } = JSON.parse(output) as {
        client_id: string
        client_secret: string
      }
      return { clientId, clientSecret }
    },
    async start() {
      child = spawn(process.execPath, [socle, 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
      await serving(child)
    },
    kill: async () => await end('SIGKILL'),
    stop: async () => await end('SIGTERM'),
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
