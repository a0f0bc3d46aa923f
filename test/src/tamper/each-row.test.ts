import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyPath } from '@socle/gateway'
import { encodeEntryBundle, parseEntryBundle, parseLeaf, tilePath, tileWidth } from '@socle/schemas'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildSmallExport, type SmallExport } from './small-export.ts'

let root: string
let small: SmallExport
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'socle-row-'))
  small = await buildSmallExport(join(root, 'export'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Another envelope behind the leaf: still a leaf in every respect, so that only its hash can tell. */
function forged(leaf: Uint8Array): Buffer {
  const text = Buffer.from(leaf).toString('utf8')
  const other = text.replace(/"commitment":"(.)/, (_, first) => `"commitment":"${first === 'A' ? 'B' : 'A'}`)
  expect(() => parseLeaf(other)).not.toThrow()
  expect(other).not.toBe(text)
  return Buffer.from(other)
}

test('a believable change in any row of the log, first and last of each bundle too, is found at that row', async () => {
  const last = small.size - 1
  for (const row of [0, 1, tileWidth - 2, tileWidth - 1, tileWidth, last - 1, last]) {
    const index = Math.floor(row / tileWidth)
    const width = Math.min(tileWidth, small.size - index * tileWidth)
    const bundle = tilePath({ level: 'entries', index, width })
    const file = join(small.directory, 'log', bundle)
    const original = readFileSync(file)
    const entries = parseEntryBundle(original, width)
    entries[row % tileWidth] = forged(entries[row % tileWidth] ?? new Uint8Array())
    try {
      writeFileSync(file, encodeEntryBundle(entries))
      const { verdict, checks } = await verifyPath(join(small.directory, 'log'), { trust: small.directory })
      expect(verdict, `row ${row}`).toBe('not-proved')
      const found = checks.filter(({ place, result }) => place === bundle && result === 'failed')
      expect(found.map(({ detail }) => detail)).toEqual([`entry ${row}`])
    } finally {
      writeFileSync(file, original)
    }
  }
  expect((await verifyPath(join(small.directory, 'log'), { trust: small.directory })).verdict).toBe('proved')
})
