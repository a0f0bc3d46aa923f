import type { X509Certificate } from 'node:crypto'
import {
  type ArchiveChain,
  type ArchiveTimestamp,
  derOf,
  digestOfBytes,
  hashTogether,
  parseEvidenceRecord,
  sequenceTag,
} from './evidence-record.ts'
import { ProofError } from './proof-error.ts'
import { verifyTimestampOf } from './timestamp-verify.ts'

/** What an evidence record proves. */
export interface EvidenceTimes {
  /** Of each token, oldest first: the objects existed, just so, at the first of them. */
  readonly times: readonly Date[]
  /** How many of them began another hash tree. */
  readonly rehashed: number
  /** The last token leans on certificates until then: it must be renewed before. */
  readonly until: Date
}

/**
 * Verifies an evidence record (RFC 4998) over exactly these objects, one group: each hash tree leads from them to its
 * first token, each later token of a chain covers the one before, each later chain covers the objects and all chains
 * before it, under its own digest. Every token must have been given while the one before still held; whether the last
 * one still holds today is for the caller to say, by `until`.
 * @throws ProofError with the reason
 */
export function verifyEvidenceRecord(
  der: Uint8Array,
  objects: readonly Uint8Array[],
  authorities: readonly X509Certificate[],
): EvidenceTimes {
  const { chains } = parseEvidenceRecord(der)
  const times: Date[] = []
  let until: Date | undefined
  for (const [at, chain] of chains.entries()) {
    for (const { timestamp, root } of rootsOf(chain, groupOf(chain, chains.slice(0, at), objects))) {
      const { digest, token } = timestamp
      const { time, chain: certificates } = verifyTimestampOf(token, { digest, hash: root }, authorities)
      const last = times.at(-1)
      if (last !== undefined && time < last) throw new ProofError('a token is older than the one it renews')
      if (until !== undefined && time > until)
        throw new ProofError(`the evidence was renewed on ${time.toISOString()}, after ${until.toISOString()}`)
      times.push(time)
      until = earliestEnd(certificates)
    }
  }
  if (until === undefined) throw new ProofError('the evidence record is empty')
  return { times, rehashed: chains.length - 1, until }
}

/** Digests of the objects as the first list of a chain must hold them: with those of all chains before it, if any (section 5.2). */
function groupOf(
  { timestamps: [{ digest }] }: ArchiveChain,
  before: readonly ArchiveChain[],
  objects: readonly Uint8Array[],
): Buffer[] {
  if (objects.length === 0) throw new ProofError('there is nothing that the evidence record could be about')
  const hashes = objects.map((bytes) => digestOfBytes(digest, bytes))
  return before.length === 0 ? hashes : renewedGroup(digest, hashes, before)
}

/** Digest of each object put before the digest of the chains so far, and digested again. */
export function renewedGroup(
  digest: ArchiveTimestamp['digest'],
  hashes: readonly Uint8Array[],
  before: readonly Pick<ArchiveChain, 'der'>[],
): Buffer[] {
  const sofar = digestOfBytes(digest, derOf(sequenceTag, ...before.map(({ der }) => der)))
  return hashes.map((hash) => digestOfBytes(digest, hash, sofar))
}

interface Rooted {
  readonly timestamp: ArchiveTimestamp
  /** What the token must be over. */
  readonly root: Buffer
}

function rootsOf({ timestamps }: ArchiveChain, group: readonly Buffer[]): Rooted[] {
  return timestamps.map((timestamp, at) => {
    const { digest, lists } = timestamp
    const [lowest, ...others] = lists
    const renewed = timestamps[at - 1]
    if (renewed === undefined) {
      if (lowest === undefined || !isSameSet(lowest, group))
        throw new ProofError('the evidence record is about other objects')
    } else {
      const covered = digestOfBytes(digest, renewed.token)
      if (lowest === undefined) return { timestamp, root: covered }
      if (!lowest.some((hash) => hash.equals(covered)))
        throw new ProofError('a renewal does not cover the token before it')
    }
    const above = (root: Buffer, list: readonly Buffer[]): Buffer => hashTogether(digest, [...list, root])
    return { timestamp, root: others.reduce(above, hashTogether(digest, lowest)) }
  })
}

/** None missing and none besides: a hash of something else in the group would be a document nobody was shown. */
function isSameSet(list: readonly Buffer[], group: readonly Buffer[]): boolean {
  const sorted = (hashes: readonly Buffer[]): Buffer[] => hashes.toSorted((a, b) => Buffer.compare(a, b))
  return list.length === group.length && Buffer.concat(sorted(list)).equals(Buffer.concat(sorted(group)))
}

/** Until when all of them are valid. Certificate times have whole seconds and the last one counts. */
export function earliestEnd(certificates: readonly X509Certificate[]): Date {
  return new Date(Math.min(...certificates.map(({ validTo }) => Date.parse(validTo))) + 999)
}
