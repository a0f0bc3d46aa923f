import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from './ports.ts'

export interface RedisServer extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** SIGSTOP: connections stay open and nothing answers. */
  freeze(): void
  thaw(): void
  /** SIGKILL, and resolves once the process is gone. */
  kill(): Promise<void>
  /** Again, on the same port and directory. */
  start(): Promise<void>
  /** An orderly end; the directory stays. */
  stop(): Promise<void>
}

const readyMs = 10_000

/**
 * A real redis-server on 127.0.0.1 that keeps nothing on disk, as the hub's should: what it holds may be lost.
 * @throws when it does not answer within 10 s
 */
export async function startRedis(options: { readonly directory?: string } = {}): Promise<RedisServer> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'socle-redis-')))
  const [port = 0] = await freePorts(1)
  let child = await launch(port, directory)
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    // A frozen process takes SIGKILL only.
    child.kill('SIGCONT')
    child.kill(signal)
    await gone
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return child.pid ?? 0
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill: async () => await end('SIGKILL'),
    async start() {
      await end('SIGKILL')
      child = await launch(port, directory)
    },
    stop: async () => await end('SIGTERM'),
    async [Symbol.asyncDispose]() {
      await end('SIGKILL')
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function launch(port: number, directory: string): Promise<ChildProcess> {
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const child = spawn('redis-server', [...settings, '--dir', directory, '--daemonize', 'no'], { stdio: 'ignore' })
  // It must not outlive the suite that started it.
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`redis-server ended with code ${code}`)))
  })
  failed.catch(() => undefined)
  await Promise.race([answering(port), failed])
  return child
}

async function answering(port: number): Promise<void> {
  const end = Date.now() + readyMs
  while (!(await pong(port))) {
    if (Date.now() > end) throw new Error('redis-server does not answer')
    await sleep(20)
  }
}

async function pong(port: number): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port })
  try {
    await once(socket, 'connect')
    socket.write('PING\r\n')
    const [answer] = (await once(socket, 'data')) as [Buffer]
    return answer.toString('latin1').startsWith('+PONG')
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
