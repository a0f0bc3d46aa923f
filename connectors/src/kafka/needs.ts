import type { Sleep, Tell } from '../kit/connector.ts'
import type { HubEvent } from '../kit/hub-event.ts'
import type { ConsumerLimits } from './limits.ts'
import type { Park } from './park.ts'
import type { ProgressFiles } from './progress-files.ts'
import type { Trouble } from './trouble.ts'
import type { Turns } from './turns.ts'

/** What the parts of one consumer share. */
export interface ConsumerNeeds {
  readonly progress: ProgressFiles
  readonly park: Park
  /** One handler at a time for each consultation, whichever topic or retry it comes from. */
  readonly turns: Turns
  readonly handle: (event: HubEvent, signal: AbortSignal) => Promise<void>
  readonly limits: ConsumerLimits
  readonly sleep: Sleep
  /** Ends waits; a handler that runs is let to its end. */
  readonly signal: AbortSignal
  readonly trouble: (trouble: Trouble) => void
  readonly tell: Tell
}
