import {
  bareToken,
  digestOfBytes,
  earliestEnd,
  parseCertificates,
  type TimestampDigest,
  verifyTimestampOf,
} from '@socle/schemas'
import type { Hub } from '../hub.ts'
import { keepEvidenceRecord, type Member, packMembers, readArchivedSize } from '../store/evidence-records.ts'
import { readSealedFiles, type SealedFiles } from './evidence-record-files.ts'
import { groupHash } from './evidence-record-parts.ts'
import { timeSeals } from './evidence-record-seals.ts'
import { type EvidenceTree, growTree, preimageOf, rootOf } from './evidence-record-tree.ts'

export type ArchiveHub = Pick<Hub, 'config' | 'store' | 'keys' | 'timestamps' | 'clock' | 'continuity' | 'events'>

/** What was archived, or renewed, under one token. */
export interface Archived {
  /** 2026-11-24, UTC. */
  readonly day: string
  readonly documents: number
  /** Left out: their bytes are no longer those received. */
  readonly damaged: number
  readonly until: Date
}

const dayMs = 86_400_000
/** Late replicas may still date an entry on the day before. */
const marginMs = 600_000
/** Documents a record: its tree is computed again for each export (70 ms), and a day with more has several records. */
const mostMembers = 10_000
const pageRows = 500

/**
 * Archives the oldest day that is over and not archived yet: a hash tree over its documents' files, one token over the
 * root. A crash before the row is kept costs a token; two processes keep one row. The record is over each seal as it is by
 * then, for ever: those that lack their timestamp get it first (`HUB_SEAL_TIMESTAMPS`), and without it the day waits.
 * @param lastDay the latest day to take: 2026-11-24
 * @param most documents of a record; whole pages of 500
 * @param goesOn asked between questions to the authority, of which a day has as many as documents
 * @returns undefined when there is none, or it goes on no longer
 * @throws HubError LEDGER_BEHIND: entries of that day may be missing
 * @throws Error when no good token can be had
 */
export async function archiveNext(
  hub: ArchiveHub,
  lastDay: string,
  most: number = mostMembers,
  goesOn: () => boolean = () => true,
): Promise<Archived | undefined> {
  hub.continuity.requireWhole()
  const { reader, writer } = hub.store
  const span = await nextSpan(hub, lastDay)
  if (!span) return undefined
  const { first, day } = span
  const members: Member[] = []
  let only: Buffer | undefined
  let from = first
  let size = span.size
  for (;;) {
    await timeSeals(hub, await readSealedFiles(reader, from, span.size, pageRows), goesOn)
    if (!goesOn()) return undefined
    const page = await readSealedFiles(reader, from, span.size, pageRows)
    for (const files of page) {
      const group = groupOf(files)
      only = Buffer.concat(group.toSorted((a, b) => Buffer.compare(a, b)))
      members.push({ index: files.index, level: files.level, hash: groupHash('sha256', group) })
    }
    from = (page.at(-1)?.index ?? span.size) + 1
    if (page.length < pageRows) break
    if (members.length >= most) {
      size = from
      break
    }
  }
  const tree = growTree(
    'sha256',
    members.map(({ hash }) => hash),
  )
  const stamp = await stampRoot(hub, tree, only)
  await keepEvidenceRecord(writer, {
    first,
    chain: 0,
    link: 0,
    size,
    day,
    digest: 'sha256',
    members: packMembers(first, members),
    path: Buffer.alloc(0),
    ...stamp,
  })
  return { day, documents: members.length, damaged: 0, until: new Date(stamp.until) }
}

/** The digest of the bytes was taken when they came; that of the other files is taken now. */
function groupOf({ sha256, level, restAt }: SealedFiles): Buffer[] {
  return [Buffer.from(sha256, 'hex'), ...restAt(level).map(({ bytes }) => digestOfBytes('sha256', bytes))]
}

/** Entries from the first document that no record covers to the end of its day, once that is over. */
async function nextSpan(
  { store: { reader }, clock }: ArchiveHub,
  lastDay: string,
): Promise<{ readonly first: number; readonly size: number; readonly day: string } | undefined> {
  const oldest = await reader
    .selectFrom('documents')
    .innerJoin('entries', 'entries.idx', 'documents.idx')
    .select(['documents.idx', 'entries.at'])
    .where('documents.idx', '>=', await readArchivedSize(reader))
    .where('entries.seal', 'is not', null)
    .orderBy('documents.idx')
    .limit(1)
    .executeTakeFirst()
  if (!oldest) return undefined
  const day = oldest.at.slice(0, 10)
  const over = new Date(Date.parse(day) + dayMs)
  if (day > lastDay || clock().getTime() < over.getTime() + marginMs) return undefined
  const after = reader.selectFrom('entries').select('idx').where('idx', '>', oldest.idx)
  const next = await after.where('at', '>=', over.toISOString()).orderBy('idx').limit(1).executeTakeFirst()
  const last = await after.orderBy('idx', 'desc').limit(1).executeTakeFirst()
  return { first: oldest.idx, size: next?.idx ?? (last?.idx ?? oldest.idx) + 1, day }
}

interface Stamped {
  readonly token: Buffer
  readonly gen_time: string
  readonly until: string
}

/** @param only the bytes of which the only leaf is the digest, should there be one alone */
export async function stampRoot(hub: ArchiveHub, tree: EvidenceTree, only: Buffer | undefined): Promise<Stamped> {
  const data = preimageOf(tree) ?? only
  if (!data) throw new RangeError('a tree needs a leaf')
  return await stampBytes(hub, tree.digest, data, rootOf(tree))
}

/** The authority digests the bytes given; the token must be over `root`, or nothing is kept. */
async function stampBytes(
  hub: ArchiveHub,
  digest: TimestampDigest,
  data: Uint8Array,
  root: Uint8Array,
): Promise<Stamped> {
  const anchors = parseCertificates(hub.keys.trust.tsaCa)
  const judge = (token: Uint8Array): ReturnType<typeof verifyTimestampOf> =>
    verifyTimestampOf(token, { digest, hash: root }, anchors)
  const response = await hub.timestamps.stamp(data, async (token) => void judge(token), digest)
  const { time, chain } = judge(response)
  return { token: bareToken(response), gen_time: time.toISOString(), until: earliestEnd(chain).toISOString() }
}
