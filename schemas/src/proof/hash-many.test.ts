import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashEntries, subtreeRoot } from './hash-many.ts'
import { leafHash, sha256 } from './merkle.ts'
import { encodeEntryBundle, entryEnds } from './tiles.ts'
import { appendLeaves, emptyEdge } from './tree.ts'

test('entries of a bundle have the hashes they have one by one, and the bundle stays as it was', () => {
  const entries = fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 256 })
  fc.assert(
    fc.property(entries, (list) => {
      const bundle = encodeEntryBundle(list)
      const before = Buffer.from(bundle)
      const hashes = hashEntries(bundle, entryEnds(bundle, list.length))
      expect(hashes).toEqual(Buffer.concat(list.map(leafHash)))
      expect(bundle).toEqual(before)
    }),
  )
  const longest = encodeEntryBundle([Buffer.alloc(65_535, 7), Buffer.alloc(0), Buffer.alloc(256, 9)])
  expect(hashEntries(longest, entryEnds(longest, 3))).toEqual(
    Buffer.concat([Buffer.alloc(65_535, 7), Buffer.alloc(0), Buffer.alloc(256, 9)].map(leafHash)),
  )
})

test('a complete subtree has the root of the tree of its leaves', () => {
  const hashes = Array.from({ length: 256 }, (_, at) => sha256(Buffer.from(`feuille ${at}`)))
  for (let count = 1; count <= 256; count *= 2) {
    const leaves = hashes.slice(0, count)
    const bytes = Buffer.concat(leaves)
    expect(Buffer.from(subtreeRoot(bytes))).toEqual(Buffer.from(appendLeaves(emptyEdge(), leaves).root))
    expect(bytes).toEqual(Buffer.concat(leaves))
  }
  for (const bytes of [0, 16, 96, 8_160, 8_224, 16_384])
    expect(() => subtreeRoot(Buffer.alloc(bytes)), `${bytes} bytes`).toThrow('complete')
})
