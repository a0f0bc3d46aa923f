import type { Envelope } from '@socle/schemas'
import type { Hub } from '../hub.ts'
import { readKeyEntries } from '../store/key-entries.ts'

/** What one entry of the log says of a key. */
export interface KeyEvent {
  readonly type: 'key-added' | 'seal-rotated' | 'key-revoked'
  readonly key: NonNullable<Envelope['key']>
}

/** Entries of the log about keys, as last looked at: the same for every replica. */
export interface KeyLog {
  /** In the order of the log. */
  readonly events: readonly KeyEvent[]
  /** Reads what came since the last look. Rejects when the store does not answer; what was known stays. */
  look(): Promise<void>
}

export function createKeyLog({ store }: Pick<Hub, 'store'>): KeyLog {
  const events: KeyEvent[] = []
  let next = 0
  let looking: Promise<void> | undefined
  async function readOn(): Promise<void> {
    for (const { idx, type, envelope } of await readKeyEntries(store.reader, next)) {
      const { key } = JSON.parse(Buffer.from(envelope).toString('utf8')) as Envelope
      if (key && isType(type)) events.push({ type, key })
      next = idx + 1
    }
  }
  return {
    events,
    async look() {
      // One reading at a time: two would add the same entry twice.
      looking ??= readOn().finally(() => (looking = undefined))
      await looking
    },
  }
}

function isType(type: string): type is KeyEvent['type'] {
  return ['key-added', 'seal-rotated', 'key-revoked'].includes(type)
}

/** Since when, and why, a key no longer counts; undefined: it does. */
export function revocationOf(events: readonly KeyEvent[], sha256: string): KeyEvent['key'] | undefined {
  return events.find(({ type, key }) => type === 'key-revoked' && key.sha256 === sha256)?.key
}

/** The seal key that the log says signs at a moment; undefined: it says nothing of seals up to then. */
export function sealKeyAt(events: readonly KeyEvent[], at: Date): string | undefined {
  const rotations = events.filter(({ type }) => type === 'seal-rotated')
  const due = rotations.findLast(({ key }) => Date.parse(key.from ?? '') <= at.getTime())
  // Before the first rotation it is the one that it will replace.
  return due?.key.sha256 ?? rotations[0]?.key.replaces
}
