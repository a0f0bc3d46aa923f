import {
  type Checkpoint,
  createLeafClock,
  equalHashes,
  fromBase64,
  type Leaf,
  leafHash,
  openCheckpoint,
  parseLeaf,
  parseTlogProof,
  ProofError,
  rootFromPath,
  type Timestamp,
  type Trust,
  verifyTimestamp,
  withoutCosignatures,
} from '@socle/schemas'

/** Where the log has an entry. */
export interface Place {
  readonly leaf: Leaf
  readonly index: number
  readonly head: Checkpoint
  /** The signed note that closes the proof, verbatim. */
  readonly checkpoint: string
}

/** Judges places of entries and outside times over them; what it saw once (many entries share a checkpoint) it knows. */
export interface PlaceJudge {
  /** @throws ProofError when the trusted log does not hold that leaf there */
  place(leaf: string, tlogProof: string): Place
  /**
   * @param token RFC 3161 response over the checkpoint
   * @throws ProofError when the token does not hold, or is older than the leaf says it is itself
   */
  stamp(place: Place, token: Uint8Array): Timestamp
}

export function createPlaceJudge({ logs, timestampAuthorities }: Trust): PlaceJudge {
  const heads = new Map<string, Checkpoint>()
  const stamps = new Map<string, Timestamp>()
  const open = (checkpoint: string): Checkpoint => {
    const known = heads.get(checkpoint) ?? openCheckpoint(checkpoint, logs)
    heads.set(checkpoint, known)
    return known
  }
  const stamped = (checkpoint: string, token: Uint8Array): Timestamp => {
    const key = `${Buffer.from(token).toString('base64')} ${checkpoint}`
    const note = Buffer.from(withoutCosignatures(checkpoint))
    const known = stamps.get(key) ?? verifyTimestamp(token, note, timestampAuthorities)
    stamps.set(key, known)
    return known
  }
  return {
    place(text, tlogProof) {
      const leaf = parseLeaf(text)
      const { index, path, checkpoint } = parseTlogProof(tlogProof)
      const head = open(checkpoint)
      const hashes = path.map((hash) => fromBase64(hash, 32))
      const root = rootFromPath(leafHash(Buffer.from(text)), { index, size: head.size }, hashes)
      if (!equalHashes(root, head.root)) throw new ProofError('the path leads to another root')
      return { leaf, index, head, checkpoint }
    },
    stamp({ leaf, index, head, checkpoint }, token) {
      const stamp = stamped(checkpoint, token)
      checkLeafTime(leaf, { index, size: head.size }, stamp)
      return stamp
    },
  }
}

/**
 * An entry that an outside clock saw was there: its own time cannot be later (`clockToleranceMs` allowed).
 * @param size entries before this one were there when the clock looked
 * @throws ProofError
 */
export function checkLeafTime(leaf: Leaf, { index, size }: { index: number; size: number }, stamp: Timestamp): void {
  const reason = createLeafClock([{ ...stamp, index: size, size }]).check(index, Date.parse(leaf.at))
  if (reason !== undefined) throw new ProofError(reason)
}
