import { createHash, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  appendLeaves,
  commitmentOf,
  emptyEdge,
  type Envelope,
  jcsBytes,
  leafHash,
  leafText,
  makeVkey,
  signCheckpoint,
} from '@socle/schemas'
import { afterAll, describe, expect, test } from 'vitest'
import { createLocalTimestampAuthority } from '../adapters/timestamp-local.ts'
import { makeAuthority, makeIdentity } from '../keys/make-certificates.ts'
import { writeTiles } from './export-log.ts'
import type { TimeLine } from './logged-times.ts'
import type { Report } from './report.ts'
import { verifyPath } from './verify.ts'

const origin = 'socle.example/essai'
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const validity = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2030-01-01T00:00:00Z') }
const authority = makeAuthority({ organisation: 'Essai', name: 'Autorité' }, validity)
const identity = makeIdentity(authority, 'timestamp', { organisation: 'Essai', name: 'Horloge' }, validity)
const directory = mkdtempSync(join(tmpdir(), 'socle-times-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const start = Date.parse('2026-11-24T10:00:00Z')
const at = (seconds: number): Date => new Date(start + seconds * 1_000)
const salt = Buffer.alloc(16, 7)

interface Entry {
  readonly leaf: string
  readonly envelope: Envelope
}

function entry(index: number, seconds: number, timestamp?: Envelope['timestamp']): Entry {
  const envelope: Envelope = {
    v: 1,
    id: `01990000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    kind: timestamp ? 'ts' : 'avl',
    type: timestamp ? 'rfc3161' : 'probe',
    environment: 'sandbox',
    at: at(seconds).toISOString(),
    ...(timestamp ? { timestamp } : {}),
  }
  return { envelope, leaf: leafText(envelope, commitmentOf(salt, jcsBytes(envelope))) }
}

interface Plan {
  /** Seconds of the leaf at an index, where it is not one a second. */
  readonly leafAt?: Readonly<Record<number, number>>
  /** Seconds of the token over the first 20 or 40 entries, where they are not the right ones. */
  readonly tokenAt?: Readonly<Record<number, number>>
  readonly change?: (lines: TimeLine[]) => unknown[]
  readonly withoutFile?: boolean
}

function noteOf(entries: readonly Entry[]): string {
  const { root } = appendLeaves(
    emptyEdge(),
    entries.map(({ leaf }) => leafHash(Buffer.from(leaf))),
  )
  return signCheckpoint({ name: origin, privateKey }, { size: entries.length, root })
}

async function stamp(seconds: number, note: string): Promise<Uint8Array> {
  return await createLocalTimestampAuthority({ identity, clock: () => at(seconds) }).stamp(Buffer.from(note))
}

/** Sixty entries, one a second; after every twenty a token, logged two entries later. */
async function logOf({ leafAt = {}, tokenAt = {} }: Plan): Promise<{ entries: Entry[]; lines: TimeLine[] }> {
  const entries: Entry[] = []
  const lines: TimeLine[] = []
  let pending: (Omit<TimeLine, 'index' | 'envelope'> & Pick<Envelope, 'timestamp'>) | undefined
  for (let index = 0; index < 60; index++) {
    const mark = index % 20 === 2 ? pending : undefined
    const made = entry(index, leafAt[index] ?? index, mark?.timestamp)
    entries.push(made)
    if (mark)
      lines.push({ index, envelope: made.envelope, salt: mark.salt, checkpoint: mark.checkpoint, token: mark.token })
    if (entries.length % 20 !== 0) continue
    const checkpoint = noteOf(entries)
    const seconds = tokenAt[entries.length] ?? entries.length
    const token = await stamp(seconds, checkpoint)
    const sha256 = createHash('sha256').update(token).digest('hex')
    const timestamp = { size: entries.length, sha256, genTime: at(seconds).toISOString() }
    pending = { salt: salt.toString('base64'), checkpoint, token: Buffer.from(token).toString('base64'), timestamp }
  }
  return { entries, lines }
}

let exported = 0

/** Exports the log of the plan, its head stamped too, and verifies it as anybody would. */
async function verify(plan: Plan): Promise<Report> {
  const { change = (lines: TimeLine[]): unknown[] => lines } = plan
  const place = join(directory, String(exported++))
  const { entries, lines } = await logOf(plan)
  const checkpoint = noteOf(entries)
  const leaves = entries.map(({ leaf }) => Buffer.from(leaf))
  const readLeaves = async (from: number, to: number): Promise<Buffer[]> => leaves.slice(from, to)
  await writeTiles(join(place, 'log'), { size: entries.length, checkpoint, readLeaves })
  const write = (name: string, content: string | Uint8Array): void => writeFileSync(join(place, name), content)
  write('log.vkey', `${makeVkey(origin, publicKey)}\n`)
  write('tsa-ca.pem', authority.certificate.toString())
  write('checkpoint.tsr', await stamp(60, checkpoint))
  const texts = change(lines).map((line) => `${JSON.stringify(line)}\n`)
  if (!plan.withoutFile) write('timestamps.ndjson', texts.join(''))
  return await verifyPath(place)
}

function failures(report: Report): string[] {
  return report.checks
    .filter(({ result }) => result === 'failed')
    .map(({ place, detail }) => `${place} ${detail ?? ''}`)
}

describe('the times of a log', () => {
  test('are proved when every leaf lies between the tokens around it', async () => {
    const report = await verify({})
    expect(failures(report)).toEqual([])
    expect(report.verdict).toBe('proved')
    expect(report.text('fr')).toContain('2 jetons d’horodatage vérifiés')
    expect((await verify({ leafAt: { 30: 61, 45: 12 } })).verdict, 'clocks may differ by half a minute').toBe('proved')
  })

  test('name the leaf that was dated back, or forward', async () => {
    const place = 'log/tile/entries/000.p/60 entry'
    expect(failures(await verify({ leafAt: { 50: 5 } }))).toEqual([
      `${place} 50: 2026-11-24T10:00:05.000Z is before 2026-11-24T10:00:39.000Z, when it was not there yet`,
    ])
    expect(failures(await verify({ leafAt: { 7: 52 } }))).toEqual([
      `${place} 7: 2026-11-24T10:00:52.000Z is after 2026-11-24T10:00:21.000Z, when it was there already`,
    ])
    expect(failures(await verify({ leafAt: { 59: 95 } }))).toEqual([expect.stringContaining('entry 59: ')])
  })

  test('without the file are held against the last token only, and that is said', async () => {
    expect(failures(await verify({ leafAt: { 50: 5 }, withoutFile: true }))).toEqual([])
    const report = await verify({ leafAt: { 7: 95 }, withoutFile: true })
    expect(failures(report)).toEqual([expect.stringContaining('entry 7: ')])
    expect(report.text('en')).toContain('held against the last token only')
  })

  test('do not go back between tokens', async () => {
    expect(failures(await verify({ tokenAt: { 20: 45 } }))).toEqual([
      expect.stringMatching(/timestamps\.ndjson line 2: .*before the one logged last/),
    ])
  })

  test.each<[string, NonNullable<Plan['change']>, RegExp]>([
    ['a token that is missing', ([, second]) => [second], /entries\/000\.p\/60 entry 22$/],
    ['a token of another checkpoint', ([a, b]) => [{ ...a, token: b?.token }, b], /line 1: .*over other bytes/],
    ['a checkpoint of another size', ([a, b]) => [{ ...a, checkpoint: b?.checkpoint }, b], /line 1: entry 22 stands/],
    ['an envelope that is not the entry’s', ([a, b]) => [{ ...a, envelope: b?.envelope }, b], /entry 22 is another/],
    ['the index of another entry', ([a, b]) => [{ ...a, index: 23 }, b], /line 1: entry 23 is another/],
    ['the same line twice', ([a, b]) => [a, a, b], /line 2: .*order of the log/],
    ['a line of another form', ([a]) => [{ ...a, salt: 7 }], /line 1: a member is missing or of another kind/],
    ['no JSON object', () => [null], /line 1: a member is missing/],
    ['a line without an end in sight', ([a]) => [{ ...a, salt: 'A'.repeat(140_000) }], /line is longer than 131072/],
  ])('do not stand on %s', async (_, change, reason) => {
    const report = await verify({ change })
    expect(report.verdict).toBe('not-proved')
    expect(failures(report)).toEqual([expect.stringMatching(reason)])
  })
})
