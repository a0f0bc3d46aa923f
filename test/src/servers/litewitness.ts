import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from '@socle/gateway'
import { makeWitnessKey } from '@socle/schemas'
import { freePorts } from './ports.ts'
import { startSshAgent } from './ssh-agent.ts'

export interface LitewitnessLog {
  readonly origin: string
  /** Verifier key of the log. */
  readonly vkey: string
}

export interface Litewitness extends AsyncDisposable {
  /** Submission prefix. */
  readonly url: string
  readonly vkey: string
  readonly name: string
  /** Size of a log that it cosigned last, read from its own page; 0: never. */
  sizeSeen(origin: string): Promise<number>
}

const readyMs = 15_000

/** As torchwood v0.9.0 creates it. Its admin tool does not build by `go install`: what that would insert stands below. */
const schema = `
  create table if not exists log (origin text primary key, tree_size integer not null, tree_hash text not null);
  create table if not exists key (origin text not null, key text not null, foreign key(origin) references log(origin));
  create table if not exists bastion (origin text not null, bastion text not null, foreign key(origin) references log(origin));`

/**
 * A real litewitness (torchwood) on 127.0.0.1 that knows some logs and has seen nothing of them. Its key is in an ssh-agent
 * of ours; everything else is its own.
 * @param command path of the program
 * @throws with what it wrote, when it does not answer within 15 s
 */
export async function startLitewitness(command: string, logs: readonly LitewitnessLog[]): Promise<Litewitness> {
  const directory = await mkdtemp(join(tmpdir(), 'socle-litewitness-'))
  const [port = 0] = await freePorts(1)
  const name = 'witness.example/litewitness'
  const agent = await startSshAgent(join(directory, 'agent.sock'))
  const database = join(directory, 'litewitness.db')
  prepare(database, logs)
  const fingerprint = createHash('sha256').update(agent.rawPublicKey).digest('hex')
  const parameters = ['-name', name, '-db', database, '-ssh-agent', agent.socket, '-key', fingerprint]
  const child = spawn(command, [...parameters, '-listen', `127.0.0.1:${port}`], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (piece: Buffer) => (said = (said + piece.toString('utf8')).slice(-10_000)))
  const url = `http://127.0.0.1:${port}`
  const end = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    }
    await agent[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  }
  if (!(await isReady(url, () => child.exitCode !== null))) {
    await end()
    throw new Error(`litewitness does not answer: ${said}`)
  }
  return {
    url,
    name,
    vkey: makeWitnessKey(name, agent.publicKey),
    async sizeSeen(origin) {
      const page = await (await fetch(url)).text()
      return Number(page.split(`- ${origin}\n`)[1]?.match(/\(size (\d+),/)?.[1] ?? Number.NaN)
    },
    [Symbol.asyncDispose]: end,
  }
}

function prepare(file: string, logs: readonly LitewitnessLog[]): void {
  const database = openDatabase(file)
  database.exec(schema)
  // Root of the tree without leaves.
  const empty = createHash('sha256').digest('base64')
  for (const { origin, vkey } of logs) {
    database.prepare('insert into log (origin, tree_size, tree_hash) values (?, 0, ?)').run(origin, empty)
    database.prepare('insert into key (origin, key) values (?, ?)').run(origin, vkey)
  }
  database.close()
}

async function isReady(url: string, isDead: () => boolean): Promise<boolean> {
  const until = performance.now() + readyMs
  while (performance.now() < until && !isDead()) {
    const answers = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
    if (answers) return true
    await sleep(50)
  }
  return false
}
