import { appendFileSync } from 'node:fs'
import { createEventConsumer } from '@socle/connectors'

/**
 * A consumer that a test kills. Its effects are lines of a file. At the event `stopAt` the effect is done and the handler
 * never ends: a SIGKILL then falls between effect and progress.
 */
const [settings = '{}'] = process.argv.slice(2)
const { brokers, directory, topic, effects, stopAt } = JSON.parse(settings) as {
  readonly brokers: readonly string[]
  readonly directory: string
  readonly topic: string
  readonly effects: string
  readonly stopAt: number
}

await createEventConsumer({
  brokers,
  directory,
  groupId: 'killed',
  topics: [topic],
  limits: { sessionMs: 2_000, fetchWaitMs: 100 },
  async handle({ hubseq }) {
    appendFileSync(effects, `${hubseq}\n`)
    if (hubseq === stopAt) await new Promise(() => undefined)
  },
  onTrouble: (trouble) => appendFileSync(effects, `${trouble.kind}\n`),
})
