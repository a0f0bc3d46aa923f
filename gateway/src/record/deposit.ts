import type { Examination } from '@socle/mappings'
import { type Envelope, type Finding, withoutPersonalValues } from '@socle/schemas'
import type { Caller } from '../authenticate/caller.ts'
import type { Hub } from '../hub.ts'
import type { Routing } from '../map/routing.ts'
import type { Incoming } from '../receive/incoming.ts'
import type { Statement } from './record.ts'

/** A deposit with everything the steps before learned of it. */
export interface Deposit {
  readonly caller: Caller
  readonly incoming: Incoming
  /** SHA-256 of the bytes. */
  readonly sha256: string
  /** SHA-256 of the whole request: kind, hints and bytes. */
  readonly fingerprint: string
  readonly examination: Examination
  readonly routing: Routing
  readonly findings: readonly Finding[]
}

type Needs = Pick<Hub, 'newId' | 'clock' | 'config'>

/** The document goes in the ledger with its bytes; findings that let it pass stay with it in the envelope. */
export function documentStatement(hub: Needs, deposit: Deposit): Statement {
  const { caller, incoming, sha256, examination, routing } = deposit
  const { format, version = '' } = examination
  const content = {
    name: fileNameOf(incoming.bytes),
    mediaType: incoming.mediaType,
    size: incoming.bytes.length,
    sha256,
  }
  const envelope: Envelope = {
    ...common(hub, 'doc', deposit),
    buyer: routing.buyer,
    consultation: routing.consultation,
    sourceKey: routing.sourceKey,
    content,
  }
  const row = {
    kind: incoming.kind,
    account: caller.account,
    buyer: routing.buyer,
    consultation: routing.consultation,
    sourceKey: routing.sourceKey,
    format,
    version,
    name: content.name,
    mediaType: content.mediaType,
    sha256,
    content: incoming.bytes,
  }
  return { envelope, idempotency: idempotencyOf(deposit), effects: [{ write: 'document', row }] }
}

/**
 * A refusal is a fact to prove too: who sent which bytes (by their hash), when, and every reason. The bytes themselves
 * stay with the sender: nothing of a refused document is kept or passed on.
 */
export function refusalStatement(hub: Needs, deposit: Deposit): Statement {
  const { incoming, sha256 } = deposit
  const content = {
    name: fileNameOf(incoming.bytes),
    mediaType: incoming.mediaType,
    size: incoming.bytes.length,
    sha256,
  }
  return { envelope: { ...common(hub, 'rej', deposit), content }, idempotency: idempotencyOf(deposit) }
}

/**
 * An envelope keeps this many findings and this many characters of them, rejections first; the answer to the sender has
 * them all, and with their values: what is personal does not go into the log. A receipt must stay small enough for any
 * verifier to read; and values are looked for in what is kept alone, which a document of many faults cannot make dear.
 */
const keptFindings = 200
const keptCharacters = 200_000

function worstOf(findings: readonly Finding[]): readonly Finding[] {
  const ordered = findings.length <= keptFindings ? findings : [...findings].sort((a, b) => weight(a) - weight(b))
  let room = keptCharacters
  return ordered.slice(0, keptFindings).filter((finding) => (room -= JSON.stringify(finding).length) >= 0)
}

function common(hub: Needs, kind: 'doc' | 'rej', { caller, incoming, examination, findings }: Deposit): Envelope {
  const { format, version } = examination
  const worst = withoutPersonalValues(worstOf(findings), examination.records[0]?.canonical)
  return {
    v: 1,
    id: hub.newId(),
    kind,
    type: incoming.kind,
    environment: hub.config.environment,
    at: hub.clock().toISOString(),
    account: caller.account,
    format: { name: format, ...(version === undefined ? {} : { version }) },
    ...(worst.length > 0 ? { findings: [...worst] } : {}),
  }
}

function weight({ severity }: Finding): number {
  return ['reject', 'warn', 'info'].indexOf(severity)
}

function idempotencyOf({ caller, incoming, fingerprint }: Deposit): { account: string; key: string; sha256: string } {
  return { account: caller.account, key: incoming.idempotencyKey, sha256: fingerprint }
}

/** Name of the document inside its evidence container: said by its first significant byte, never by the sender. */
function fileNameOf(bytes: Uint8Array): string {
  const first = bytes.find((byte) => byte > 0x20 && byte < 0x80)
  if (first === 0x3c) return 'document.xml'
  return first === 0x7b || first === 0x5b ? 'document.json' : 'document.bin'
}
