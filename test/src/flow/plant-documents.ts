import { createHash, randomBytes } from 'node:crypto'
import type { NewEntry } from '@socle/gateway'
import { commitmentOf, type Envelope, jcsBytes, type Kind, leafText, manifestOf } from '@socle/schemas'
import { buyerSiret } from '../support/award.ts'
import type { TestHub } from '../support/hub.ts'

export interface Planted {
  readonly consultation: string
  readonly count: number
  /** Of each document. */
  readonly bytes: number
  /** `award` unless told. */
  readonly kind?: Kind
  readonly buyer?: string
  /** Stands where the seal should be. */
  readonly damagedSeal?: Buffer
}

/**
 * Sealed documents in the ledger without the judgement of each, which would take minutes for hundreds of megabytes. What
 * is recorded of them is what a deposit records.
 */
export async function plantDocuments(
  { hub }: Pick<TestHub, 'hub'>,
  { count, bytes, ...others }: Planted,
): Promise<void> {
  for (let from = 0; from < count; from += 10) {
    const batch = Array.from({ length: Math.min(10, count - from) }, async (_, at) => {
      const content = Buffer.alloc(bytes, randomBytes(1_024))
      return await documentEntry({ hub }, { ...others, content, sourceKey: `P-${from + at}` })
    })
    await hub.store.append(await Promise.all(batch))
  }
}

interface Plant extends Omit<Planted, 'count' | 'bytes'> {
  readonly content: Buffer
  readonly sourceKey: string
}

async function documentEntry(
  { hub }: Pick<TestHub, 'hub'>,
  { consultation, content, sourceKey, kind = 'award', buyer = buyerSiret, damagedSeal }: Plant,
): Promise<NewEntry> {
  const at = hub.clock().toISOString()
  const sha256 = createHash('sha256').update(content).digest('hex')
  const name = 'document.bin'
  const mediaType = 'application/octet-stream'
  const envelope: Envelope = {
    v: 1,
    id: hub.newId(),
    kind: 'doc',
    type: kind,
    environment: 'sandbox',
    at,
    account: 'profil-a',
    buyer,
    consultation,
    sourceKey,
    content: { name, mediaType, size: content.length, sha256 },
  }
  const salt = randomBytes(16)
  const manifest = createHash('sha256').update(manifestOf(envelope)).digest()
  const seal = damagedSeal ?? (await hub.sealer.seal(manifest, new Date(at)))
  const others = { kind, account: 'profil-a', buyer, format: 'decp-json', version: '2.0.4' }
  const row = { ...others, consultation, sourceKey, name, mediaType, sha256, content }
  return {
    id: envelope.id,
    kind: 'doc',
    type: kind,
    at,
    account: 'profil-a',
    leaf: Buffer.from(leafText(envelope, commitmentOf(salt, jcsBytes(envelope)), seal)),
    envelope: jcsBytes(envelope),
    salt,
    seal,
    effects: [{ write: 'document', row }],
  }
}

/** An entry that delivers several documents to one recipient, as the feed wrote them before it told their readers apart. */
export async function plantDelivery(
  { hub }: Pick<TestHub, 'hub'>,
  recipient: string,
  documents: readonly string[],
): Promise<void> {
  const at = hub.clock().toISOString()
  const delivery = { recipient, channel: 'feed' as const, documents: [...documents] }
  const envelope: Envelope = {
    v: 1,
    id: hub.newId(),
    kind: 'dlv',
    type: 'feed',
    environment: 'sandbox',
    at,
    account: recipient,
    delivery,
  }
  const salt = randomBytes(16)
  const bytes = jcsBytes(envelope)
  await hub.store.append([
    {
      id: envelope.id,
      kind: 'dlv',
      type: 'feed',
      at,
      account: recipient,
      leaf: Buffer.from(leafText(envelope, commitmentOf(salt, bytes))),
      envelope: bytes,
      salt,
      effects: [{ write: 'delivery', ...delivery }],
    },
  ])
}
