import { createHash } from 'node:crypto'
import { createLocalTimestampAuthority, type Overrides, stampNow, type TimestampAuthority } from '@socle/gateway'
import {
  type Checkpoint,
  consistencyPlan,
  type Hash,
  leafHash,
  openCheckpoint,
  parseEntryBundle,
  parseLeaf,
  resolvePlanFromTiles,
  rootAt,
  type Tile,
  tileLevels,
  tilePath,
  tilesOfLevel,
  verifyConsistency,
  verifyTimestamp,
} from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { aResponse } from './documents.ts'
import { ask, entriesOf, join, type Party, trustOf } from './party.ts'

const patient = { timeout: 15_000, interval: 50 }
const rarely = { HUB_TIMESTAMP_EVERY: '14400' }

async function checkpointOf(hub: TestHub): Promise<Checkpoint & { readonly note: string }> {
  const answer = await ask(hub, '/log/checkpoint')
  expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  const { logs } = await trustOf(hub)
  return { ...openCheckpoint(answer.text, logs), note: answer.text }
}

async function tileOf(hub: TestHub, tile: Tile): Promise<Buffer> {
  const answer = await ask(hub, `/log/${tilePath(tile)}`)
  expect(answer.status, tilePath(tile)).toBe(200)
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(answer.headers.get('content-type')).toBe('application/octet-stream')
  return answer.bytes
}

const hashesIn = (bytes: Buffer): Hash[] =>
  Array.from({ length: bytes.length / 32 }, (_, i) => bytes.subarray(i * 32, i * 32 + 32))

/** Every hash of one tile level, and every leaf, as the hub serves them for a size. */
async function levelOf(hub: TestHub, size: number, level: number): Promise<Hash[]> {
  const hashes: Hash[] = []
  for (const tile of tilesOfLevel(size, level)) hashes.push(...hashesIn(await tileOf(hub, tile)))
  return hashes
}

async function leavesOf(hub: TestHub, size: number): Promise<Uint8Array[]> {
  const leaves: Uint8Array[] = []
  for (const bundle of tilesOfLevel(size, 'entries'))
    leaves.push(...parseEntryBundle(await tileOf(hub, bundle), bundle.width))
  return leaves
}

describe('the log as it is served', () => {
  let hub: TestHub
  let sender: Party
  let first: Checkpoint
  let last: Checkpoint
  beforeAll(async () => {
    hub = await startHub({}, { env: rarely })
    sender = await join(hub, 'profil-a', { buyers: [buyerSiret] })
    for (let i = 0; i < 3; i++) await sender.sent('award', anAward({ id: `L-${i}` }))
    first = await checkpointOf(hub)
    const numbers = Array.from({ length: 540 }, (_, i) => i)
    for (let at = 0; at < numbers.length; at += 60)
      await Promise.all(
        numbers.slice(at, at + 60).map(async (i) => await sender.sent('award', anAward({ id: `M-${i}` }))),
      )
    last = await checkpointOf(hub)
  })
  afterAll(async () => await hub[Symbol.asyncDispose]())

  test('gives one root: from its bundles, from its tiles, and in its signed checkpoint', async () => {
    expect(last.size).toBeGreaterThan(2 * 256)
    const leaves = await leavesOf(hub, last.size)
    expect(leaves).toHaveLength(last.size)
    const hashes = leaves.map((leaf) => leafHash(leaf))
    expect(await levelOf(hub, last.size, 0)).toEqual(hashes)
    const levels = await Promise.all(
      Array.from({ length: tileLevels(last.size) }, async (_, level) => await levelOf(hub, last.size, level)),
    )
    expect(levels.length).toBeGreaterThan(1)
    const nodeAt = nodeOver(hashes)
    expect(rootAt(last.size, nodeAt)).toEqual(last.root)
    expect(levels[1]).toEqual([0, 1].map((index) => nodeAt(8, index)))
  })

  test('gives its old checkpoint as the beginning of the new one, by the proof that the tiles yield', async () => {
    const read = async (level: number, from: number, to: number): Promise<Hash[]> =>
      (await levelOf(hub, last.size, level)).slice(from, to)
    const proof = await resolvePlanFromTiles(consistencyPlan(first.size, last.size), read)
    expect(verifyConsistency(first, last, proof)).toBe(true)
    expect(verifyConsistency({ ...first, size: first.size - 1 }, last, proof)).toBe(false)
  })

  test('gives for an old size the same partial tiles as at that size', async () => {
    const bundle = { level: 'entries', index: 0, width: first.size } as const
    const leaves = parseEntryBundle(await tileOf(hub, bundle), first.size)
    const hashes = leaves.map((leaf) => leafHash(leaf))
    expect(rootAt(first.size, nodeOver(hashes))).toEqual(first.root)
    expect(hashesIn(await tileOf(hub, { ...bundle, level: 0 }))).toEqual(hashes)
  })

  test('holds leaves of at most 2 KiB that say when, what kind and nothing else in clear', async () => {
    for (const leaf of await leavesOf(hub, last.size)) {
      expect(leaf.length).toBeLessThanOrEqual(2_048)
      expect(['doc', 'cfg']).toContain(parseLeaf(Buffer.from(leaf).toString('utf8')).kind)
    }
  })

  test('knows no tile beyond its size, and no path that is not the one path of a tile', async () => {
    const width = last.size % 256
    const index = Math.floor(last.size / 256)
    const beyond = [
      tilePath({ level: 0, index, width: 256 }),
      tilePath({ level: 0, index, width: width + 1 }),
      tilePath({ level: 'entries', index, width: width + 1 }),
      tilePath({ level: 0, index: index + 1, width: 1 }),
      tilePath({ level: 1, index: 0, width: 3 }),
      tilePath({ level: 2, index: 0, width: 1 }),
      tilePath({ level: 0, index: 123_456_789, width: 256 }),
    ]
    const malformed = [
      '0/00',
      '0/0000',
      '0/x000/000',
      '00/000',
      '0/000.p/0',
      '0/000.p/256',
      '0/000.p/01',
      '64/000',
      '',
      '0',
    ]
    for (const path of [...beyond, ...malformed.map((tile) => `tile/${tile}`)])
      expect((await ask(hub, `/log/${path}`)).status, path).toBe(404)
  })
})

/** Complete subtrees over leaf hashes, written anew: level by level, pair by pair. */
function nodeOver(leaves: readonly Hash[]): (level: number, index: number) => Hash {
  const levels: Hash[][] = [[...leaves]]
  for (let below = levels[0] ?? []; below.length > 1; below = levels.at(-1) ?? []) {
    const above: Hash[] = []
    for (let i = 0; i + 1 < below.length; i += 2) {
      const pair = Buffer.concat([Uint8Array.of(1), below[i] ?? Buffer.alloc(0), below[i + 1] ?? Buffer.alloc(0)])
      above.push(createHash('sha256').update(pair).digest())
    }
    levels.push(above)
  }
  return (level, index) => {
    const hash = levels[level]?.[index]
    if (!hash) throw new Error(`no node ${level}/${index}`)
    return hash
  }
}

describe('timestamps', () => {
  async function tokens(hub: TestHub): Promise<readonly { size: number; note: string; token: Uint8Array }[]> {
    const rows = await hub.hub.store.reader.selectFrom('checkpoints').selectAll().orderBy('size').execute()
    return rows.flatMap(({ size, note, token }) => (token ? [{ size, note, token }] : []))
  }

  test('are over the stored checkpoint, verify, and are log entries themselves', async () => {
    await using hub = await startHub({}, { env: rarely })
    const sender = await join(hub, 'profil-a', { buyers: [buyerSiret] })
    const receipt = await sender.sent('award', anAward())
    const before = await checkpointOf(hub)
    const started = Date.now()
    expect(await stampNow(hub.hub)).toBe(before.size)
    const [stamp, ...others] = await tokens(hub)
    expect(others).toEqual([])
    expect(stamp).toMatchObject({ size: before.size, note: before.note })
    const { timestampAuthorities } = await trustOf(hub)
    const token = stamp?.token ?? new Uint8Array()
    const { time } = verifyTimestamp(token, Buffer.from(before.note), timestampAuthorities)
    expect(Math.abs(time.getTime() - started)).toBeLessThan(5_000)
    expect(() => verifyTimestamp(token, Buffer.from(`${before.note} `), timestampAuthorities)).toThrow()
    const [entry, ...more] = await entriesOf(hub, 'ts')
    expect(more).toEqual([])
    const sha256 = createHash('sha256').update(token).digest('hex')
    expect(entry?.envelope.timestamp).toEqual({ size: before.size, sha256, genTime: time.toISOString() })
    expect(entry?.index).toBe(before.size)
    expect(await stampNow(hub.hub), 'nothing but time marks since').toBeUndefined()
    const { steps } = (await sender.ask(`/v1/documents/${receipt.id}/timeline`)).json<{ steps: object[] }>()
    expect(steps[1]).toMatchObject({ state: 'timestamped', index: entry?.index })
  })

  test('come within two seconds for an e-DUME response, although the others wait their turn', async () => {
    await using hub = await startHub({}, { env: { HUB_TIMESTAMP_EVERY: '60' } })
    const sender = await join(hub, 'profil-a', { buyers: [buyerSiret] })
    await sender.sent('award', anAward())
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(await tokens(hub)).toEqual([])
    const receipt = await sender.sent('dume-response', aResponse('URGENT'))
    const started = performance.now()
    await vi.waitFor(async () => {
      const [last] = (await tokens(hub)).slice(-1)
      expect(last?.size).toBeGreaterThan(receipt.proof.index)
    }, patient)
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  test('that cannot be had hold no deposit up, are counted, and are made up for when the authority is back', async () => {
    let down = true
    let asked = 0
    let authority: TimestampAuthority | undefined
    const overrides: Overrides = {
      timestamps: {
        async stamp(data) {
          asked += 1
          if (down || !authority) throw new Error('the authority does not answer')
          return await authority.stamp(data)
        },
      },
    }
    await using hub = await startHub(overrides, { env: { HUB_TIMESTAMP_EVERY: '1' } })
    const { timestamp } = hub.hub.keys
    if (!timestamp) throw new Error('the sandbox has a timestamp key')
    authority = createLocalTimestampAuthority({ identity: timestamp, chain: timestamp.chain, clock: hub.hub.clock })
    const sender = await join(hub, 'profil-a', { buyers: [buyerSiret] })
    await sender.sent('award', anAward())
    const urgent = await sender.sent('dume-response', aResponse('URGENT'))
    await vi.waitFor(() => expect(asked).toBeGreaterThan(1), patient)
    expect((await sender.deposit('award', anAward({ id: 'DURING' }))).status).toBe(201)
    const failures = async (): Promise<number> =>
      Number(/socle_failures_total\{what="timestamp"\} (\d+)/.exec((await ask(hub, '/metrics')).text)?.[1] ?? 0)
    expect(await failures()).toBeGreaterThan(0)
    expect(await tokens(hub)).toEqual([])
    const ready = (await ask(hub, '/health/ready')).json<{ log: { size: number; stamped: number } }>()
    expect(ready.log).toMatchObject({ size: urgent.proof.index + 2, stamped: 0 })
    const asking = asked
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(asked - asking, 'asks again, but does not hammer').toBeLessThan(10)
    down = false
    await vi.waitFor(async () => expect((await tokens(hub)).at(-1)?.size).toBe(urgent.proof.index + 2), patient)
  })

  test('are given by nobody else: a token of another authority does not verify', async () => {
    await using hub = await startHub({}, { env: rarely })
    await using other = await startHub({}, { env: rarely })
    const token = await other.hub.timestamps.stamp(Buffer.from('data'))
    const theirs = (await trustOf(other)).timestampAuthorities
    expect(verifyTimestamp(token, Buffer.from('data'), theirs).time).toBeInstanceOf(Date)
    const { timestampAuthorities } = await trustOf(hub)
    expect(() => verifyTimestamp(token, Buffer.from('data'), timestampAuthorities)).toThrow()
  })
})

describe('a log without an entry', () => {
  test('has no checkpoint yet, and says so as a problem', async () => {
    await using hub = await startHub()
    const answer = await ask(hub, '/log/checkpoint')
    expect(answer.status).toBe(404)
    expect((await ask(hub, '/log/tile/0/000')).status).toBe(404)
    expect((await ask(hub, '/log/log.vkey')).text).toMatch(/^socle\.invalid\/sandbox\/2026h2\+[0-9a-f]{8}\+/)
  })
})
