import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Subscriber } from '../check/evidence.ts'
import { type Child, startChild } from './child.ts'
import type { Accounts, Recipient } from './prepare.ts'
import type { Servers } from './servers.ts'
import type { SubscriberPlan, WebhookPlan } from './subscriber-plan.ts'
import { topicOf } from './topics.ts'

const documents = ['award', 'notice', 'dume-response'] as const
const everything = [...documents, 'outcome'] as const

/** Channels of the subscriber process. What it reports itself does not come back to it by webhook. */
const webhook = { name: 'webhook', types: documents, mandated: true, ordered: 'consultation' } as const
/** Asks for what is not for it, too. */
const stranger = { name: 'stranger', types: ['notice'], mandated: false, ordered: 'consultation' } as const
const kafka = { name: 'kafka', types: everything, mandated: true, ordered: 'consultation and type' } as const

export function channelsOf(servers: Pick<Servers, 'kafka'>): readonly Subscriber[] {
  return [webhook, stranger, ...(servers.kafka ? [kafka] : [])]
}

type Reader = Pick<Recipient, 'id' | 'token'>

/** Feeds, which are read when everything is over: senders see what became of documents, the stranger what is public. */
export function feedsOf({
  senders,
  stranger: nobody,
}: Accounts): readonly (Subscriber & { readonly reader: Reader })[] {
  const ordered = 'consultation' as const
  return [
    ...senders.map((reader) => ({ name: `feed of ${reader.id}`, types: ['outcome'], mandated: true, ordered, reader })),
    { name: 'feed of the stranger', types: ['award', 'notice'], mandated: false, ordered, reader: nobody },
  ]
}

interface SubscriberPlace {
  readonly directory: string
  readonly hub: string
  readonly accounts: Accounts
}

/** A process with every channel. */
export function startSubscriber(servers: Servers, { directory, hub, accounts }: SubscriberPlace): Child {
  const [own, applied] = [join(directory, 'subscriber'), join(directory, 'applied')]
  for (const folder of [own, applied]) mkdirSync(folder)
  const as = ({ id, secret }: Recipient): Pick<WebhookPlan, 'clientId' | 'clientSecret'> => ({
    clientId: id,
    clientSecret: secret,
  })
  const plan: SubscriberPlan = {
    hub,
    webhooks: [
      { name: webhook.name, kinds: documents, ...as(accounts.archive) },
      { name: stranger.name, kinds: ['notice', 'dume-response', 'outcome'], ...as(accounts.stranger) },
    ],
    brokers: servers.kafka?.brokers ?? [],
    topics: everything.flatMap((type) => topicOf[type] ?? []),
    directory: own,
    applied,
  }
  const module = 'production/rig/subscriber-process'
  return startChild({ module, parameters: [JSON.stringify(plan)], env: {}, log: join(directory, 'subscriber.log') })
}
