import { generateKeyPairSync } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Report, verifyPath } from '@socle/gateway'
import { certificateId, logKeyId, makeVkey, signKeyList } from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type MadeState, writeOtherLog } from './other-log.ts'
import { buildSmallExport, type SmallExport } from './small-export.ts'

let root: string
let small: SmallExport
/** What a thief of the log key signs: no clock of anybody's saw it. */
let stolen: MadeState

// The token over the export is of 300 s after 08:00.
const stampedAt = '2026-11-24T08:05:00.000Z'
const afterwards = '2026-11-24T08:06:00.000Z'

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'socle-revoked-'))
  small = await buildSmallExport(join(root, 'export'))
  stolen = await writeOtherLog(small, join(root, 'stolen'), { size: 310 })
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A folder of trust whose list of keys, signed by the log that came after, takes the log key back. */
function trustRevokedAt(revokedAt: string): string {
  const directory = join(root, `trust-${Date.parse(revokedAt)}`)
  mkdirSync(directory, { recursive: true })
  for (const file of ['seal-ca.pem', 'tsa-ca.pem']) copyFileSync(join(small.directory, file), join(directory, file))
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const name = 'socle.example/essai/2027a'
  const vkey = readFileSync(join(small.directory, 'log.vkey'), 'utf8').trim()
  const next = makeVkey(name, publicKey)
  writeFileSync(join(directory, 'log.vkey'), `${vkey}\n${next}\n`)
  const note = signKeyList(
    {
      issued: new Date('2026-11-25T00:00:00.000Z'),
      keys: [
        { purpose: 'log', id: logKeyId(vkey), vkey, revokedAt, reason: 'keyCompromise' },
        { purpose: 'log', id: logKeyId(next), vkey: next },
        { purpose: 'seal', id: certificateId(small.keys.seal.certificate) },
      ],
    },
    { name, privateKey },
  )
  writeFileSync(join(directory, 'keys.note'), note)
  return directory
}

const revoked = ({ checks }: Report): readonly string[] =>
  checks.filter(({ detail = '' }) => detail.includes('the log key was revoked')).map(({ place }) => place)

describe('with a log key that was revoked', () => {
  test('what an outside clock saw before is proved: the log, its receipts and containers, its checkpoint alone', async () => {
    const trust = trustRevokedAt(afterwards)
    const report = await verifyPath(small.directory, { trust })
    expect(report.verdict, report.text('en')).toBe('proved')
    const kept = join(root, 'kept')
    copyFileSync(join(small.directory, 'log', 'checkpoint'), kept)
    copyFileSync(join(small.directory, 'checkpoint.tsr'), `${kept}.tsr`)
    expect((await verifyPath(kept, { trust })).verdict).toBe('proved')
  })

  test('nothing is that it may have signed since', async () => {
    const report = await verifyPath(small.directory, { trust: trustRevokedAt(stampedAt) })
    expect(report.verdict).toBe('not-proved')
    expect(revoked(report)).toContain('log/checkpoint')
    expect(revoked(report)).toContainEqual(expect.stringMatching(/^receipts\//))
    expect(revoked(report)).toContainEqual(expect.stringMatching(/^evidence\/.*proof\.tlog-proof$/))
  })

  test('a log, or a checkpoint alone, that no clock saw is not proved', async () => {
    const trust = trustRevokedAt(afterwards)
    const log = await verifyPath(stolen.directory, { trust })
    expect(log.verdict).toBe('not-proved')
    expect(revoked(log)).toEqual(['log/checkpoint'])
    const alone = join(root, 'alone')
    writeFileSync(alone, stolen.note)
    const report = await verifyPath(alone, { trust })
    expect(report.verdict).toBe('not-proved')
    expect(revoked(report)).toEqual(['alone'])
  })

  test('an earlier state that no clock saw accuses nobody of rewriting', async () => {
    const trust = trustRevokedAt(afterwards)
    const rewritten = await writeOtherLog(small, join(root, 'rewritten'), { size: 250, rewritten: 17 })
    const from = join(root, 'rewritten-note')
    writeFileSync(from, rewritten.note)
    const report = await verifyPath(small.directory, { trust, from })
    expect(report.verdict).toBe('not-proved')
    expect(revoked(report)).toEqual([from])
    expect(report.text('en')).not.toContain('THE LOG WAS REWRITTEN')
  })
})
