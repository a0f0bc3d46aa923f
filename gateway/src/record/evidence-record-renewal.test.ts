import { createHash } from 'node:crypto'
import { bareToken, digestOfBytes, hashTogether, verifyEvidenceRecord } from '@socle/schemas'
import { describe, expect, test } from 'vitest'
import { createLocalTimestampAuthority } from '../adapters/timestamp-local.ts'
import { type Identity, makeAuthority, makeIdentity } from '../keys/make-certificates.ts'
import { archiveChain, archiveTimestamp, evidenceRecord, renewalLists } from './evidence-record-build.ts'
import { growTree, preimageOf, rootOf, siblingsOf } from './evidence-record-tree.ts'

const at = (year: number): Date => new Date(`${year}-06-01T00:00:00Z`)
const objects = ['document', 'envelope', 'manifest', 'signature'].map((text) => Buffer.from(text))
const group = objects.map((bytes) => digestOfBytes('sha256', bytes)).sort((a, b) => Buffer.compare(a, b))

interface Clock {
  readonly authority: Identity
  stamp(data: Uint8Array, year: number): Promise<Buffer>
}

/** An authority whose certificates are good from one year to another. */
function clock(from: number, to: number): Clock {
  const validity = { from: at(from), to: at(to) }
  const authority = makeAuthority({ organisation: 'Essai', name: `Autorité ${from}` }, validity)
  const identity = makeIdentity(authority, 'timestamp', { organisation: 'Essai', name: 'Horloge' }, validity)
  return {
    authority,
    stamp: async (data, year) =>
      bareToken(await createLocalTimestampAuthority({ identity, clock: () => at(year) }).stamp(data)),
  }
}

const [first, second] = [clock(2020, 2024), clock(2022, 2030)]
const authorities = [first, second].map(({ authority }) => authority.certificate)

/** A record of one document, stamped in 2021 and renewed by another authority. */
async function renewedIn(year: number): Promise<Buffer> {
  const token = await first.stamp(Buffer.concat(group), 2021)
  const renewal = await second.stamp(token, year)
  return evidenceRecord(
    ['sha256'],
    [archiveChain([archiveTimestamp('sha256', [group], token), archiveTimestamp('sha256', [], renewal)])],
  )
}

describe('a renewal', () => {
  test('carries the proof over to the certificates of another authority', async () => {
    const { times, until } = verifyEvidenceRecord(await renewedIn(2023), objects, authorities)
    expect(times).toEqual([at(2021), at(2023)])
    expect(until.toISOString()).toBe('2030-06-01T00:00:00.999Z')
  })

  test('comes too late once a certificate of the token before has ended', async () => {
    const late = await renewedIn(2025)
    expect(() => verifyEvidenceRecord(late, objects, authorities)).toThrow('renewed on 2025-06-01')
  })

  test('that is older than what it renews is none', async () => {
    const token = await second.stamp(Buffer.concat(group), 2024)
    const renewal = await second.stamp(token, 2023)
    const chain = archiveChain([archiveTimestamp('sha256', [group], token), archiveTimestamp('sha256', [], renewal)])
    expect(() => verifyEvidenceRecord(evidenceRecord(['sha256'], [chain]), objects, authorities)).toThrow('older')
  })

  test('under a tree over other tokens covers the one before, or is none', async () => {
    const token = await first.stamp(Buffer.concat(group), 2021)
    const covered = digestOfBytes('sha256', token)
    const others = Array.from({ length: 6 }, (_, other) => createHash('sha256').update(`${other}`).digest())
    const tree = growTree('sha256', [covered, ...others])
    const renewal = await second.stamp(preimageOf(tree) ?? Buffer.alloc(0), 2023)
    const record = (over: Buffer): Buffer => {
      const lists = renewalLists(over, siblingsOf(tree, 0))
      const timestamps = [archiveTimestamp('sha256', [group], token), archiveTimestamp('sha256', lists, renewal)]
      return evidenceRecord(['sha256'], [archiveChain(timestamps)])
    }
    expect(verifyEvidenceRecord(record(covered), objects, authorities).times).toHaveLength(2)
    const [stranger = covered] = others
    expect(() => verifyEvidenceRecord(record(stranger), objects, authorities)).toThrow('does not cover the token')
  })
})

describe('a tree', () => {
  test.each([1, 2, 3, 4, 5, 7, 8, 9, 100])('of %i leaves leads from each of them to its root', (count) => {
    const leaves = Array.from({ length: count }, (_, leaf) => createHash('sha256').update(`${leaf}`).digest())
    const tree = growTree('sha256', leaves)
    for (const [place, leaf] of leaves.entries()) {
      const root = siblingsOf(tree, place).reduce((below, beside) => hashTogether('sha256', [below, beside]), leaf)
      expect(root.equals(rootOf(tree)), `leaf ${place}`).toBe(true)
    }
    const preimage = preimageOf(tree)
    if (preimage) expect(createHash('sha256').update(preimage).digest().equals(rootOf(tree))).toBe(true)
    else expect(count).toBe(1)
  })
})
