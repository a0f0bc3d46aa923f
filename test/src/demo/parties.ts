import { join } from 'node:path'
import {
  createHubClient,
  createSimulatedArchive,
  createSimulatedProfile,
  type HubClient,
  openReceiptStore,
  type SimulatedArchive,
  type SimulatedProfile,
} from '@socle/connectors'
import { buyer } from './documents.ts'
import type { HubProgram } from './hub-program.ts'

/** The three parties of the demonstration, each with its own account, directory and connection. */
export interface Parties extends AsyncDisposable {
  readonly publisher: SimulatedProfile
  readonly publisherClient: HubClient
  readonly other: SimulatedProfile
  readonly archive: SimulatedArchive
  readonly archiveClient: HubClient
}

export interface Accounts {
  readonly publisher: Credentials
  readonly other: Credentials
  readonly archive: Credentials
}

interface Credentials {
  readonly clientId: string
  readonly clientSecret: string
}

/** Profile A and the archive act for the buyer; profile B shows what others publish and acts for nobody here. */
export function makeAccounts(hub: HubProgram): Accounts {
  return {
    publisher: hub.addAccount('profil-a', "Profil d'acheteur A", [buyer]),
    other: hub.addAccount('profil-b', "Profil d'acheteur B", []),
    archive: hub.addAccount('archive', "Système d'archivage électronique", [buyer]),
  }
}

export async function startParties(hub: HubProgram, accounts: Accounts, directory: string): Promise<Parties> {
  const client = async (name: keyof Accounts): Promise<HubClient> =>
    createHubClient({
      url: hub.url,
      ...accounts[name],
      receipts: await openReceiptStore(join(directory, name, 'receipts')),
      trustDirectory: join(directory, name, 'trust'),
    })
  const publisherClient = await client('publisher')
  const archiveClient = await client('archive')
  const otherClient = await client('other')
  const publisher = await createSimulatedProfile({
    name: 'A',
    client: publisherClient,
    directory: join(directory, 'publisher'),
    by: 'feed',
  })
  const other = await createSimulatedProfile({
    name: 'B',
    client: otherClient,
    directory: join(directory, 'other'),
    by: 'webhook',
  })
  const archive = await createSimulatedArchive({
    name: 'archive',
    client: archiveClient,
    directory: join(directory, 'archive'),
  })
  return {
    publisher,
    publisherClient,
    other,
    archive,
    archiveClient,
    async [Symbol.asyncDispose]() {
      for (const party of [publisher, other, archive]) await party[Symbol.asyncDispose]()
      for (const each of [publisherClient, otherClient, archiveClient]) await each[Symbol.asyncDispose]()
    },
  }
}
