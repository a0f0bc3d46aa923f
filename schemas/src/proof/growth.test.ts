import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatGrowth, parseGrowth } from './growth.ts'
import { ProofError } from './proof-error.ts'

const hashes = fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 64 })
const checkpoint =
  'socle.example/essai\n12\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\u2014 socle.example/essai AAAAAAAA\n'
const good = formatGrowth({ oldSize: 7, proof: [Buffer.alloc(32, 1), Buffer.alloc(32, 2)], checkpoint })

test('is read as it is written', () => {
  fc.assert(
    fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), hashes, (oldSize, proof) => {
      const read = parseGrowth(formatGrowth({ oldSize, proof, checkpoint }))
      expect(read.oldSize).toBe(oldSize)
      expect(read.checkpoint).toBe(checkpoint)
      expect(Buffer.concat(read.proof)).toEqual(Buffer.concat(proof))
    }),
  )
  expect(good).toBe(
    `old 7\n${Buffer.alloc(32, 1).toString('base64')}\n${Buffer.alloc(32, 2).toString('base64')}\n\n${checkpoint}`,
  )
})

test.each([
  ['nothing', ''],
  ['no checkpoint', 'old 7\n'],
  ['no old size', good.replace('old 7\n', '')],
  ['a negative size', good.replace('old 7', 'old -7')],
  ['a size with a zero before', good.replace('old 7', 'old 07')],
  ['a size beyond exact numbers', good.replace('old 7', 'old 9007199254740993')],
  ['a hash of 31 bytes', good.replace(Buffer.alloc(32, 1).toString('base64'), Buffer.alloc(31, 1).toString('base64'))],
  ['no base64', good.replace('AQEB', 'AQ!B')],
  ['65 hashes', formatGrowth({ oldSize: 7, proof: Array.from({ length: 65 }, () => Buffer.alloc(32)), checkpoint })],
  ['a text without end', good + 'x'.repeat(100_000)],
])('%s is refused', (_, text) => {
  expect(() => parseGrowth(text)).toThrow(ProofError)
})

test('no text makes the reading fail otherwise', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      try {
        parseGrowth(text)
      } catch (error) {
        expect(error).toBeInstanceOf(ProofError)
      }
    }),
  )
})
