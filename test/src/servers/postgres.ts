import { once } from 'node:events'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, type QueryResult } from 'pg'
import { freePorts } from './ports.ts'
import { initialise, killFamily, launched, programs, unprivileged } from './postgres-process.ts'

export interface PostgresOptions {
  /** Lines of postgresql.conf beside those of every test server. */
  readonly settings?: Readonly<Record<string, string>>
  /** Where the data goes; made when it is not there, and left at the end. Absent: a temporary one, deleted at the end. */
  readonly directory?: string
}

/** A real PostgreSQL on 127.0.0.1 that lets everybody in without a password. */
export interface PostgresServer extends AsyncDisposable {
  readonly port: number
  /** Of its data and configuration. */
  readonly directory: string
  readonly pid: number
  /** Address of a database, as the superuser unless told. */
  url(database: string, role?: string): string
  /** A new empty database, UTF8 unless told. @returns its address as the superuser */
  createDatabase(encoding?: string): Promise<string>
  /** Runs statements as the superuser and gives the rows of the last one. */
  query(text: string, database?: string): Promise<readonly Record<string, unknown>[]>
  /** SIGKILL to the server and everything it started. */
  kill(): Promise<void>
  /** Again, on the same data and port; after `kill` it recovers from its log. */
  start(): Promise<void>
  /** An orderly end; connections are closed, the data stays. */
  stop(): Promise<void>
}

const superuser = 'admin'

/**
 * Makes a cluster (about a second) and starts it.
 * @throws when PostgreSQL is not installed or does not come up within 30 s: the text is its own
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const bin = programs()
  const as = unprivileged()
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'socle-postgres-'))
  const data = join(directory, 'data')
  if (!existsSync(data)) initialise(bin, data, { superuser, as })
  const [port = 0] = await freePorts(1)
  const lines = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    ...options.settings,
  }
  const parameters = ['-D', data, ...Object.entries(lines).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  const launch = async (): ReturnType<typeof launched> =>
    await launched(join(bin, 'postgres'), parameters, { ...as, cwd: data })
  let server = await launch()
  const gone = (): boolean => server.exitCode !== null || server.signalCode !== null
  const url = (database: string, role = superuser): string => `postgres://${role}@127.0.0.1:${port}/${database}`

  const query: PostgresServer['query'] = async (text, database = 'postgres') => await asked(url(database), text)
  async function kill(): Promise<void> {
    if (gone()) return
    const ended = once(server, 'exit')
    await killFamily(server.pid ?? 0)
    await ended
  }
  async function stop(): Promise<void> {
    if (gone()) return
    const ended = once(server, 'exit')
    // "Fast": transactions are rolled back, the log is written out.
    server.kill('SIGINT')
    await ended
  }
  return {
    port,
    directory: data,
    get pid() {
      return server.pid ?? 0
    },
    url,
    async createDatabase(encoding = 'UTF8') {
      const name = `t${randomBytes(6).toString('hex')}`
      await query(`create database ${name} template template0 encoding '${encoding}' locale 'C'`)
      return url(name)
    },
    query,
    kill,
    async start() {
      await kill()
      server = await launch()
    },
    stop,
    async [Symbol.asyncDispose]() {
      await kill()
      if (options.directory === undefined) await rm(directory, { recursive: true, force: true })
    },
  }
}

async function asked(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const result = (await client.query<Record<string, unknown>>(text)) as QueryResult | QueryResult[]
    return (Array.isArray(result) ? result.at(-1)?.rows : result.rows) ?? []
  } finally {
    await client.end()
  }
}
