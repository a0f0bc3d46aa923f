import {
  commitmentOf,
  type Envelope,
  formatLeaf,
  fromBase64,
  jcsBytes,
  leafOf,
  ProofError,
  type Timestamp,
} from '@socle/schemas'
import { entryProofFormat, jsonText } from './container-layout.ts'
import type { Place, PlaceJudge } from './place-judge.ts'

/** As many as a receipt may have: an envelope is the only long part of either. */
const maxBytes = 1_048_576

/** An entry of the log that proved itself. */
export interface ProvedEntry extends Place {
  /** Undefined: the entry is there, what it says is withheld. */
  readonly envelope: Envelope | undefined
  /** Of the checkpoint; undefined without a token, or without an authority to judge it by. */
  readonly stamp: Timestamp | undefined
}

/**
 * Checks an entry proof: form, place in the trusted log, outside time, the log's key, and the envelope against the leaf.
 * @param withTime false when no timestamp authority is trusted
 * @throws ProofError with the reason
 */
export function checkEntryProof(bytes: Buffer, judge: PlaceJudge, withTime: boolean): ProvedEntry {
  const { envelope, salt, leaf, proof, timestamp } = parse(bytes)
  const place = judge.place(leaf, proof)
  const stamp = timestamp !== undefined && withTime ? judge.stamp(place, Buffer.from(fromBase64(timestamp))) : undefined
  judge.requireKey(place, stamp)
  if (envelope === undefined || salt === undefined) return { ...place, envelope: undefined, stamp }
  if (commitmentOf(fromBase64(salt, 16), jcsBytes(envelope)) !== place.leaf.commitment)
    throw new ProofError('the commitment differs')
  if (formatLeaf(leafOf(envelope, place.leaf.commitment)) !== leaf)
    throw new ProofError('the leaf differs from the envelope')
  return { ...place, envelope, stamp }
}

interface Parsed {
  readonly envelope: Envelope | undefined
  readonly salt: string | undefined
  readonly leaf: string
  readonly proof: string
  readonly timestamp: string | undefined
}

/** Unknown members are refused: nothing unproved may stand beside what is proved. */
function parse(bytes: Buffer): Parsed {
  if (bytes.length > maxBytes) throw new ProofError('the entry proof is larger than 1 MiB')
  const { format, envelope, salt, leaf, proof, timestamp, ...others } = objectIn(bytes)
  if (format !== entryProofFormat) throw new ProofError(`the format is not ${entryProofFormat}`)
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw new ProofError(`unknown member ${unknown.slice(0, 40)}`)
  if ((envelope === undefined) !== (salt === undefined)) throw new ProofError('envelope and salt go together')
  if (typeof leaf !== 'string' || typeof proof !== 'string') throw new ProofError('leaf or proof is missing')
  return { envelope: asEnvelope(envelope), salt: text(salt), leaf, proof, timestamp: text(timestamp) }
}

/** In exactly the text that is written: a member that stands twice would be read one way here and another way elsewhere. */
function objectIn(bytes: Buffer): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new ProofError('the entry proof is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ProofError('an object is expected')
  if (!Buffer.from(jsonText(value)).equals(bytes)) throw new ProofError('the entry proof is not as it was written')
  return { ...value }
}

/** Its members are covered by the commitment as they stand; those that are read are looked at by whoever reads them. */
function asEnvelope(value: unknown): Envelope | undefined {
  if (value === undefined) return undefined
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ProofError('the envelope is no object')
  return value as Envelope
}

function text(value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  throw new ProofError('a text is expected')
}
