import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { realSurroundings, type Sleep, type Tell } from './connector.ts'
import { moveDurably, openDirectory, readIfThere, removeDurably, writeDurably } from './durable-file.ts'
import type { HubClient } from './hub-client.ts'
import { HubClientError } from './hub-client-error.ts'
import { type Deposit, formatDeposit, type KeyedDeposit, parseDeposit } from './outbox-file.ts'
import type { ReceiptStore } from './receipt-store.ts'
import { backOff } from './retry.ts'
import { keyFor, type Submission } from './submit.ts'

export interface OutboxSettings {
  readonly directory: string
  readonly client: Pick<HubClient, 'submit'>
  readonly receipts: ReceiptStore
  /** Called once a deposit is accepted or refused and its receipt kept; may be called again after a crash. */
  readonly onResult?: (deposit: KeyedDeposit, submission: Submission) => Promise<void>
  /** Called when a deposit is set aside. */
  readonly onBlocked?: (key: string | undefined, error: HubClientError) => void
  readonly tell?: Tell
  readonly sleep?: Sleep
}

/**
 * Deposits that survive the connector. `add` makes bytes and key durable before the first try; the file goes when the
 * receipt is kept. Whatever dies in between, the next start sends the same bytes under the same key: once in effect.
 */
export interface Outbox {
  /** Resolves once the deposit is on disk. Gives its key. @throws HubClientError KEY_REUSED: the key waits with other bytes */
  add(deposit: Deposit): Promise<string>
  /**
   * Sends what waits, one at a time, in the order added. Stops at a failure that time may cure (`left` tells how many
   * still wait). A deposit that no repetition can cure is set aside in `blocked/`, told, and the next one is sent.
   */
  flush(signal?: AbortSignal): Promise<{ readonly sent: number; readonly blocked: number; readonly left: number }>
  /** Flushes now, at each `add`, and again after each failure, until the signal. */
  run(signal: AbortSignal): Promise<void>
  /** Puts what was set aside back in the queue, once its cause is mended. Gives how many. */
  unblock(): Promise<number>
}

const firstWaitMs = 1_000
const longestWaitMs = 60_000

export async function openOutbox(settings: OutboxSettings): Promise<Outbox> {
  const { directory, sleep = realSurroundings.sleep } = settings
  const blockedDirectory = join(directory, 'blocked')
  await openDirectory(directory)
  await openDirectory(blockedDirectory)
  let last = numberOf([...(await waiting(directory)), ...(await waiting(blockedDirectory))].sort().at(-1))
  const nextName = (mark: string): string => `${String((last += 1)).padStart(12, '0')}-${mark}.deposit`
  const one = oneAtATime()
  let wake = (): void => undefined

  const flush: Outbox['flush'] = async (signal) => await one(async () => await flushAll(settings, signal))
  return {
    add: async (deposit) =>
      await one(async () => {
        const keyed = { ...deposit, key: deposit.key ?? keyFor(deposit.kind, deposit.bytes) }
        if (!(await isThere(settings, keyed)))
          await writeDurably(join(directory, nextName(markOf(keyed.key))), formatDeposit(keyed))
        wake()
        return keyed.key
      }),
    flush,
    async run(signal) {
      for (let failures = 0; !signal.aborted;) {
        const added = new AbortController()
        wake = () => added.abort()
        const { left } = await flush(signal)
        failures = left === 0 ? 0 : failures + 1
        const waitMs = failures === 0 ? longestWaitMs : backOff(failures, firstWaitMs, longestWaitMs)
        await sleep(waitMs, failures === 0 ? AbortSignal.any([signal, added.signal]) : signal)
      }
    },
    unblock: async () =>
      await one(async () => {
        const names = await waiting(blockedDirectory)
        for (const name of names)
          await moveDurably(join(blockedDirectory, name), join(directory, nextName(name.slice(13, 29))))
        return names.length
      }),
  }
}

/** True when the deposit waits already, was set aside, or was concluded: then adding it is done. */
async function isThere({ directory, receipts }: OutboxSettings, deposit: KeyedDeposit): Promise<boolean> {
  const { key, kind, bytes } = deposit
  const concluded = await receipts.find(key)
  if (concluded) {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    if (concluded.kind === kind && concluded.receipt.envelope.content?.sha256 === sha256) return true
    throw new HubClientError('KEY_REUSED', { reason: `receipt ${concluded.receipt.id} answers this key` })
  }
  const mark = markOf(key)
  for (const place of [directory, join(directory, 'blocked')])
    for (const name of (await waiting(place)).filter((name) => name.includes(mark))) {
      const other = await read(place, name)
      if (other?.key !== key) continue
      if (other.kind === kind && Buffer.compare(other.bytes, bytes) === 0) return true
      throw new HubClientError('KEY_REUSED', { reason: `deposit ${name} waits under this key` })
    }
  return false
}

/** Part of the file's name, so that a key is looked for without opening every deposit. */
function markOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16)
}

async function flushAll(
  settings: OutboxSettings,
  signal: AbortSignal | undefined,
): Promise<Awaited<ReturnType<Outbox['flush']>>> {
  const names = await waiting(settings.directory)
  let sent = 0
  let blocked = 0
  for (const name of names) {
    const end = signal?.aborted === true ? 'later' : await send(settings, name, signal)
    if (end === 'later') break
    if (end === 'sent') sent += 1
    else blocked += 1
  }
  return { sent, blocked, left: names.length - sent - blocked }
}

async function send(
  settings: OutboxSettings,
  name: string,
  signal: AbortSignal | undefined,
): Promise<'sent' | 'blocked' | 'later'> {
  const { directory, client, receipts, onResult, tell } = settings
  let deposit: KeyedDeposit | undefined
  try {
    deposit = await read(directory, name)
    if (!deposit) return 'sent'
    const { kind, bytes, ...options } = deposit
    const submission = await client.submit(kind, bytes, { ...options, ...(signal ? { signal } : {}) })
    await receipts.put({ key: deposit.key, kind, receipt: submission.receipt })
    await onResult?.(deposit, submission)
    // Last: a crash before this sends again and gets the same receipt.
    await removeDurably(join(directory, name))
    tell?.('deposit-concluded', { key: deposit.key, state: submission.state, id: submission.receipt.id })
    return 'sent'
  } catch (error) {
    if (!(error instanceof HubClientError)) throw error
    tell?.('deposit-failed', { deposit: name, code: error.code, reason: error.message })
    if (error.curable || error.code === 'ABORTED') return 'later'
    // A wrong secret or address concerns every deposit: none of them is set aside for it.
    if (concernsAll.includes(error.code)) throw error
    await moveDurably(join(directory, name), join(directory, 'blocked', name))
    settings.onBlocked?.(deposit?.key, error)
    return 'blocked'
  }
}

const concernsAll: readonly string[] = ['UNAUTHORIZED', 'WRONG_ENVIRONMENT', 'ANSWER_INVALID']

async function read(directory: string, name: string): Promise<KeyedDeposit | undefined> {
  const file = await readIfThere(join(directory, name))
  return file ? parseDeposit(file, name) : undefined
}

async function waiting(directory: string): Promise<readonly string[]> {
  return (await readdir(directory)).filter((name) => name.endsWith('.deposit')).sort()
}

function numberOf(name: string | undefined): number {
  return Number.parseInt(name ?? '0', 10) || 0
}

/** Runs pieces of work one after the other, whoever asks. */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let before: Promise<unknown> = Promise.resolve()
  return async (work) => {
    const mine = before.then(work, work)
    before = mine.catch(() => undefined)
    return await mine
  }
}
