/** The kit to write a connector with, and the simulated ones. See README.md. */
export {
  createEventConsumer,
  type EventConsumer,
  type EventConsumerSettings,
  type PartitionView,
} from './kafka/event-consumer.ts'
export { type ConsumerLimits, consumerLimits } from './kafka/limits.ts'
export type { Trouble, TroubleKind } from './kafka/trouble.ts'
export type { Clock, Connector, Random, Sleep, Subject, Surroundings, Tell } from './kit/connector.ts'
export { type CursorFile, openCursorFile } from './kit/cursor-file.ts'
export { type FeedOptions, readFeed } from './kit/feed-reader.ts'
export {
  type ConsultationSteps,
  createHubClient,
  type HubClient,
  type HubClientSettings,
  type SubscriptionView,
} from './kit/hub-client.ts'
export { HubClientError, type HubClientErrorCode } from './kit/hub-client-error.ts'
export { type EventDocument, type EventOutcome, type HubEvent, parseEvent } from './kit/hub-event.ts'
export {
  type ClientLimits,
  clientLimits,
  type FeedLimits,
  feedLimits,
  type ReceiverLimits,
  receiverLimits,
} from './kit/limits.ts'
export { openOutbox, type Outbox, type OutboxSettings } from './kit/outbox.ts'
export type { Deposit, KeyedDeposit } from './kit/outbox-file.ts'
export type { DocumentView, FeedPage, FeedQuery, Step } from './kit/readings.ts'
export { type KeptReceipt, openReceiptStore, type ReceiptStore } from './kit/receipt-store.ts'
export { type ContentOf, recheck, type RecheckFailure, type RecheckReport } from './kit/recheck.ts'
export { reportOnce, type ReportOnceOptions } from './kit/report-once.ts'
export { openSeen, type Seen } from './kit/seen.ts'
export { keyFor, type Rehearsal, type Submission, type SubmitOptions } from './kit/submit.ts'
export { keepSubscription, type KeepSubscriptionOptions } from './kit/subscription-keeper.ts'
export { readTrust } from './kit/trust-store.ts'
export { createWebhookReceiver, type WebhookReceiver, type WebhookReceiverSettings } from './kit/webhook-receiver.ts'
export { createSimulatedArchive, type SimulatedArchive, type SimulatedArchiveSettings } from './simulated/archive.ts'
export { createSimulatedProfile, type SimulatedProfile, type SimulatedProfileSettings } from './simulated/profile.ts'
export type { Concluded } from './simulated/sender.ts'
