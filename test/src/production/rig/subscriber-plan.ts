/** What a subscriber process is told, as JSON in its first parameter. */
export interface SubscriberPlan {
  readonly hub: string
  /** Each with a receiver and a subscription of its own. */
  readonly webhooks: readonly WebhookPlan[]
  /** Empty: no consumer of topics. */
  readonly brokers: readonly string[]
  readonly topics: readonly string[]
  /** Progress and secrets. */
  readonly directory: string
  /** Where each channel writes what it put into effect, in a file of its name. */
  readonly applied: string
}

export interface WebhookPlan {
  /** The channel's. */
  readonly name: string
  readonly clientId: string
  readonly clientSecret: string
  readonly kinds: readonly ('award' | 'notice' | 'dume-response' | 'outcome')[]
}
