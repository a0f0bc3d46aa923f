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
import type { SubscriberPlan } from './subscriber-plan.ts'

/**
 * A recipient built with the kit, as an editor would: webhooks and topics, each put into effect by itself. Its effect is
 * one line of a file. It ends with the process that started it.
 */
const plan = JSON.parse(process.argv[2] ?? '{}') as SubscriberPlan

/** The kit brings an event at least once, with the same id: the effect knows it. */
function createEffect(subscriber: string): (event: HubEvent) => Promise<void> {
  const file = join(plan.applied, `${subscriber}.jsonl`)
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const known = new Set(text.split('\n').flatMap((line) => (line === '' ? [] : (JSON.parse(line) as Applied).id)))
  return async ({ id, hubseq: sequence, consultation }) => {
    if (known.has(id)) return
    appendFileSync(file, `${JSON.stringify({ subscriber, id, sequence, consultation } satisfies Applied)}\n`)
    known.add(id)
    await Promise.resolve()
  }
}

const client = createHubClient({ url: plan.hub, clientId: plan.clientId, clientSecret: plan.clientSecret })
const receiver = await createWebhookReceiver({
  handle: createEffect('webhook'),
  seen: await openSeen(join(plan.directory, 'seen')),
})
await keepSubscription(client, receiver, { file: join(plan.directory, 'subscription'), kinds: plan.kinds })
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
  await receiver[Symbol.asyncDispose]()
  await client[Symbol.asyncDispose]()
  process.exit(0)
}
process.on('disconnect', () => process.exit(1))
process.on('SIGTERM', () => void stop())
process.send?.('ready')
