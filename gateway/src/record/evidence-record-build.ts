import { derOf, sequenceTag, type TimestampDigest } from '@socle/schemas'
import { octets, oid, toDer } from '../keys/der-build.ts'
import { digestOids } from '../keys/timestamp-request.ts'

const contextTag = (number: number): number => 0xa0 + number

/** ArchiveTimeStamp (RFC 4998 section 4.1): digest algorithm, hash lists when there are any, bare token. */
export function archiveTimestamp(
  digest: TimestampDigest,
  lists: readonly (readonly Uint8Array[])[],
  token: Uint8Array,
): Buffer {
  const tree = lists.map((list) => derOf(sequenceTag, ...list.map((hash) => toDer(octets(hash)))))
  return derOf(
    sequenceTag,
    derOf(contextTag(0), toDer(oid(digestOids[digest]))),
    ...(tree.length > 0 ? [derOf(contextTag(2), ...tree)] : []),
    token,
  )
}

/** ArchiveTimeStampChain: a timestamp and its renewals. */
export function archiveChain(timestamps: readonly Uint8Array[]): Buffer {
  return derOf(sequenceTag, ...timestamps)
}

/** EvidenceRecord of chains, oldest first. */
export function evidenceRecord(digests: readonly TimestampDigest[], chains: readonly Uint8Array[]): Buffer {
  const version = Buffer.of(2, 1, 1)
  const announced = [...new Set(digests)].map((digest) => derOf(sequenceTag, toDer(oid(digestOids[digest]))))
  return derOf(sequenceTag, version, derOf(sequenceTag, ...announced), derOf(sequenceTag, ...chains))
}

/** Lists of a document's own chain: its group in order, then what stands beside its way up. */
export function listsOf(group: readonly Uint8Array[], siblings: readonly Uint8Array[]): readonly Uint8Array[][] {
  const sorted = group.toSorted((a, b) => Buffer.compare(a, b))
  return [sorted, ...siblings.map((sibling) => [sibling])]
}

/** Lists of a renewal: none when its token is over the one before alone, else the digest of that one, and its way up. */
export function renewalLists(covered: Uint8Array, siblings: readonly Uint8Array[]): readonly Uint8Array[][] {
  const [beside, ...others] = siblings
  if (beside === undefined) return []
  return [[covered, beside], ...others.map((sibling) => [sibling])]
}
