import type { Envelope } from '../generated/types.ts'
import { fromBase64, toBase64 } from './base64.ts'
import type { Checkpoint } from './checkpoint.ts'
import { jcsBytes } from './jcs.ts'
import { commitmentOf, parseLeaf } from './leaf.ts'
import { makeVkey, type NoteVerifier } from './note.ts'
import { ProofError } from './proof-error.ts'

/** An entry of kind `shard` with what opens it. The leaf is as its log has it: that is for the caller to know. */
export interface ShardEntry {
  readonly leaf: Uint8Array
  readonly envelope: Envelope
  /** Base64. */
  readonly salt: string
}

/** Two half-year logs, each verified by itself already. */
export interface Neighbours {
  /** The older one: its last checkpoint, and the last entry under it. */
  readonly ended: { readonly head: Checkpoint; readonly last: ShardEntry }
  /** The newer one: key and first entry. */
  readonly begun: { readonly key: NoteVerifier; readonly first: ShardEntry }
}

/**
 * Whether the newer log goes on where the older one ended: the older one's last entry names the newer log and its key, and
 * the newer one's first entry names the older one's last checkpoint. Each was signed with its own log's key, so that neither
 * can have been given another neighbour later.
 * @throws ProofError with the reason
 */
export function checkShardLink({ ended, begun }: Neighbours): void {
  const end = opened(ended.last, 'end')
  const start = opened(begun.first, 'start')
  const { name, publicKey } = begun.key
  if (end.origin !== name || end.vkey !== makeVkey(name, publicKey))
    throw new ProofError(`the log ${ended.head.origin} was handed over to ${end.origin}, or to another key`)
  const { origin, size, root } = ended.head
  if (start.origin !== origin) throw new ProofError(`the log ${name} follows ${start.origin}`)
  if (start.size !== size || start.root !== toBase64(root))
    throw new ProofError(`the log ${name} follows another end of ${origin}, of ${start.size ?? 0} entries`)
}

function opened({ leaf, envelope, salt }: ShardEntry, type: 'start' | 'end'): NonNullable<Envelope['shard']> {
  const { commitment, kind } = parseLeaf(Buffer.from(leaf).toString('utf8'))
  if (kind !== 'shard' || commitment !== commitmentOf(fromBase64(salt, 16), jcsBytes(envelope)))
    throw new ProofError(`the entry is not the ${type} of a log, or another envelope's`)
  if (envelope.type !== type || envelope.shard === undefined)
    throw new ProofError(`the entry is not the ${type} of a log`)
  return envelope.shard
}
