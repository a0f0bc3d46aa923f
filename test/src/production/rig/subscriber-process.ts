import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  createEventConsumer,
  createHubClient,
  createWebhookReceiver,
  type HubEvent,
  keepSubscription,
  openSeen,
} from '@socle/connectors'
import type { Applied } from '../check/evidence.ts'
import type { SubscriberPlan, WebhookPlan } from './subscriber-plan.ts'

/**
 * Recipients built with the kit, as an editor would: webhooks and topics, each put into effect by itself. An effect is
 * one line of a file. It ends with the process that started it.
 */
const plan = JSON.parse(process.argv[2] ?? '{}') as SubscriberPlan

/** The kit brings an event at least once, with the same id: the effect knows it. */
function createEffect(subscriber: string): (event: HubEvent) => Promise<void> {
  const file = join(plan.applied, `${subscriber}.jsonl`)
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const known = new Set(text.split('\n').flatMap((line) => (line === '' ? [] : (JSON.parse(line) as Applied).id)))
  return async (event) => {
    const { id, hubseq: sequence, consultation } = event
    if (known.has(id)) return
    const text = JSON.stringify(event)
    appendFileSync(file, `${JSON.stringify({ subscriber, id, sequence, consultation, text } satisfies Applied)}\n`)
    known.add(id)
    await Promise.resolve()
  }
}

async function listen({ name, clientId, clientSecret, kinds }: WebhookPlan): Promise<() => Promise<void>> {
  const client = createHubClient({ url: plan.hub, clientId, clientSecret })
  const seen = await openSeen(join(plan.directory, `${name}-seen`))
  const receiver = await createWebhookReceiver({ handle: createEffect(name), seen })
  await keepSubscription(client, receiver, { file: join(plan.directory, `${name}-subscription`), kinds })
  return async () => {
    await receiver[Symbol.asyncDispose]()
    await client[Symbol.asyncDispose]()
  }
}

const listening = await Promise.all(plan.webhooks.map(listen))
const consumer =
  plan.brokers.length === 0
    ? undefined
    : await createEventConsumer({
        brokers: plan.brokers,
        topics: plan.topics,
        groupId: 'archive',
        directory: plan.directory,
        handle: createEffect('kafka'),
        onTrouble: (trouble) => process.stderr.write(`${JSON.stringify(trouble)}\n`),
        limits: { reconnectMs: 1_000 },
      })

async function stop(): Promise<void> {
  await consumer?.[Symbol.asyncDispose]()
  await Promise.all(listening.map(async (end) => await end()))
  process.exit(0)
}
process.on('disconnect', () => process.exit(1))
process.on('SIGTERM', () => void stop())
process.send?.('ready')
