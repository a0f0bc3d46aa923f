import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Report, verifyPath } from '@socle/gateway'
import { consistencyProof, formatGrowth, formatTlogProof, type Hash, nodeHash, type Receipt } from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type MadeState, type OtherLog, writeOtherLog } from './other-log.ts'
import { buildSmallExport, type SmallExport } from './small-export.ts'

let root: string
let small: SmallExport
let grown: MadeState
let rewritten: MadeState
/** What somebody kept of the first 300 entries: the note, and its token beside. */
let kept: string

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'socle-history-'))
  small = await buildSmallExport(join(root, 'export'))
  grown = await otherLog('grown', { size: 700 })
  rewritten = await otherLog('rewritten', { size: 700, rewritten: 17 })
  kept = join(root, 'kept')
  copyFileSync(join(small.directory, 'log', 'checkpoint'), kept)
  copyFileSync(join(small.directory, 'checkpoint.tsr'), `${kept}.tsr`)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const otherLog = async (name: string, other: OtherLog): Promise<MadeState> =>
  await writeOtherLog(small, join(root, name), other)

function put(name: string, content: string): string {
  writeFileSync(join(root, name), content)
  return join(root, name)
}

async function verifySince(from: string, path: string): Promise<Report> {
  return await verifyPath(path, { from, trust: small.directory })
}

function failed({ checks }: Report): string[] {
  return checks.filter(({ result }) => result === 'failed').map(({ place, message }) => `${place}: ${message.en}`)
}

function proofBetween(oldSize: number, { leafHashes }: MadeState): Hash[] {
  const nodeAt = (level: number, index: number): Hash =>
    level === 0
      ? (leafHashes[index] ?? new Uint8Array())
      : nodeHash(nodeAt(level - 1, index * 2), nodeAt(level - 1, index * 2 + 1))
  return consistencyProof(oldSize, leafHashes.length, nodeAt)
}

describe('a log that only grew', () => {
  test('is proved to, from a checkpoint, a stamped one, a receipt, a tlog-proof or an older export', async () => {
    const receipt = readFileSync(join(small.directory, 'receipts', `${small.names[2]}.json`), 'utf8')
    const { proof, checkpoint } = JSON.parse(receipt) as Receipt
    const olds = [
      put('kept.tlog-proof', formatTlogProof({ index: proof.index, path: proof.path, checkpoint })),
      put('note-only', grown.note),
      kept,
      join(small.directory, 'receipts', `${small.names[1]}.json`),
      small.directory,
      join(small.directory, 'log'),
    ]
    for (const from of olds) {
      const report = await verifySince(from, grown.directory)
      expect(failed(report), from).toEqual([])
      expect(report.verdict, from).toBe('proved')
      expect(report.text('en'), from).toContain('nothing was rewritten')
    }
  })

  test('says since when, once an outside clock saw the earlier checkpoint', async () => {
    const dated = await verifySince(kept, grown.directory)
    expect(dated.text('en')).toContain(
      'nothing was rewritten since 2026-11-24T08:05:01.000Z at the latest: the first 300',
    )
    expect(dated.text('fr')).toContain('rien n’a été réécrit depuis le 2026-11-24T08:05:01.000Z au plus tard')
    const undated = await verifySince(put('undated', grown.note), grown.directory)
    expect(undated.text('en')).toContain('since when nothing was rewritten remains to be proved')
  })

  test('is proved from every size below, tiles full or not', async () => {
    for (const size of [1, 2, 255, 256, 257, 511, 512, 640, 699, 700]) {
      const old = await otherLog(`old-${size}`, { size })
      const report = await verifySince(old.directory, join(grown.directory, 'log'))
      expect(failed(report), `${size} entries`).toEqual([])
      expect(report.verdict, `${size} entries`).toBe('proved')
    }
  })
})

describe('a log rewritten and signed again', () => {
  test('agrees with itself', async () => {
    expect((await verifyPath(rewritten.directory)).verdict).toBe('proved')
  })

  test('is caught by an old receipt', async () => {
    const receipt = join(small.directory, 'receipts', `${small.names[3]}.json`)
    const report = await verifySince(receipt, rewritten.directory)
    expect(report.verdict).toBe('not-proved')
    expect(failed(report)).toEqual([expect.stringMatching(/^log\/checkpoint: THE LOG WAS REWRITTEN/)])
  })

  test('is caught by a stamped checkpoint, and nobody can say it was made afterwards', async () => {
    const report = await verifySince(kept, rewritten.directory)
    expect(report.verdict).toBe('not-proved')
    expect(failed(report)).toEqual([expect.stringMatching(/^log\/checkpoint: THE LOG WAS REWRITTEN/)])
    const token = report.checks.find(({ place }) => place === `${kept}.tsr`)
    expect(token?.result).toBe('proved')
  })

  test('is caught by two checkpoints of one size alone', async () => {
    const other = await otherLog('same-size', { size: 300, rewritten: 299 })
    const report = await verifySince(kept, put('second', other.note))
    expect(failed(report)).toEqual([expect.stringMatching(/^second: THE LOG WAS REWRITTEN/)])
    expect(report.verdict).toBe('not-proved')
  })

  test('is not caught where nothing kept reaches: before the change both tell the same', async () => {
    const before = await otherLog('before', { size: 17 })
    expect((await verifySince(before.directory, rewritten.directory)).verdict).toBe('proved')
    const after = await otherLog('after', { size: 18 })
    expect((await verifySince(after.directory, rewritten.directory)).verdict).toBe('not-proved')
  })
})

describe('two checkpoints without the log', () => {
  test('are linked by a consistency proof, as a witness is sent it', async () => {
    const proof = proofBetween(300, grown)
    const report = await verifySince(kept, put('growth', formatGrowth({ oldSize: 300, proof, checkpoint: grown.note })))
    expect(failed(report)).toEqual([])
    expect(report.verdict).toBe('proved')
    expect(report.text('en')).toContain('nothing was rewritten since')
  })

  test('are not, by a proof with one hash changed, one missing, or of the rewritten log', async () => {
    const proof = proofBetween(300, grown)
    const flipped = proof.map((hash, at) => (at === 1 ? Buffer.from(hash).fill(0x5a, 7, 8) : hash))
    for (const wrong of [flipped, proof.slice(1), [], proofBetween(300, rewritten)]) {
      const growth = formatGrowth({ oldSize: 300, proof: wrong, checkpoint: grown.note })
      const report = await verifySince(kept, put('wrong', growth))
      expect(report.verdict).toBe('not-proved')
      expect(failed(report)).toEqual([expect.stringContaining('the consistency proof does not link')])
    }
    const other = formatGrowth({ oldSize: 300, proof: proofBetween(300, rewritten), checkpoint: rewritten.note })
    expect(failed(await verifySince(kept, put('other', other)))).toEqual([expect.stringContaining('does not link')])
  })

  test('cannot be compared without any, or by one of another size, and the report says what to give', async () => {
    const alone = await verifySince(kept, put('alone', grown.note))
    expect(alone.verdict).toBe('unusable')
    expect(alone.text('fr')).toContain('preuve de cohérence')
    const growth = formatGrowth({ oldSize: 299, proof: proofBetween(299, grown), checkpoint: grown.note })
    expect((await verifySince(kept, put('another-size', growth))).verdict).toBe('unusable')
  })

  test('given the wrong way round are named as such', async () => {
    const report = await verifySince(put('newer', grown.note), kept)
    expect(report.verdict).toBe('not-proved')
    expect(failed(report)).toEqual([expect.stringMatching(/^kept: .*the two are exchanged/)])
  })

  test('of two hubs are refused, and so is one that the log did not sign', async () => {
    const stranger = await buildSmallExport(join(root, 'stranger', 'export'))
    const note = join(stranger.directory, 'log', 'checkpoint')
    expect((await verifySince(note, grown.directory)).verdict).toBe('not-proved')
    expect((await verifySince(kept, note)).verdict).toBe('not-proved')
  })
})

test('one checkpoint alone is proved signed and dated', async () => {
  const report = await verifyPath(kept, { trust: small.directory })
  expect(report.verdict).toBe('proved')
  expect(report.text('en')).toContain('checkpoint timestamped by the trusted authority')
})

test('damaged or missing tiles are no proof of a rewriting', async () => {
  const damaged = await otherLog('damaged', { size: 700 })
  const tile = join(damaged.directory, 'log', 'tile', '1', '000.p', '2')
  const changes = [(): void => writeFileSync(tile, Buffer.alloc(2 * 32, 1)), (): void => rmSync(tile)]
  for (const change of changes) {
    change()
    const report = await verifySince(kept, damaged.directory)
    expect(report.verdict).toBe('not-proved')
    expect(report.text('en')).not.toContain('THE LOG WAS REWRITTEN')
    expect(failed(report)).toContainEqual(expect.stringContaining('could not be compared'))
  }
})

test('what --from cannot go with is unusable', async () => {
  const receipt = join(small.directory, 'receipts', `${small.names[1]}.json`)
  expect((await verifySince(kept, receipt)).verdict).toBe('unusable')
  expect((await verifySince(kept, join(small.directory, 'evidence', `${small.names[1]}.asice`))).verdict).toBe(
    'unusable',
  )
  expect((await verifySince(join(root, 'absent'), grown.directory)).verdict).toBe('unusable')
})
