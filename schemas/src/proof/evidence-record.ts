import { createHash } from 'node:crypto'
import { contextTag, type Der, encodeDer, members, octetsOf, oidOf, parseDer, sequence, smallIntegerOf } from './der.ts'
import { ProofError } from './proof-error.ts'
import { digestsByOid, type TimestampDigest } from './timestamp-content.ts'
import { tokenOf } from './timestamp-response.ts'

/** A hundred renewals have less. */
const maxBytes = 1_048_576
const maxTimestamps = 256
/** Deep enough for a tree over more documents than there are. */
const maxLists = 64
const maxHashesInList = 64

/** One token, and the way from what it covers up to its imprint (RFC 4998 section 4). */
export interface ArchiveTimestamp {
  readonly digest: TimestampDigest
  /** Reduced hash tree, lowest list first; none when the imprint is the digest of the one thing covered. */
  readonly lists: readonly (readonly Buffer[])[]
  /** DER of the token, a ContentInfo. */
  readonly token: Buffer
}

/** Timestamps of one hash tree, each over the token before it. */
export interface ArchiveChain {
  readonly timestamps: readonly [ArchiveTimestamp, ...ArchiveTimestamp[]]
  /** DER: what the first timestamp of the next chain covers too. */
  readonly der: Buffer
}

/** EvidenceRecord (RFC 4998 section 3), read and not yet verified. Chains oldest first, at least one. */
export interface EvidenceRecord {
  readonly chains: readonly ArchiveChain[]
}

/**
 * Reads an evidence record without cryptographic information, encryption or attributes: nothing signs those, and a hub
 * writes none.
 * @throws ProofError
 */
export function parseEvidenceRecord(der: Uint8Array): EvidenceRecord {
  const root = parseDer(der, maxBytes)
  const [version, announced, chainsNode, ...rest] = sequence(root, 'the evidence record')
  if (smallIntegerOf(version, 'its version') !== 1)
    throw new ProofError('the version of the evidence record is unknown')
  if (contextTag(chainsNode) !== undefined || rest.length > 0)
    throw new ProofError('the evidence record holds what nothing signs')
  const digests = sequence(announced, 'its digest algorithms').map((node) => digestIn(sequence(node, 'a digest')))
  const chains = sequence(chainsNode, 'its sequence of chains').map((node) => readChain(node))
  const timestamps = chains.flatMap((chain) => chain.timestamps)
  if (chains.length === 0 || timestamps.length > maxTimestamps)
    throw new ProofError(`the evidence record holds ${timestamps.length} timestamps`)
  const used = new Set(timestamps.map(({ digest }) => digest))
  if (digests.length !== used.size || !digests.every((digest) => used.delete(digest)))
    throw new ProofError('the evidence record announces other digest algorithms than it uses')
  return { chains }
}

function readChain(node: Der): ArchiveChain {
  const [first, ...others] = sequence(node, 'a chain of the evidence record').map((one) => readTimestamp(one))
  if (first === undefined) throw new ProofError('a chain of the evidence record is empty')
  if (others.some(({ digest }) => digest !== first.digest))
    throw new ProofError('a chain of the evidence record has two digest algorithms')
  return { timestamps: [first, ...others], der: encodeDer(node) }
}

/** ArchiveTimeStamp: digest algorithm [0], reduced hash tree [2] or none, token. */
function readTimestamp(node: Der): ArchiveTimestamp {
  const [algorithm, second, third, ...rest] = sequence(node, 'an archive timestamp')
  if (contextTag(algorithm) !== 0) throw new ProofError('an archive timestamp names no digest algorithm')
  const digest = digestIn(members(algorithm, 'a digest'))
  const token = third ?? second
  const tree = third === undefined ? undefined : second
  if (token === undefined || rest.length > 0 || (tree !== undefined && contextTag(tree) !== 2))
    throw new ProofError('an archive timestamp holds what nothing signs')
  const lists = tree === undefined ? [] : members(tree, 'a hash tree').map((list) => readList(list, digest))
  if (lists.length > maxLists || (tree !== undefined && lists.length === 0))
    throw new ProofError(`a hash tree has ${lists.length} levels`)
  return { digest, lists, token: encodeDer(token) }
}

function readList(node: Der, digest: TimestampDigest): Buffer[] {
  const hashes = sequence(node, 'a list of hashes').map((one) => octetsOf(one, 'a hash'))
  const bytes = digestBytes[digest]
  if (hashes.length === 0 || hashes.length > maxHashesInList || hashes.some(({ length }) => length !== bytes))
    throw new ProofError('a list of hashes is malformed')
  return hashes
}

function digestIn([algorithm, parameters, ...rest]: readonly Der[]): TimestampDigest {
  const empty = parameters === undefined || encodeDer(parameters).equals(Buffer.of(5, 0))
  const digest = digestsByOid[oidOf(algorithm, 'a digest algorithm')]
  if (digest === undefined || !empty || rest.length > 0)
    throw new ProofError('a digest algorithm is neither SHA-256 nor SHA-512')
  return digest
}

const digestBytes: Readonly<Record<TimestampDigest, number>> = { sha256: 32, sha512: 64 }

export function digestOfBytes(digest: TimestampDigest, ...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash(digest)
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** Digest of hashes put together in ascending order; a single one stands for itself (RFC 4998 section 4.2). */
export function hashTogether(digest: TimestampDigest, hashes: readonly Uint8Array[]): Buffer {
  const [only, ...others] = hashes
  if (only !== undefined && others.length === 0) return Buffer.from(only)
  return digestOfBytes(digest, ...hashes.toSorted((a, b) => Buffer.compare(a, b)))
}

/** DER of a constructed element around what is DER already. Tags up to 30. */
export function derOf(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  const size: number[] = []
  for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) size.unshift(rest % 256)
  const length = body.length < 0x80 ? [body.length] : [0x80 + size.length, ...size]
  return Buffer.concat([Buffer.of(tag, ...length), body])
}

export const sequenceTag = 0x30

/** The bare token of a timestamp response, as an evidence record holds it. @throws ProofError */
export function bareToken(response: Uint8Array): Buffer {
  return encodeDer(tokenOf(parseDer(response)))
}
