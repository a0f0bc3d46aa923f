import { join } from 'node:path'
import { examine, type Examination } from '@socle/mappings'
import type { Connector, Tell } from '../kit/connector.ts'
import { openDirectory, writeDurably } from '../kit/durable-file.ts'
import type { HubClient } from '../kit/hub-client.ts'
import type { HubEvent } from '../kit/hub-event.ts'
import type { Deposit } from '../kit/outbox-file.ts'
import { openReceiptStore, type ReceiptStore } from '../kit/receipt-store.ts'
import { reportOnce } from '../kit/report-once.ts'
import { listen } from './listener.ts'
import { pageOf, titleOf } from './page.ts'
import { createPageServer, type PageServer } from './page-server.ts'
import { type Concluded, createSender } from './sender.ts'

export interface SimulatedProfileSettings {
  readonly name: string
  readonly client: HubClient
  /** Everything the profile keeps: outbox, receipts, pages, outcomes, cursor. One directory a profile. */
  readonly directory: string
  /** Deposited at the start, in this order; the same at each start is the same deposit. */
  readonly documents?: readonly Deposit[]
  /** How notices of others come; `webhook` by default. */
  readonly by?: 'webhook' | 'feed'
  /** Port of the pages; 0 (default) takes a free one. */
  readonly pagePort?: number
  /** Port of the webhook receiver; 0 (default) takes a free one. */
  readonly webhookPort?: number
  /** Stops the profile, also while it starts. */
  readonly signal?: AbortSignal
  readonly clock?: () => Date
  readonly tell?: Tell
}

/** A buyer profile made for tests and demonstrations: what it does is real, only its public is not. */
export interface SimulatedProfile extends Connector {
  /** Where its pages are. */
  readonly url: string
  readonly receipts: ReceiptStore
  /** Judged here and now by the rules of the hub; nothing is sent. */
  check(deposit: Deposit): Examination
  /** Deposits a document through the outbox. See Sender. */
  send(deposit: Deposit): Promise<Concluded>
  /** Ids of the documents of others that it shows, sorted. */
  published(): Promise<readonly string[]>
}

const kinds = ['notice', 'award', 'outcome'] as const

/**
 * Starts a profile: it deposits its documents, shows those of others on its own pages, and reports `published` with the
 * address. Resolves once it listens. Dispose to stop; start again on the same directory to go on.
 * @throws HubClientError when the hub refuses the account, or cannot be reached within the limits of the client
 */
export async function createSimulatedProfile(settings: SimulatedProfileSettings): Promise<SimulatedProfile> {
  const { name, client, directory, clock = () => new Date(), tell = () => undefined } = settings
  await openDirectory(directory)
  await openDirectory(join(directory, 'outcomes'))
  const receipts = client.receipts ?? (await openReceiptStore(join(directory, 'receipts')))
  const stop = new AbortController()
  const signal = settings.signal ? AbortSignal.any([stop.signal, settings.signal]) : stop.signal
  const pages = await createPageServer(join(directory, 'pages'), settings.pagePort ?? 0)
  try {
    const sender = await createSender({ directory, client, receipts, signal, tell })
    const handle = async (event: HubEvent): Promise<void> =>
      event.outcome
        ? await keepOutcome(directory, event, tell)
        : await show({ client, pages, clock, tell, signal }, event)
    const { by = 'webhook', webhookPort: port = 0 } = settings
    const listening = await listen({ directory, client, by, port, kinds, handle, signal, tell })
    for (const document of settings.documents ?? []) void sender.send(document).catch(() => undefined)
    const done = untilAllEnd([sender.run(), listening.done], stop)
    // Whoever looks at `done` gets the failure; one that nobody awaits yet must not end the process.
    done.catch(() => undefined)
    return {
      name,
      url: pages.url,
      receipts,
      done,
      check: ({ kind, bytes }) => examine(bytes, { now: clock(), packs: 'none', expect: kind }),
      send: async (deposit) => await sender.send(deposit),
      published: async () => await pages.ids(),
      async [Symbol.asyncDispose]() {
        stop.abort()
        await done.catch(() => undefined)
        await pages[Symbol.asyncDispose]()
      },
    }
  } catch (error) {
    stop.abort()
    await pages[Symbol.asyncDispose]()
    throw error
  }
}

interface Showing {
  readonly client: HubClient
  readonly pages: PageServer
  readonly clock: () => Date
  readonly tell: Tell
  readonly signal: AbortSignal
}

/** Proves what came, shows it, says so. Each step can be done again after a crash without being done twice. */
async function show({ client, pages, clock, tell, signal }: Showing, event: HubEvent): Promise<void> {
  const { id, content } = event.document
  if (event.erased) {
    await pages.remove(id)
    return tell('erased', { document: id, decision: event.erased.decision })
  }
  const bytes = await client.content(id, content?.sha256)
  await client.receipt(id, bytes)
  const maybeReported = await pages.has(id)
  if (!maybeReported) await pages.write(id, pageOf(event, clock()))
  const url = pages.urlOf(id)
  const report = await reportOnce(client, id, { result: 'published', url }, { maybeReported, signal })
  tell('published', { document: id, title: titleOf(event), url, report })
}

/** What others did with this profile's documents, one file a result. */
async function keepOutcome(directory: string, event: HubEvent, tell: Tell): Promise<void> {
  if (!event.outcome) return
  const { id, by, result, url = '' } = event.outcome
  const kept = { document: event.document.id, at: event.time, ...event.outcome }
  await writeDurably(join(directory, 'outcomes', `${id}.json`), `${JSON.stringify(kept, undefined, 2)}\n`)
  tell('outcome-received', { document: event.document.id, by, result, url })
}

/** When one of them fails the others are stopped, and the failure is the end of all. */
async function untilAllEnd(works: readonly Promise<void>[], stop: AbortController): Promise<void> {
  const ends = await Promise.allSettled(
    works.map(async (work) => {
      try {
        await work
      } catch (error) {
        stop.abort()
        throw error
      }
    }),
  )
  const failed = ends.find((end) => end.status === 'rejected')
  if (failed) throw failed.reason
}
