import { type CoveredFile, digestOfBytes } from '@socle/schemas'
import {
  keepEvidenceRecord,
  type Member,
  packMembers,
  readRecord,
  readRecordStarts,
} from '../store/evidence-records.ts'
import { readContent } from '../store/happenings.ts'
import type { EvidenceRecordRow } from '../store/database.ts'
import { readSealedFiles } from './evidence-record-files.ts'
import { type ArchiveHub, type Archived, stampRoot } from './evidence-record.ts'
import { type ChainRows, chainsOf, groupHash, nextGroup } from './evidence-record-parts.ts'
import { growTree, siblingsOf } from './evidence-record-tree.ts'

interface LastToken {
  readonly row: EvidenceRecordRow
  readonly members: number
  /** Digest of the token: what the renewal covers. */
  readonly hash: Buffer
}

/**
 * Renewal by timestamp (RFC 4998 section 5.2): one token over the last token of every record, those of one digest
 * together. For tokens whose certificates end. Each record is kept by itself: after a crash the same command does the
 * rest, and those that were renewed already once more.
 * @param day only the records of that day
 */
export async function renewByTimestamp(hub: ArchiveHub, day?: string): Promise<readonly Archived[]> {
  const { reader, writer } = hub.store
  const lasts: LastToken[] = []
  for (const first of await readRecordStarts(reader, day)) {
    const chain = chainsOf(await readRecord(reader, first)).at(-1)
    if (!chain) continue
    const row = chain.renewals.at(-1) ?? chain.tree
    lasts.push({ row, members: chain.members.length, hash: digestOfBytes(chain.digest, row.token) })
  }
  const archived: Archived[] = []
  for (const digest of ['sha256', 'sha512'] as const) {
    const together = lasts.filter(({ row }) => row.digest === digest)
    const [one] = together
    if (!one) continue
    const tree = growTree(
      digest,
      together.map(({ hash }) => hash),
    )
    const stamp = await stampRoot(hub, tree, Buffer.from(one.row.token))
    for (const [at, { row, members }] of together.entries()) {
      const path = Buffer.concat(siblingsOf(tree, at))
      await keepEvidenceRecord(writer, { ...row, link: row.link + 1, members: Buffer.alloc(0), path, ...stamp })
      archived.push({ day: row.day, documents: members, damaged: 0, until: new Date(stamp.until) })
    }
  }
  return archived
}

/**
 * Renewal by hash tree (section 5.2): SHA-512 over each document's files and all that its record holds so far, one token
 * a record. For the day when SHA-256 is no longer enough: the files must still be there to be read. Erased documents are
 * left out, and so are those whose bytes are no longer the ones received. Records under SHA-512 stay as they are.
 * @param day only the records of that day
 */
export async function renewByHash(hub: ArchiveHub, day?: string): Promise<readonly Archived[]> {
  const { reader } = hub.store
  const archived: Archived[] = []
  for (const first of await readRecordStarts(reader, day)) {
    const chains = chainsOf(await readRecord(reader, first))
    const renewed = chains.some(({ digest }) => digest === 'sha512') ? undefined : await rehash(hub, chains)
    if (renewed) archived.push(renewed)
  }
  return archived
}

async function rehash(hub: ArchiveHub, chains: readonly ChainRows[]): Promise<Archived | undefined> {
  const last = chains.at(-1)
  if (!last) return undefined
  const members: Member[] = []
  let damaged = 0
  let only: Buffer | undefined
  for (const { index, level } of last.members) {
    const files = await readGroup(hub, index, level)
    if (files === 'damaged') damaged++
    if (typeof files === 'string') continue
    const group = nextGroup('sha512', chains, index, files)
    only = Buffer.concat(group.toSorted((a, b) => Buffer.compare(a, b)))
    members.push({ index, level, hash: groupHash('sha512', group) })
  }
  if (members.length === 0) return undefined
  const tree = growTree(
    'sha512',
    members.map(({ hash }) => hash),
  )
  const stamp = await stampRoot(hub, tree, only)
  const { first, size, day, chain } = last.tree
  const place = { first, size, day, chain: chain + 1, link: 0, digest: 'sha512', path: Buffer.alloc(0) }
  await keepEvidenceRecord(hub.store.writer, { ...place, members: packMembers(first, members), ...stamp })
  return { day, documents: members.length, damaged, until: new Date(stamp.until) }
}

/** The four files as the container gives them, or why there is nothing to digest. */
async function readGroup(
  { store }: ArchiveHub,
  index: number,
  level: 'B' | 'T',
): Promise<readonly CoveredFile[] | 'erased' | 'damaged'> {
  const [sealed] = await readSealedFiles(store.reader, index, index + 1, 1)
  if (!sealed) return 'erased'
  const content = await readContent(store, sealed.id)
  if (!content?.whole) return 'damaged'
  return [{ name: sealed.name, bytes: content.bytes }, ...sealed.restAt(level)]
}
