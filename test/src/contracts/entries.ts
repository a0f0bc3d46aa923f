import { randomBytes, randomUUID } from 'node:crypto'
import type { NewEntry } from '@socle/gateway'

type Effect = NewEntry['effects'][number]

export interface EntryChoices {
  readonly kind?: NewEntry['kind']
  readonly id?: string
  readonly account?: string
  readonly key?: string
  /** Stands for the bytes sent under the key. */
  readonly sha256?: string
  readonly effects?: readonly Effect[]
}

/** An entry as the store takes it: it hashes the leaf and never reads it. */
export function anEntry(choices: EntryChoices = {}): NewEntry {
  const { kind = 'cfg', id = randomUUID(), account = 'profil-a', key, sha256 = 'aa', effects = [] } = choices
  const sealed = kind === 'doc' || kind === 'rej'
  return {
    id,
    kind,
    type: 'award',
    at: '2026-03-01T08:00:00.000Z',
    account,
    leaf: Buffer.from(`leaf of ${id}`),
    envelope: Buffer.from(`{"id":"${id}"}`),
    salt: randomBytes(16),
    ...(sealed ? { seal: randomBytes(40) } : {}),
    ...(key === undefined ? {} : { idempotency: { account, key, sha256 } }),
    effects,
  }
}

/** A document's rows beside its entry. */
export function documentEffect(content: string, consultation = 'consultation-1'): Effect {
  const row = {
    kind: 'award',
    account: 'profil-a',
    buyer: '21690123100011',
    consultation,
    sourceKey: 'source-1',
    format: 'decp-json',
    version: '2.0.4',
    name: 'document.json',
    mediaType: 'application/json',
    sha256: 'aa',
    content: Buffer.from(content),
  }
  return { write: 'document', row }
}
