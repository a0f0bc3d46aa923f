import { describe, expect, test } from 'vitest'
import { derOf, hashTogether, parseEvidenceRecord, sequenceTag } from './evidence-record.ts'
import { verifyEvidenceRecord } from './evidence-record-verify.ts'
import { evidenceManifestOf } from './evidence-record-manifest.ts'
import { ProofError } from './proof-error.ts'

const sequence = (...parts: readonly Uint8Array[]): Buffer => derOf(sequenceTag, ...parts)
const version = (number: number): Buffer => Buffer.of(2, 1, number)
const octets = (length: number, fill = 7): Buffer => derOf(0x04, Buffer.alloc(length, fill))
const sha256 = Buffer.from('0609608648016503040201', 'hex')
const sha384 = Buffer.from('0609608648016503040202', 'hex')
const sha512 = Buffer.from('0609608648016503040203', 'hex')
const nothing = Buffer.of(5, 0)
/** Not a token: it is looked at only when it is verified. */
const token = sequence(Buffer.of(6, 1, 42))

const algorithm = (...parts: readonly Uint8Array[]): Buffer => derOf(0xa0, ...parts)
const tree = (...lists: readonly Uint8Array[]): Buffer => derOf(0xa2, ...lists)
const list = (...hashes: readonly Uint8Array[]): Buffer => sequence(...hashes)
const timestamp = (...parts: readonly Uint8Array[]): Buffer => sequence(...parts, token)
const record = (digests: readonly Uint8Array[], ...chains: readonly Uint8Array[]): Buffer =>
  sequence(version(1), sequence(...digests.map((digest) => sequence(digest))), sequence(...chains))

const good = timestamp(algorithm(sha256), tree(list(octets(32), octets(32, 8))))

describe('an evidence record', () => {
  test('is read to its chains, timestamps and hashes', () => {
    const renewed = timestamp(algorithm(sha256))
    const second = timestamp(algorithm(sha512, nothing), tree(list(octets(64)), list(octets(64))))
    const { chains } = parseEvidenceRecord(record([sha256, sha512], sequence(good, renewed), sequence(second)))
    expect(chains.map(({ timestamps }) => timestamps.map(({ digest, lists }) => [digest, lists.length]))).toEqual([
      [
        ['sha256', 1],
        ['sha256', 0],
      ],
      [['sha512', 2]],
    ])
    expect(chains[0]?.der.equals(sequence(good, renewed))).toBe(true)
    expect(chains[0]?.timestamps[0].token.equals(token)).toBe(true)
  })

  test.each<readonly [string, Buffer, string]>([
    ['no structure', Buffer.from('record'), 'not DER'],
    ['another version', sequence(version(2), sequence(sequence(sha256)), sequence(sequence(good))), 'version'],
    ['no chain', record([]), '0 timestamps'],
    ['an empty chain', record([sha256], sequence()), 'empty'],
    ['too many timestamps', record([sha256], sequence(...Array.from({ length: 257 }, () => good))), '257'],
    ['a digest that it does not use', record([sha256, sha512], sequence(good)), 'other digest algorithms'],
    ['a digest that it does not announce', record([sha512], sequence(good)), 'other digest algorithms'],
    ['a digest announced twice', record([sha256, sha256], sequence(good)), 'other digest algorithms'],
    ['SHA-384', record([sha384], sequence(timestamp(algorithm(sha384)))), 'neither'],
    ['parameters', record([sha256], sequence(timestamp(algorithm(sha256, octets(1))))), 'neither'],
    ['no digest', record([sha256], sequence(timestamp())), 'names no digest'],
    ['two digests in a chain', record([sha256, sha512], sequence(good, timestamp(algorithm(sha512)))), 'two digest'],
    ['an empty tree', record([sha256], sequence(timestamp(algorithm(sha256), tree()))), '0 levels'],
    ['an empty list', record([sha256], sequence(timestamp(algorithm(sha256), tree(list())))), 'malformed'],
    ['a short hash', record([sha256], sequence(timestamp(algorithm(sha256), tree(list(octets(31)))))), 'malformed'],
    ['attributes', record([sha256], sequence(timestamp(algorithm(sha256), derOf(0xa1)))), 'nothing signs'],
    [
      'something after',
      record([sha256], sequence(timestamp(algorithm(sha256), tree(list(octets(32))), token))),
      'nothing signs',
    ],
    [
      'cryptographic information',
      sequence(version(1), sequence(sequence(sha256)), derOf(0xa0), sequence(sequence(good))),
      'nothing signs',
    ],
    ['more than a mebibyte', Buffer.concat([record([sha256], sequence(good)), Buffer.alloc(1_048_577)]), 'too large'],
  ])('with %s is refused', (_, der, reason) => {
    expect(() => parseEvidenceRecord(der)).toThrow(ProofError)
    expect(() => parseEvidenceRecord(der)).toThrow(reason)
  })

  test('proves nothing about nothing, nor by a token that is none', () => {
    const der = record([sha256], sequence(good))
    expect(() => verifyEvidenceRecord(der, [], [])).toThrow('nothing that the evidence record could be about')
    expect(() => verifyEvidenceRecord(der, [Buffer.from('a'), Buffer.from('b')], [])).toThrow('other objects')
  })
})

test('hashes are put together in ascending order, and one stands for itself', () => {
  const [low, high] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
  expect(hashTogether('sha256', [high, low]).equals(hashTogether('sha256', [low, high]))).toBe(true)
  expect(hashTogether('sha256', [low]).equals(low)).toBe(true)
})

test('lengths in DER are the shortest that hold', () => {
  for (const [length, header] of [
    [0, '3000'],
    [127, '307f'],
    [128, '308180'],
    [255, '3081ff'],
    [256, '30820100'],
    [65_536, '3083010000'],
  ] as const)
    expect(
      sequence(Buffer.alloc(length))
        .subarray(0, header.length / 2)
        .toString('hex'),
    ).toBe(header)
})

test('the manifest names no file that would need an escape', () => {
  expect(() => evidenceManifestOf([{ name: 'a"b.xml', bytes: Buffer.alloc(0) }])).toThrow('not fit')
})
