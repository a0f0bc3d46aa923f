/** What a subscriber process is told, as JSON in its first parameter. */
export interface SubscriberPlan {
  readonly hub: string
  readonly clientId: string
  readonly clientSecret: string
  readonly brokers: readonly string[]
  readonly topics: readonly string[]
  readonly kinds: readonly ('award' | 'notice')[]
  /** Its progress and its secret. */
  readonly directory: string
  /** Where each channel writes what it put into effect: `kafka.jsonl` and `webhook.jsonl`. */
  readonly applied: string
}

/** Both channels of the process, as the checker knows them. */
export const channels = ['webhook', 'kafka'] as const
