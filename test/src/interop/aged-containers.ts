import { archiveNext, renewByHash, renewByTimestamp, stampNow } from '@socle/gateway'
import { notice } from '../flow/documents.ts'
import { join } from '../flow/party.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'
import { switchedClock } from './make-container.ts'

const dayMs = 86_400_000

/** A container at one time of its life. */
export interface AgedContainer {
  readonly what: 'alone' | 'archived' | 'renewed by timestamp' | 'renewed by hash tree'
  readonly level: 'B' | 'T'
  /** Name of its document. */
  readonly document: string
  /** Tokens of its evidence record. */
  readonly tokens: number
  readonly bytes: Buffer
}

/**
 * Two documents, one with a seal token and one without, over four months that a hub lives through in a moment: exported,
 * archived, renewed by a timestamp, renewed by a hash tree under SHA-512. The last day is yesterday at the earliest.
 * @param keys the hub's key directory; its certificates must be good for the four months
 */
export async function makeAgedContainers(keys: string, from: Date): Promise<readonly AgedContainer[]> {
  let now = from.getTime()
  const clock = switchedClock()
  await using hub = await startHub(
    { clock: () => new Date(now), timestamps: clock.authority },
    { env: { HUB_KEYS_DIR: keys, HUB_TIMESTAMP_EVERY: '14400', HUB_SEAL_TIMESTAMPS: 'urgent' } },
  )
  clock.follow(hub)
  const sender = await join(hub, 'profil-a', { buyers: [buyerSiret] })
  const timed = await sender.sent('notice', notice)
  // Dates of an award must be before the hub's clock.
  const plain = await sender.sent('award', anAward().replaceAll('2026-', '2025-'))
  await stampNow(hub.hub)

  const made: AgedContainer[] = []
  const exportBoth = async (what: AgedContainer['what'], tokens: number): Promise<void> => {
    // Its token has ended meanwhile.
    const reader = await join(hub, `profil-${made.length}`, { buyers: [buyerSiret] })
    for (const [level, { id, envelope }] of [['T', timed] as const, ['B', plain] as const]) {
      clock.isAway = level === 'B' && what === 'alone'
      const { status, bytes } = await reader.ask(`/v1/documents/${id}/evidence`)
      if (status !== 200) throw new Error(`HTTP ${status} for the evidence of ${id}`)
      made.push({ what, level, tokens, bytes, document: envelope.content?.name ?? '' })
    }
    clock.isAway = false
  }
  await exportBoth('alone', 0)
  now += 2 * dayMs
  await archiveNext(hub.hub, '9999-12-31')
  await exportBoth('archived', 1)
  now += 30 * dayMs
  await renewByTimestamp(hub.hub)
  await exportBoth('renewed by timestamp', 2)
  now += 30 * dayMs
  await renewByHash(hub.hub)
  await exportBoth('renewed by hash tree', 3)
  return made
}
