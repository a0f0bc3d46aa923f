import { generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appendLeaves, emptyEdge, leafHash, leafText, makeVkey, signCheckpoint, tilesOfLevel } from '@socle/schemas'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { writeTiles } from './export-log.ts'
import { openLogFiles } from './log-files.ts'
import { readTilesOf } from './read-tiles.ts'
import { createTileStack, type FinishedTile } from './tile-stack.ts'
import { verifyPath } from './verify.ts'

const origin = 'socle.example/essai'
const { privateKey, publicKey } = generateKeyPairSync('ed25519')
let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'socle-verify-'))
})

afterEach(() => rmSync(directory, { recursive: true, force: true }))

function leavesOf(count: number): Buffer[] {
  return Array.from({ length: count }, (_, at) => {
    const id = `01990000-0000-7000-8000-${String(at).padStart(12, '0')}`
    const envelope = { id, at: '2026-11-24T10:00:00.000Z', kind: 'avl', type: 'probe' } as const
    return Buffer.from(leafText(envelope, Buffer.alloc(32, at % 256).toString('base64')))
  })
}

function headOf(leaves: readonly Buffer[]): { size: number; root: Uint8Array; checkpoint: string } {
  const size = leaves.length
  const root = size === 0 ? openRoot() : appendLeaves(emptyEdge(), leaves.map(leafHash)).root
  return { size, root, checkpoint: signCheckpoint({ name: origin, privateKey }, { size, root }) }
}

function openRoot(): Uint8Array {
  return Buffer.from('47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=', 'base64')
}

async function exportLog(leaves: readonly Buffer[]): Promise<void> {
  const { size, checkpoint } = headOf(leaves)
  const readLeaves = async (from: number, to: number): Promise<Buffer[]> => leaves.slice(from, to)
  await writeTiles(join(directory, 'log'), { size, checkpoint, readLeaves })
  writeFileSync(join(directory, 'log.vkey'), `${makeVkey(origin, publicKey)}\n`)
}

describe('an exported log', () => {
  test.each([1, 255, 256, 257, 700])('of %i entries is proved, and gives every old root', async (count) => {
    const leaves = leavesOf(count)
    await exportLog(leaves)
    const report = await verifyPath(join(directory, 'log'))
    expect(report.text('fr')).toContain(`${count} inscriptions relues`)
    expect(report.verdict).toBe('proved')
    const head = { origin, ...headOf(leaves) }
    const files = openLogFiles(readTilesOf(join(directory, 'log')), head)
    for (const size of [1, Math.ceil(count / 2), count]) {
      const old = headOf(leaves.slice(0, size)).root
      expect(Buffer.from(await files.rootAt(size))).toEqual(Buffer.from(old))
    }
    expect(Buffer.from(await files.readEntry(count - 1))).toEqual(leaves[count - 1])
    await expect(files.readEntry(count)).rejects.toThrow('no entry')
    await expect(files.rootAt(count + 1)).rejects.toThrow('fewer than')
  })

  test('without entries is proved too', async () => {
    await exportLog([])
    expect((await verifyPath(directory)).verdict).toBe('proved')
  })

  test('is not written when its entries do not give the signed root, and leaves no checkpoint behind', async () => {
    const leaves = leavesOf(300)
    const { size, checkpoint } = headOf(leaves)
    const readLeaves = async (from: number, to: number): Promise<Buffer[]> =>
      leaves.slice(from, to).map((leaf, at) => (from + at === 299 ? Buffer.from('other') : leaf))
    await expect(writeTiles(join(directory, 'log'), { size, checkpoint, readLeaves })).rejects.toThrow('damaged')
    expect(existsSync(join(directory, 'log', 'checkpoint'))).toBe(false)
  })

  test('with a missing tile or bundle is not proved, and the file is named', async () => {
    await exportLog(leavesOf(300))
    for (const file of ['tile/0/000', 'tile/entries/001.p/44', 'tile/1/000.p/1']) {
      const path = join(directory, 'log', file)
      const bytes = readFileSync(path)
      rmSync(path)
      const report = await verifyPath(join(directory, 'log'))
      expect(report.verdict).toBe('not-proved')
      const failed = report.checks.filter(({ result }) => result === 'failed').map(({ place }) => place)
      expect(failed).toContain(file)
      writeFileSync(path, bytes)
    }
    expect((await verifyPath(join(directory, 'log'))).verdict).toBe('proved')
  })
})

describe('what cannot be verified at all', () => {
  test('is unusable, and the report says what to give', async () => {
    const missing = await verifyPath(join(directory, 'absent.json'))
    expect(missing.verdict).toBe('unusable')
    expect(missing.text('fr')).toContain('Donnez un reçu')
    const file = join(directory, 'recu.json')
    writeFileSync(file, '{}')
    const untrusted = await verifyPath(file)
    expect(untrusted.verdict).toBe('unusable')
    expect(untrusted.text('en')).toContain('--trust')
    const empty = join(directory, 'vide')
    mkdirSync(empty)
    writeFileSync(join(directory, 'log.vkey'), 'not a key\n')
    const unreadable = await verifyPath(empty, { trust: directory })
    expect(unreadable.verdict).toBe('unusable')
    writeFileSync(join(directory, 'log.vkey'), makeVkey(origin, publicKey))
    expect((await verifyPath(empty, { trust: directory })).verdict).toBe('unusable')
    expect((await verifyPath(file, { trust: directory })).verdict).toBe('not-proved')
  })
})

describe('the tile stack', () => {
  test('gives out the tiles of the specification, once each, with at most one open tile a level', async () => {
    const emitted = new Set<string>()
    const see = ({ tile: { level, index, width }, hashes }: FinishedTile): void => {
      expect(hashes.length).toBe(width * 32)
      expect(emitted.has(`${level}/${index}`)).toBe(false)
      emitted.add(`${level}/${index}`)
    }
    const stack = createTileStack()
    const leaf = Buffer.alloc(32, 1)
    const count = 70_000
    for (const { width } of tilesOfLevel(count, 0)) stack.push(Buffer.alloc(width * 32, 1)).forEach(see)
    const { partial, root } = stack.finish()
    partial.forEach(see)
    expect(Buffer.from(root)).toEqual(
      Buffer.from(
        appendLeaves(
          emptyEdge(),
          Array.from({ length: count }, () => leaf),
        ).root,
      ),
    )
    const expected = [0, 1, 2].flatMap((level) =>
      [...tilesOfLevel(count, level)].map(({ index }) => `${level}/${index}`),
    )
    expect([...emitted].sort()).toEqual(expected.sort())
  })
})
