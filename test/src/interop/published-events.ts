import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createMemoryBus } from '@socle/gateway'
import { join as enrol } from '../flow/party.ts'
import { buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'

/** A record of a topic as a reader of Kafka gets it, in text. */
export interface PublishedEvent {
  readonly topic: string
  readonly key: string
  readonly headers: Readonly<Record<string, string>>
  readonly payload: Readonly<Record<string, unknown>>
}

const documents = join(import.meta.dirname, '../../../schemas/examples/documents')
const read = (name: string): string => readFileSync(join(documents, name), 'utf8')
/** The award file holds a contract of each family, a deposit one. */
const awardOf = (family: 'marche' | 'contrat-concession'): string => {
  const { marches } = JSON.parse(read('decp-award.json')) as { readonly marches: Readonly<Record<string, unknown>> }
  return JSON.stringify({ marches: { [family]: marches[family] } })
}
const deposits = [
  ['notice', read('eforms-cn-16.xml')],
  ['dume-request', read('espd-request-4.1.0.xml')],
  ['dume-response', read('espd-response-4.1.0.xml')],
  ['award', awardOf('marche')],
  ['notice', read('boamp-mapa.json')],
  ['award', awardOf('contrat-concession')],
] as const
const outcomes = [
  { result: 'published', url: 'https://profil.example/avis/1' },
  { result: 'integrated' },
  { result: 'refused', reason: 'Le format n’est pas reçu ici' },
]

/** What a hub really publishes of our example documents and of outcomes on them, in its own order. */
export async function publishedEvents(): Promise<readonly PublishedEvent[]> {
  const published: PublishedEvent[] = []
  const bus = createMemoryBus()
  for (const subject of ['notice', 'dume-request', 'dume-response', 'award', 'outcome'])
    bus.subscribe(`tncp.sandbox.${subject}s.v1`, async ({ topic, key, sequence, previous, leaf, attributes, data }) => {
      const { datacontenttype = '', ...others } = attributes
      const context = Object.entries(others).map(([name, value]) => [`ce_${name}`, value] as const)
      const own = { 'hub-seq': String(sequence), 'hub-prev': String(previous), 'hub-leaf': leaf }
      const headers = { 'content-type': datacontenttype, ...Object.fromEntries(context), ...own }
      const payload = JSON.parse(Buffer.from(data).toString('utf8')) as PublishedEvent['payload']
      published.push({ topic, key, headers, payload })
      await Promise.resolve()
    })
  const clock = (): Date => new Date('2026-11-24T10:15:00Z')
  await using hub = await startHub({ bus, clock }, { env: { HUB_PUBLIC_URL: 'https://hub.example' } })
  const sender = await enrol(hub, 'profil-a', { buyers: [buyerSiret] })
  const recipient = await enrol(hub, 'gestion-c', { buyers: [buyerSiret] })
  for (const [at, [kind, text]] of deposits.entries()) {
    const { id } = await sender.sent(kind, text)
    const outcome = outcomes[at]
    if (outcome) await recipient.post(`/v1/documents/${id}/outcomes`, outcome)
  }
  const wanted = deposits.length + outcomes.length
  const end = performance.now() + 20_000
  while (published.length < wanted && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20))
  return published
}

/** `tncp.sandbox.awards.v1` -> `award`. */
export function subjectOf({ topic }: Pick<PublishedEvent, 'topic'>): string {
  return topic.split('.')[2]?.replace(/s$/, '') ?? ''
}
