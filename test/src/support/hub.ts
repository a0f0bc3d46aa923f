import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  grantMandate,
  type Overrides,
  readConfig,
  type Scope,
  scopes,
  serve,
  wire,
  type WiredHub,
} from '@socle/gateway'

export interface StartOptions {
  /** HUB_* settings beside those of every test hub. */
  readonly env?: Readonly<Record<string, string>>
  /** A data directory to go on with; it then stays when the hub is disposed of. */
  readonly directory?: string
}

export interface TestHub extends AsyncDisposable {
  readonly url: string
  readonly hub: WiredHub
  readonly directory: string
  /** Creates a technical account, mandated by the buyers from now on for a year. All scopes unless told. */
  account(
    id: string,
    rights?: { readonly buyers?: readonly string[]; readonly scopes?: readonly Scope[] },
  ): Promise<{ readonly clientId: string; readonly clientSecret: string }>
}

const yearMs = 365 * 24 * 3_600_000

/** A whole hub in this process: sandbox, embedded store in a temporary directory, a free port. Threads start from `dist`. */
export async function startHub(overrides: Overrides = {}, options: StartOptions = {}): Promise<TestHub> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'socle-hub-')))
  const env = { HUB_PORT: '0', HUB_DATA: directory, HUB_LOG_LEVEL: 'silent', ...options.env }
  const hub = await wire(readConfig(env), overrides)
  const serving = await serve(hub)
  return {
    url: serving.url,
    hub,
    directory,
    async account(id, rights = {}) {
      const clientSecret = await hub.accounts.create({ id, name: id, scopes: rights.scopes ?? scopes })
      const notBefore = hub.clock()
      const notAfter = new Date(notBefore.getTime() + yearMs)
      for (const buyer of rights.buyers ?? []) await grantMandate(hub, { account: id, buyer, notBefore, notAfter })
      return { clientId: id, clientSecret }
    },
    async [Symbol.asyncDispose]() {
      await serving.stop()
      if (options.directory === undefined) await rm(directory, { recursive: true, force: true })
    },
  }
}
