import { createPublicKey, createSecretKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { openPostgresStore } from '@socle/gateway'
import { makeVkey, type NoteVerifier, parseVkey } from '@socle/schemas'
import type { PostgresServer } from '../servers/postgres.ts'

/** A database of its own on a server, and what to open stores on it with. */
export interface PostgresPlace {
  readonly url: string
  readonly logKey: NoteVerifier
  /** As the schema's owner, who is the superuser here, unless told. */
  open(choices?: PostgresChoices): ReturnType<typeof openPostgresStore>
  /** Runs statements beside every store. */
  query(text: string): Promise<readonly Record<string, unknown>[]>
}

export interface PostgresChoices {
  readonly url?: string
  /** `false`: nothing is migrated. */
  readonly migrate?: boolean
  readonly timeoutMs?: number
  /** Another than that of the place. */
  readonly logKey?: KeyObject
  readonly origin?: string
}

export async function newPostgresPlace(server: PostgresServer): Promise<PostgresPlace> {
  const url = await server.createDatabase()
  const origin = 'socle.example/contracts'
  const { privateKey: logKey } = generateKeyPairSync('ed25519')
  const storageKey = createSecretKey(randomBytes(32))
  return {
    url,
    logKey: parseVkey(makeVkey(origin, createPublicKey(logKey))),
    open: async (choices = {}) =>
      await openPostgresStore({
        url: choices.url ?? url,
        ...(choices.migrate === false ? {} : { migrationUrl: url }),
        poolSize: 2,
        timeoutMs: choices.timeoutMs ?? 10_000,
        origin: choices.origin ?? origin,
        logKey: choices.logKey ?? logKey,
        storageKey,
      }),
    query: async (text) => await server.query(text, new URL(url).pathname.slice(1)),
  }
}

/** The same address on another port: through a proxy, or where nobody listens. */
export function throughPort(url: string, port: number): string {
  const other = new URL(url)
  other.port = String(port)
  return other.href
}
