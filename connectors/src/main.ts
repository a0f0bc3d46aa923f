import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { examine } from '@socle/mappings'
import { createHubClient } from './kit/hub-client.ts'
import type { Connector, Tell } from './kit/connector.ts'
import { HubClientError } from './kit/hub-client-error.ts'
import type { Deposit } from './kit/outbox-file.ts'
import { openReceiptStore } from './kit/receipt-store.ts'
import { readTrust } from './kit/trust-store.ts'
import { readSettings, type Settings, SettingsError } from './settings.ts'
import { createSimulatedArchive } from './simulated/archive.ts'
import { createSimulatedProfile } from './simulated/profile.ts'

const tell: Tell = (event, facts) => {
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), event, ...facts })}\n`)
}

/**
 * Runs one connector until SIGINT or SIGTERM: `node connectors/dist/main.js profile|archive`, settings CONNECTOR_* from
 * the environment. Exit 0 stopped on request, 1 could not go on, 2 settings unusable.
 */
async function main(): Promise<number> {
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  process.once('SIGTERM', () => stop.abort())
  try {
    const settings = readSettings(process.argv.slice(2), process.env)
    await run(settings, stop.signal)
    return 0
  } catch (error) {
    if (error instanceof HubClientError && error.code === 'ABORTED') return 0
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    if (error instanceof HubClientError) process.stderr.write(`${error.hint.fr} / ${error.hint.en}\n`)
    return error instanceof SettingsError ? 2 : 1
  }
}

async function run(settings: Settings, signal: AbortSignal): Promise<void> {
  const { directory, trustDirectory } = settings
  await using client = createHubClient({
    url: settings.hub,
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    environment: settings.environment,
    receipts: await openReceiptStore(join(directory, 'receipts')),
    ...(trustDirectory === undefined
      ? { trustDirectory: join(directory, 'trust') }
      : { trust: await readTrust(trustDirectory) }),
  })
  const common = { name: settings.clientId, client, directory, signal, tell }
  const { by, pagePort, webhookPort } = settings
  await using connector: Connector =
    settings.connector === 'archive'
      ? await createSimulatedArchive(common)
      : await createSimulatedProfile({ ...common, by, pagePort, webhookPort, documents: documentsOf(settings) })
  tell('started', { connector: settings.connector, name: connector.name })
  await connector.done
  tell('stopped', { connector: settings.connector })
}

/** Every file of the documents directory whose kind the hub reads, in the order of their names. */
function documentsOf({ documents, buyer }: Settings): readonly Deposit[] {
  if (documents === undefined) return []
  const hints = buyer === undefined ? {} : { buyer }
  return readdirSync(documents, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => resolve(documents, name))
    .sort()
    .flatMap((file) => {
      const bytes = readFileSync(file)
      const { kind, format } = examine(bytes, { now: new Date(), packs: 'none' })
      if (kind) return [{ kind, bytes, ...hints }]
      tell('file-passed-over', { file, format })
      return []
    })
}

process.exitCode = await main()
