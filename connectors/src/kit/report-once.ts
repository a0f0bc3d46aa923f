import type { Outcome } from '@socle/schemas'
import { realSurroundings, type Sleep } from './connector.ts'
import type { HubClient } from './hub-client.ts'
import { HubClientError } from './hub-client-error.ts'
import { backOff } from './retry.ts'

type Needs = Pick<HubClient, 'timeline' | 'reportOutcome' | 'account'>

export interface ReportOnceOptions {
  /** False when this is certainly the first report: spares the look at the timeline. */
  readonly maybeReported: boolean
  /** Tries in all. */
  readonly maxTries?: number
  readonly sleep?: Sleep
  readonly signal?: AbortSignal
}

const defaultTries = 5

/**
 * Reports an outcome once in effect. The hub records every report it gets, so that after a crash or an unclear answer
 * the document's timeline is asked first whether this account's result is already there.
 * @throws HubClientError
 */
export async function reportOnce(
  client: Needs,
  document: string,
  outcome: Outcome,
  options: ReportOnceOptions,
): Promise<'reported' | 'already-reported'> {
  const { maxTries = defaultTries, sleep = realSurroundings.sleep, signal } = options
  let unclear = options.maybeReported
  for (let tries = 1; ; tries += 1) {
    try {
      if (unclear && (await isReported(client, document, outcome))) return 'already-reported'
      await client.reportOutcome(document, outcome)
      return 'reported'
    } catch (error) {
      if (!(error instanceof HubClientError) || !error.curable || tries >= maxTries) throw error
      unclear = true
      await sleep(backOff(tries, 500, 10_000), signal)
      if (signal?.aborted === true) throw new HubClientError('ABORTED', {}, error)
    }
  }
}

async function isReported(client: Needs, document: string, { result, url }: Outcome): Promise<boolean> {
  const steps = await client.timeline(document)
  return steps.some(
    (step) => step.state === 'concluded' && step.by === client.account && step.result === result && step.url === url,
  )
}
