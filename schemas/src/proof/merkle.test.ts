import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  consistencyProof,
  emptyRoot,
  type Hash,
  inclusionPath,
  inclusionPlan,
  leafHash,
  type NodeAt,
  rootAt,
} from './merkle.ts'
import { rootFromPath, verifyConsistency, verifyInclusion } from './merkle-verify.ts'
import { resolvePlanFromTiles } from './node-reader.ts'
import { appendLeaves, emptyEdge, parseEdge, rootOfEdge, type TileHash } from './tree.ts'

/** RFC 6962 section 2.1, word for word: slow, recursive, and written without looking at the real one. */
function naiveRoot(leaves: readonly Uint8Array[]): Buffer {
  const [only] = leaves
  if (only === undefined) return createHash('sha256').digest()
  if (leaves.length === 1) return createHash('sha256').update(Uint8Array.of(0)).update(only).digest()
  const k = naiveSplit(leaves.length)
  const parts = [naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k))]
  return createHash('sha256').update(Uint8Array.of(1)).update(Buffer.concat(parts)).digest()
}

function naiveSplit(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

function naivePath(m: number, leaves: readonly Uint8Array[]): Buffer[] {
  if (leaves.length === 1) return []
  const k = naiveSplit(leaves.length)
  return m < k
    ? [...naivePath(m, leaves.slice(0, k)), naiveRoot(leaves.slice(k))]
    : [...naivePath(m - k, leaves.slice(k)), naiveRoot(leaves.slice(0, k))]
}

function naiveProof(m: number, leaves: readonly Uint8Array[], whole = true): Buffer[] {
  if (m === leaves.length) return whole ? [] : [naiveRoot(leaves)]
  const k = naiveSplit(leaves.length)
  return m <= k
    ? [...naiveProof(m, leaves.slice(0, k), whole), naiveRoot(leaves.slice(k))]
    : [...naiveProof(m - k, leaves.slice(k), false), naiveRoot(leaves.slice(0, k))]
}

/** Inputs and roots of the test vectors that Certificate Transparency implementations share. */
const vectors: readonly (readonly [leaf: string, root: string])[] = [
  ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
  ['00', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
  ['10', 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
  ['2021', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
  ['3031', '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
  ['40414243', '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
  ['5051525354555657', 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
  ['606162636465666768696a6b6c6d6e6f', '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
]

function leavesOf(count: number): Buffer[] {
  return Array.from({ length: count }, (_, at) => Buffer.from(`leaf ${at}`))
}

function accessor(leaves: readonly Uint8Array[]): NodeAt {
  return (level, index) => naiveRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level))
}

const base64 = (hash: Hash): string => Buffer.from(hash).toString('base64')
const treeSize = fc.integer({ min: 1, max: 600 })

describe('the tree', () => {
  test('gives the published roots of the RFC 6962 test leaves, grown one at a time and at once', () => {
    const leaves = vectors.map(([leaf]) => Buffer.from(leaf, 'hex'))
    let edge = emptyEdge()
    expect(Buffer.from(rootOfEdge(edge))).toEqual(emptyRoot())
    for (const [at, [, root]] of vectors.entries()) {
      const leaf = leaves[at] ?? Buffer.alloc(0)
      const grown = appendLeaves(edge, [leafHash(leaf)])
      edge = parseEdge(grown.edge.size, grown.edge.nodes)
      expect(Buffer.from(grown.root).toString('hex')).toBe(root)
      expect(Buffer.from(rootAt(at + 1, accessor(leaves))).toString('hex')).toBe(root)
      expect(naiveRoot(leaves.slice(0, at + 1)).toString('hex')).toBe(root)
    }
    expect(base64(appendLeaves(emptyEdge(), leaves.map(leafHash)).root)).toBe(base64(rootOfEdge(edge)))
  })

  test('grown by batches gives the root and every new path of the naive tree, from nothing but its edge', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 6 }), (batches) => {
        const leaves = leavesOf(batches.reduce((sum, count) => sum + count, 0))
        let edge = emptyEdge()
        for (const count of batches) {
          const size = edge.size + count
          const grown = appendLeaves(edge, leaves.slice(edge.size, size).map(leafHash))
          const known = leaves.slice(0, size)
          expect(base64(grown.root)).toBe(base64(naiveRoot(known)))
          for (const [at, path] of grown.paths.entries()) {
            if (at % 17 === 0 || at === count - 1) {
              expect(path).toEqual(naivePath(edge.size + at, known).map(base64))
            }
          }
          edge = parseEdge(grown.edge.size, Uint8Array.from(grown.edge.nodes))
          expect(base64(rootOfEdge(edge))).toBe(base64(grown.root))
        }
      }),
      { numRuns: 25 },
    )
  })

  test('tells each complete 256-subtree once, whatever the batches, and they rebuild any old proof', async () => {
    const count = 1500
    const hashes = leavesOf(count).map(leafHash)
    const nodes = new Map<string, Hash>()
    const keep = ({ level, index, hash }: TileHash): void => {
      expect(nodes.has(`${level}/${index}`)).toBe(false)
      nodes.set(`${level}/${index}`, hash)
    }
    let edge = emptyEdge()
    for (let at = 0, width = 1; at < count; at += width, width = (width * 7) % 311 || 1) {
      const grown = appendLeaves(edge, hashes.slice(at, at + width))
      for (const tile of grown.tileHashes) keep(tile)
      edge = grown.edge
    }
    expect([...nodes.keys()].sort()).toEqual(['1/0', '1/1', '1/2', '1/3', '1/4'])
    const read = async (level: number, from: number, to: number): Promise<Hash[]> =>
      level === 0
        ? hashes.slice(from, to)
        : Array.from({ length: to - from }, (_, at) => nodes.get(`${level}/${from + at}`) ?? Buffer.alloc(0))
    const leaves = leavesOf(count)
    for (const [index, size] of [
      [0, 1],
      [0, 1500],
      [255, 256],
      [256, 257],
      [700, 1024],
      [1499, 1500],
      [3, 1279],
    ] as const) {
      const path = await resolvePlanFromTiles(inclusionPlan(index, size), read)
      expect(path.map(base64)).toEqual(naivePath(index, leaves.slice(0, size)).map(base64))
    }
  })

  test('a stored edge that does not fit its size is refused', () => {
    expect(() => parseEdge(3, new Uint8Array(32))).toThrow('has 32 bytes')
    expect(() => parseEdge(-1, new Uint8Array(0))).toThrow('not a number of leaves')
  })
})

describe('proofs', () => {
  test('inclusion paths are those of RFC 6962 and lead to the root; any other place or byte does not', () => {
    fc.assert(
      fc.property(treeSize, fc.nat(), fc.nat(), (size, seed, flip) => {
        const leaves = leavesOf(size)
        const index = seed % size
        const path = inclusionPath(index, size, accessor(leaves))
        expect(path.map(base64)).toEqual(naivePath(index, leaves).map(base64))
        const root = naiveRoot(leaves)
        const leaf = leafHash(leaves[index] ?? Buffer.alloc(0))
        expect(verifyInclusion(leaf, { index, size }, path, root)).toBe(true)
        expect(verifyInclusion(leaf, { index: (index + 1) % (size + 1), size }, path, root)).toBe(false)
        expect(verifyInclusion(leaf, { index, size }, [...path, root], root)).toBe(false)
        if (path.length === 0) return
        expect(verifyInclusion(leaf, { index, size }, path.slice(1), root)).toBe(false)
        const altered = path.map((hash, at) => {
          const copy = Uint8Array.from(hash)
          if (at === flip % path.length) copy[flip % 32] = (copy[flip % 32] ?? 0) ^ 1
          return copy
        })
        expect(verifyInclusion(leaf, { index, size }, altered, root)).toBe(false)
      }),
      { numRuns: 40 },
    )
  })

  test('consistency proofs are those of RFC 6962, hold, and do not hold for another earlier tree', () => {
    fc.assert(
      fc.property(treeSize, fc.nat(), (size, seed) => {
        const leaves = leavesOf(size)
        const oldSize = 1 + (seed % size)
        const proof = consistencyProof(oldSize, size, accessor(leaves))
        expect(proof.map(base64)).toEqual(naiveProof(oldSize, leaves).map(base64))
        const later = { size, root: naiveRoot(leaves) }
        const earlier = { size: oldSize, root: naiveRoot(leaves.slice(0, oldSize)) }
        expect(verifyConsistency(earlier, later, proof)).toBe(true)
        const forged = [...leaves.slice(0, oldSize - 1), Buffer.from('forged')]
        expect(verifyConsistency({ size: oldSize, root: naiveRoot(forged) }, later, proof)).toBe(false)
      }),
      { numRuns: 40 },
    )
  })

  test('sizes beyond 32 bits are counted exactly', () => {
    const size = 2 ** 40 + 1
    const leaf = leafHash(Buffer.from('last'))
    const left = leafHash(Buffer.from('a stand-in for the rest'))
    const root = rootFromPath(leaf, { index: 2 ** 40, size }, [left])
    expect(verifyInclusion(leaf, { index: 2 ** 40, size }, [left], root)).toBe(true)
    expect(inclusionPlan(2 ** 40, size)).toEqual([[{ level: 40, index: 0 }]])
    expect(() => rootFromPath(leaf, { index: 2 ** 39, size }, [left])).toThrow('too short')
  })
})
