import { join } from 'node:path'
import type { Finding, Receipt } from '@socle/schemas'
import type { Tell } from '../kit/connector.ts'
import type { HubClient } from '../kit/hub-client.ts'
import { HubClientError } from '../kit/hub-client-error.ts'
import { openOutbox } from '../kit/outbox.ts'
import type { Deposit } from '../kit/outbox-file.ts'
import type { ReceiptStore } from '../kit/receipt-store.ts'

/** What became of a document: the receipt says so, and is kept. */
export interface Concluded {
  readonly state: 'accepted' | 'refused'
  readonly receipt: Receipt
  readonly findings: readonly Finding[]
}

export interface Sender {
  /**
   * Resolves when the hub has accepted or refused the document. It is on disk long before: after a crash the next start
   * sends it, and asking again for the same document gives the same end.
   * @throws HubClientError when the document was set aside, or ABORTED when the sender stopped before the end
   */
  send(deposit: Deposit): Promise<Concluded>
  /** Sends until the signal. Rejects when no deposit can go (a wrong secret). */
  run(): Promise<void>
}

interface Waiting {
  readonly resolve: (concluded: Concluded) => void
  readonly reject: (error: unknown) => void
}

export interface SenderSettings {
  readonly directory: string
  readonly client: HubClient
  readonly receipts: ReceiptStore
  readonly signal: AbortSignal
  readonly tell: Tell
}

/** The outbox of a profile, with an answer for whoever waits. */
export async function createSender({ directory, client, receipts, signal, tell }: SenderSettings): Promise<Sender> {
  const waiting = new Map<string, Waiting[]>()
  const settle = (key: string, end: (one: Waiting) => void): void => {
    for (const one of waiting.get(key) ?? []) end(one)
    waiting.delete(key)
  }
  const outbox = await openOutbox({
    directory: join(directory, 'outbox'),
    client,
    receipts,
    tell,
    async onResult({ key }, submission) {
      const findings = submission.state === 'refused' ? submission.findings : undefined
      settle(key, ({ resolve }) => resolve(concludedOf(submission.receipt, findings)))
    },
    onBlocked(key, error) {
      if (key !== undefined) settle(key, ({ reject }) => reject(error))
    },
  })
  const stopAll = (error: unknown): void => {
    for (const key of waiting.keys()) settle(key, ({ reject }) => reject(error))
  }
  return {
    async send(deposit) {
      if (signal.aborted) throw new HubClientError('ABORTED')
      const key = await outbox.add(deposit)
      return await new Promise<Concluded>((resolve, reject) => {
        waiting.set(key, [...(waiting.get(key) ?? []), { resolve, reject }])
        // The outbox may have concluded between `add` and here, or before this process started.
        receipts.find(key).then((kept) => {
          if (kept) settle(key, ({ resolve }) => resolve(concludedOf(kept.receipt, undefined)))
        }, reject)
      })
    },
    async run() {
      try {
        await outbox.run(signal)
        stopAll(new HubClientError('ABORTED', { reason: 'the deposit is on disk and goes at the next start' }))
      } catch (error) {
        stopAll(error)
        throw error
      }
    },
  }
}

function concludedOf(receipt: Receipt, findings: readonly Finding[] | undefined): Concluded {
  const state = receipt.state === 'recorded' ? 'accepted' : 'refused'
  return { state, receipt, findings: findings ?? receipt.envelope.findings ?? [] }
}
