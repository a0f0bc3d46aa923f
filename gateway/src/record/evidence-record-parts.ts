import {
  type CoveredFile,
  digestOfBytes,
  evidenceManifestOf,
  hashTogether,
  renewedGroup,
  type TimestampDigest,
} from '@socle/schemas'
import type { EvidenceRecordRow, Reader } from '../store/database.ts'
import { type Member, readRecordOver, unpackMembers, unpackPath } from '../store/evidence-records.ts'
import { archiveChain, archiveTimestamp, evidenceRecord, listsOf, renewalLists } from './evidence-record-build.ts'
import { siblingsOf } from './evidence-record-tree.ts'
import { treeUnder } from './evidence-record-trees.ts'

/** What an evidence record says of one document. */
export interface Coverage {
  /** Of the signature in the container, for ever: the record is over it. */
  readonly level: 'B' | 'T'
  /** The two files for the container. @param files those of the group, as the container holds them */
  partsOver(files: readonly CoveredFile[]): { readonly manifest: string; readonly record: Buffer }
}

/** Undefined while no record is over that document: its day is not archived yet, or it was erased before. */
export async function readCoverage(reader: Reader, index: number): Promise<Coverage | undefined> {
  const chains = chainsOf(await readRecordOver(reader, index))
  const member = chains[0] && memberOf(chains[0], index)
  if (!member) return undefined
  return {
    level: member.level,
    partsOver: (files) => ({
      manifest: evidenceManifestOf(files),
      record: recordOver(chains, index, files),
    }),
  }
}

/** Rows of one hash tree: the tree, then the renewals of its token. */
export interface ChainRows {
  readonly digest: TimestampDigest
  readonly tree: EvidenceRecordRow
  readonly renewals: readonly EvidenceRecordRow[]
  readonly members: readonly Member[]
}

/** @param rows of one record, in order */
export function chainsOf(rows: readonly EvidenceRecordRow[]): readonly ChainRows[] {
  return rows
    .filter(({ link }) => link === 0)
    .map((tree) => ({
      digest: tree.digest === 'sha512' ? 'sha512' : 'sha256',
      tree,
      renewals: rows.filter(({ chain, link }) => chain === tree.chain && link > 0),
      members: unpackMembers(tree),
    }))
}

function memberOf({ members }: ChainRows, index: number): Member | undefined {
  return members.find((member) => member.index === index)
}

/** Of the chains that hold the document: one that was erased or damaged is in no later tree. */
function recordOver(chains: readonly ChainRows[], index: number, files: readonly CoveredFile[]): Buffer {
  const written = writtenChains(chains, index, files)
  return evidenceRecord(
    written.map(({ digest }) => digest),
    written.map(({ der }) => der),
  )
}

interface WrittenChain {
  readonly digest: TimestampDigest
  readonly der: Buffer
}

/** DER of each chain as it is for one document, oldest first. */
function writtenChains(chains: readonly ChainRows[], index: number, files: readonly CoveredFile[]): WrittenChain[] {
  const written: WrittenChain[] = []
  for (const chain of chains) {
    const at = chain.members.findIndex((member) => member.index === index)
    if (at === -1) break
    const group = groupIn(chain.digest, files, written)
    const tree = treeUnder(chain.tree.token, chain.digest, () => chain.members.map(({ hash }) => hash))
    const timestamps = [archiveTimestamp(chain.digest, listsOf(group, siblingsOf(tree, at)), chain.tree.token)]
    let renewed = chain.tree.token
    for (const renewal of chain.renewals) {
      const covered = digestOfBytes(chain.digest, renewed)
      timestamps.push(archiveTimestamp(chain.digest, renewalLists(covered, unpackPath(renewal)), renewal.token))
      renewed = renewal.token
    }
    written.push({ digest: chain.digest, der: archiveChain(timestamps) })
  }
  return written
}

/** Digests of the group's files; in a later hash tree each with that of all chains before it. */
function groupIn(
  digest: TimestampDigest,
  files: readonly CoveredFile[],
  before: readonly Pick<WrittenChain, 'der'>[],
): Buffer[] {
  const hashes = files.map(({ bytes }) => digestOfBytes(digest, bytes))
  return before.length === 0 ? hashes : renewedGroup(digest, hashes, before)
}

/** What stands for a document in the next hash tree. */
export function nextGroup(
  digest: TimestampDigest,
  chains: readonly ChainRows[],
  index: number,
  files: readonly CoveredFile[],
): Buffer[] {
  return groupIn(digest, files, writtenChains(chains, index, files))
}

export function groupHash(digest: TimestampDigest, group: readonly Uint8Array[]): Buffer {
  return hashTogether(digest, group)
}
