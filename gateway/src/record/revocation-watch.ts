import { randomUUID, type X509Certificate } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  certificateId,
  maxListBytes,
  parseRevocationLists,
  reasonOf,
  type Revocation,
  revocationIn,
  type RevocationList,
} from '@socle/schemas'
import type { CertifiedKey } from '../keys/certified-key.ts'
import { privateDirectory, replaceFile } from '../keys/durable-file.ts'

/** What revocation lists say of a key's certificate and of its issuers. */
export interface RevocationView {
  readonly revocation: Revocation | undefined
  /** When the first of the lists should have been renewed; undefined: no good list of the seal's issuer was ever read. */
  readonly freshUntil: Date | undefined
}

/** A file that the operator renews, and what was last good of it. */
export interface RevocationWatch {
  /** Reads the file again if it changed. Never throws: what is wrong is in `problem`, and the last good lists stay. */
  look(keys: readonly CertifiedKey[], now: Date): void
  /** Undefined: nothing is watched. */
  viewOf(key: CertifiedKey): RevocationView | undefined
  /** What is wrong with the file as it stands. */
  readonly problem: string | undefined
}

/** A list from the future is a clock that is wrong: theirs or ours. */
const clockToleranceMs = 600_000

interface Link {
  readonly certificate: X509Certificate
  readonly issuer: X509Certificate
}

/** A file of lists as it was read. */
interface ListFile {
  readonly lists: readonly RevocationList[]
  readonly bytes: Uint8Array
}

interface Held {
  readonly list: RevocationList
  readonly revocation: Revocation | undefined
}

/**
 * @param required whether the file was asked for by name; else there may be none
 * @param copy path of what was last good of it, kept here: with one, a list that was there is missed after a restart too,
 *   and neither its absence nor an older one takes back what it said
 */
export function watchRevocation(file: string, required: boolean, copy?: string): RevocationWatch {
  const held = new Map<string, Held>()
  const readLists = listFile(file)
  const readCopy = copy === undefined ? undefined : listFile(copy)
  let lists: ListFile = { lists: [], bytes: new Uint8Array() }
  let known: ListFile | undefined
  let problem: string | undefined
  let watched = required

  function update(link: Link, from: ListFile): void {
    const id = certificateId(link.certificate)
    held.set(id, newestOf(from.lists, link, held.get(id)))
  }

  /** Of the time before this start, or of another replica beside: what is wrong with it is no matter, the file is asked next. */
  function recall(keys: readonly CertifiedKey[], now: Date): void {
    const before = known
    if (reasonAgainst(() => (known = readCopy?.(now))) !== undefined) known = undefined
    const found = known
    if (!found) return
    for (const link of keys.flatMap(linksOf)) {
      if (found === before && held.has(certificateId(link.certificate))) continue
      reasonAgainst(() => update(link, found))
    }
  }

  /** A list that says less than what is known is not kept. @throws when the directory cannot be written */
  function keep(keys: readonly CertifiedKey[]): void {
    if (copy === undefined || (known && Buffer.compare(known.bytes, lists.bytes) === 0)) return
    const own = keys.flatMap((key) => linksOf(key).slice(0, 1))
    const now = own.flatMap(({ certificate }) => held.get(certificateId(certificate)) ?? [])
    if (now.length === 0 || !now.every(({ list }) => lists.lists.includes(list))) return
    privateDirectory(dirname(copy))
    replaceFile(copy, lists.bytes, randomUUID())
  }

  return {
    get problem() {
      return problem
    },
    look(keys, now) {
      // Once there, it is missed when it goes.
      watched ||= existsSync(file) || (copy !== undefined && existsSync(copy))
      if (!watched) return
      recall(keys, now)
      const unread = reasonAgainst(() => (lists = readLists(now)))
      const problems = unread === undefined ? [] : [unread]
      for (const key of unread === undefined ? keys : []) {
        const [own, ...above] = linksOf(key)
        // Lists about the issuers are welcome; not every authority gives them in the same place.
        for (const link of above) reasonAgainst(() => update(link, lists))
        problems.push((own && reasonAgainst(() => update(own, lists))) ?? '')
      }
      if (unread === undefined) problems.push(reasonAgainst(() => keep(keys)) ?? '')
      problem = problems.find((one) => one !== '')
      if (problem !== undefined) problem = `${file}: ${problem}`
    },
    viewOf(key) {
      return watched ? viewFrom(held, key) : undefined
    },
  }
}

function viewFrom(held: ReadonlyMap<string, Held>, key: CertifiedKey): RevocationView {
  const [own, ...above] = linksOf(key).map(({ certificate }) => held.get(certificateId(certificate)))
  if (!own) return { revocation: undefined, freshUntil: undefined }
  const all = [own, ...above.filter((one) => one !== undefined)]
  return {
    revocation: all.find(({ revocation }) => revocation)?.revocation,
    freshUntil: new Date(Math.min(...all.map(({ list }) => list.nextUpdate.getTime()))),
  }
}

/**
 * Reads the file when it changed, and gives what it gave before when it did not: good lists or the reason why not, for a
 * large file takes a second to read, good or bad. @throws with the reason
 */
function listFile(file: string): (now: Date) => ListFile {
  let seen = ''
  let found: ListFile = { lists: [], bytes: new Uint8Array() }
  let problem: string | undefined
  return (now) => {
    const stat = statSync(file, { throwIfNoEntry: false })
    if (!stat) throw new Error('it is not there')
    const state = `${stat.ino} ${stat.size} ${stat.mtimeMs}`
    if (stat.size > 2 * maxListBytes) throw new Error(`larger than ${2 * maxListBytes} bytes`)
    if (state !== seen) problem = reasonAgainst(() => (found = parsed(readFileSync(file))))
    seen = state
    if (problem !== undefined) throw new Error(problem)
    if (found.lists.some(({ thisUpdate }) => thisUpdate.getTime() > now.getTime() + clockToleranceMs))
      throw new Error('a list is dated in the future')
    return found
  }
}

function parsed(bytes: Uint8Array): ListFile {
  return { lists: parseRevocationLists(bytes), bytes }
}

/** The newest list of the link's issuer that verifies. @throws with the reason why none does, or that it is older than the one held */
function newestOf(lists: readonly RevocationList[], { certificate, issuer }: Link, before: Held | undefined): Held {
  let newest: Held | undefined
  let reason = 'no list in it'
  for (const list of lists) {
    if (newest && newest.list.thisUpdate >= list.thisUpdate) continue
    reason = reasonAgainst(() => (newest = { list, revocation: revocationIn(list, certificate, issuer) })) ?? reason
  }
  if (!newest) throw new Error(reason)
  if (before && before.list.thisUpdate > newest.list.thisUpdate)
    throw new Error('the list is older than the one before it')
  return newest
}

/** Each certificate on the way with the one that issued it; the authority itself is trusted as it is. */
function linksOf({ certificate, chain, authority }: CertifiedKey): readonly Link[] {
  const way = [certificate, ...chain, authority]
  return way.slice(0, -1).flatMap((one, at) => {
    const issuer = way[at + 1]
    return issuer ? [{ certificate: one, issuer }] : []
  })
}

function reasonAgainst(work: () => void): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    return reasonOf(error)
  }
}
