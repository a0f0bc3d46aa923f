import { createHash, hash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLocalTimestampAuthority, type Keys, openKeys, writeTiles } from '@socle/gateway'
import {
  appendLeaves,
  commitmentOf,
  type Edge,
  emptyEdge,
  type Envelope,
  jcsBytes,
  leafHash,
  leafText,
  rootOfEdge,
  signCheckpoint,
  tileWidth,
} from '@socle/schemas'

/** A log of any size as `socle export` lays it out, without the ledger that it would come from. */
export interface MadeLog {
  /** Entries, time marks among them. */
  readonly entries: number
  /** Entries between two time stamps. */
  readonly perToken: number
  /** Entries a second of the hub that would have written it. */
  readonly perSecond: number
}

const origin = 'socle.example/mesure/2026b'
const start = Date.parse('2026-11-24T08:00:00Z')
const digest = (text: string): string => hash('sha256', text, 'base64')
const salt = Buffer.alloc(16, 7)

interface Mark {
  readonly leaf: Buffer
  readonly line: string
}

/** @returns seconds that writing the tiles took, durably, without making up what they hold */
export async function makeLog(directory: string, { entries, perToken, perSecond }: MadeLog): Promise<number> {
  const timeOf = (index: number): Date => new Date(start + Math.floor((index * 1000) / perSecond))
  const keys = openKeys(join(directory, '..', 'keys'), { environment: 'sandbox', origin, now: new Date(start) })
  const marks = new Map<number, Mark>()
  const leafAt = (index: number): Buffer => marks.get(index)?.leaf ?? leafOf(index, timeOf(index))
  const leavesFrom = (from: number, to: number): Buffer[] =>
    Array.from({ length: to - from }, (_, at) => leafAt(from + at))

  let edge: Edge = emptyEdge()
  let stampedAt = 0
  while (edge.size < entries) {
    const leaves = leavesFrom(edge.size, Math.min(edge.size + tileWidth, entries))
    edge = appendLeaves(edge, leaves.map(leafHash)).edge
    if (edge.size - stampedAt < perToken || edge.size === entries) continue
    stampedAt = edge.size
    marks.set(edge.size, await stamp(edge, keys, timeOf(edge.size)))
  }
  const note = noteOf(edge, keys)
  const write = (name: string, content: string | Uint8Array): void => writeFileSync(join(directory, name), content)
  const spent = await writeTimed(join(directory, 'log'), { edge, note, leavesFrom })
  write('log.vkey', keys.trust.logVkey)
  write('seal-ca.pem', keys.trust.sealCa)
  write('tsa-ca.pem', keys.trust.tsaCa)
  write('checkpoint.tsr', await tokenOf(note, keys, timeOf(entries)))
  write('timestamps.ndjson', [...marks.values()].map(({ line }) => line).join(''))
  return spent
}

/** Making up a leaf costs more than writing it: that is not counted. */
async function writeTimed(
  directory: string,
  log: { edge: Edge; note: string; leavesFrom: (from: number, to: number) => Buffer[] },
): Promise<number> {
  let making = 0
  const readLeaves = async (from: number, to: number): Promise<Buffer[]> => {
    const before = performance.now()
    const leaves = log.leavesFrom(from, to)
    making += performance.now() - before
    return leaves
  }
  const begun = performance.now()
  await writeTiles(directory, { size: log.edge.size, checkpoint: log.note, readLeaves })
  return (performance.now() - begun - making) / 1000
}

/** Documents, deliveries and outcomes in the proportions of one document for two recipients that answer. */
function leafOf(index: number, at: Date): Buffer {
  const kind = (['doc', 'dlv', 'dlv', 'out', 'out'] as const)[index % 5] ?? 'doc'
  const type = { doc: 'award', dlv: 'feed', out: 'integrated' }[kind]
  const subject = { id: idOf(index), at: at.toISOString(), kind, type }
  const commitment = digest(`engagement ${index}`)
  return Buffer.from(leafText(subject, commitment, kind === 'doc' ? Buffer.from(`cachet ${index}`) : undefined))
}

function idOf(index: number): string {
  const hex = hash('sha256', `inscription ${index}`, 'hex')
  return `01990000-${hex.slice(0, 4)}-7${hex.slice(4, 7)}-8${hex.slice(7, 10)}-${hex.slice(10, 22)}`
}

function noteOf(edge: Edge, { log }: Keys): string {
  return signCheckpoint({ name: origin, privateKey: log.privateKey }, { size: edge.size, root: rootOfEdge(edge) })
}

async function tokenOf(note: string, keys: Keys, at: Date): Promise<Uint8Array> {
  const identity = keys.timestamp ?? keys.seal
  return await createLocalTimestampAuthority({ identity, clock: () => at }).stamp(Buffer.from(note))
}

/** The time mark that stands right after what its token dates, and its line in `timestamps.ndjson`. */
async function stamp(edge: Edge, keys: Keys, at: Date): Promise<Mark> {
  const note = noteOf(edge, keys)
  const token = await tokenOf(note, keys, at)
  const envelope: Envelope = {
    v: 1,
    id: idOf(edge.size),
    kind: 'ts',
    type: 'rfc3161',
    environment: 'sandbox',
    at: at.toISOString(),
    timestamp: {
      size: edge.size,
      sha256: createHash('sha256').update(token).digest('hex'),
      genTime: at.toISOString(),
    },
  }
  const leaf = Buffer.from(leafText(envelope, commitmentOf(salt, jcsBytes(envelope))))
  const line = {
    index: edge.size,
    envelope,
    salt: salt.toString('base64'),
    checkpoint: note,
    token: Buffer.from(token).toString('base64'),
  }
  return { leaf, line: `${JSON.stringify(line)}\n` }
}
