import {
  type Checkpoint,
  checkLogKeyAt,
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
  type OutsideTime,
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
  /**
   * Whether the log key under that place counts, as the signed list of keys says; without a list nothing is asked.
   * @param stamp over the checkpoint; undefined: nothing outside proves when it was there
   * @throws ProofError when the key was revoked, and no outside time proves that the checkpoint was there before
   */
  requireKey(place: Pick<Place, 'checkpoint'>, stamp: OutsideTime | undefined): void
  /** Takes one more checkpoint into account for `forks`. One that no trusted key signed says nothing. */
  see(checkpoint: string): void
  /** Sizes for which the log signed two roots, of all that was seen. */
  forks(): readonly number[]
}

export function createPlaceJudge(trust: Trust): PlaceJudge {
  const { logs, timestampAuthorities } = trust
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
    requireKey: ({ checkpoint }, stamp) => requireLogKey(checkpoint, trust, stamp),
    see(checkpoint) {
      try {
        open(checkpoint)
      } catch {
        // Whoever judges that checkpoint says why.
      }
    },
    forks: () => forksOf([...heads.values()]),
  }
}

function forksOf(heads: readonly Checkpoint[]): readonly number[] {
  const roots = new Map<string, Checkpoint>()
  const sizes = new Set<number>()
  for (const head of heads) {
    const place = `${head.size} ${head.origin}`
    const known = roots.get(place) ?? head
    roots.set(place, known)
    if (!equalHashes(known.root, head.root)) sizes.add(head.size)
  }
  return [...sizes]
}

/** The latest moment that a token gives. It may claim any accuracy: beyond the last date there is nothing to say. */
export function latestOf({ time, accuracyMs }: OutsideTime): Date {
  return new Date(Math.min(time.getTime() + accuracyMs, 8.64e15))
}

/**
 * Whether the log key that signed a checkpoint counts, as the signed list of keys says; without a list nothing is asked.
 * @param stamp of a verified token over the checkpoint; undefined: nothing outside proves when it was there
 * @throws ProofError
 */
export function requireLogKey(checkpoint: string, { keys, logs }: Trust, stamp: OutsideTime | undefined): void {
  if (keys !== undefined) checkLogKeyAt(keys, checkpoint, logs, stamp && latestOf(stamp))
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
