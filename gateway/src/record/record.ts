import { createHash } from 'node:crypto'
import { commitmentOf, type Envelope, jcs, leafText, manifestOf } from '@socle/schemas'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import type { Settled } from './batcher.ts'
import type { Effect, NewEntry } from './entry.ts'

type Needs = Pick<Hub, 'batcher' | 'sealer' | 'clock' | 'randomBytes' | 'recorded' | 'at'>

/** The operator has to act; a list that was renewed is read within 10 s. */
const sealRetrySeconds = 10

/** What one entry says: the envelope (opened by its salt) and the rows that go with it. */
export interface Statement {
  readonly envelope: Envelope
  readonly idempotency?: NewEntry['idempotency']
  readonly effects?: readonly Effect[]
}

/** A statement with everything that proves it except its number. */
export interface Sealed {
  readonly entry: NewEntry
  readonly envelope: Envelope
  readonly manifest: string
}

/**
 * Salts, seals and serialises. Documents and refusals carry a seal (CAdES over the manifest of their parts); the other
 * kinds are covered by the signed checkpoint alone.
 */
export async function seal(hub: Needs, statement: Statement): Promise<Sealed> {
  const { envelope } = statement
  const envelopeBytes = Buffer.from(jcs(envelope))
  const salt = hub.randomBytes(16)
  const sealed = envelope.kind === 'doc' || envelope.kind === 'rej'
  const refusal = sealed ? hub.sealer.refusal(new Date(envelope.at)) : undefined
  if (refusal) throw new HubError(refusal.code, { retryAfterSeconds: sealRetrySeconds })
  const manifest = sealed ? manifestOf(envelope, envelopeBytes) : ''
  const signature = sealed
    ? await hub.sealer.seal(createHash('sha256').update(manifest).digest(), new Date(envelope.at))
    : undefined
  const leaf = Buffer.from(leafText(envelope, commitmentOf(salt, envelopeBytes), signature))
  const entry: NewEntry = {
    id: envelope.id,
    kind: envelope.kind,
    type: envelope.type,
    at: envelope.at,
    ...(envelope.account === undefined ? {} : { account: envelope.account }),
    leaf,
    envelope: envelopeBytes,
    salt,
    ...(signature ? { seal: signature } : {}),
    ...(statement.idempotency ? { idempotency: statement.idempotency } : {}),
    effects: statement.effects ?? [],
  }
  return { entry, envelope, manifest }
}

/** Seals, joins the next group commit, and comes back when the entry is on disk. @throws as Batcher.append */
export async function record(hub: Needs, statement: Statement): Promise<Sealed & { readonly appended: Settled }> {
  const sealed = await seal(hub, statement)
  hub.at('sealed')
  const appended = await hub.batcher.append(sealed.entry)
  hub.at('recorded')
  if (appended.result === 'recorded') hub.recorded.notify()
  return { ...sealed, appended }
}
