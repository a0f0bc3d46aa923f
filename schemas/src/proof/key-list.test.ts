import { createPrivateKey, createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Receipt } from '../generated/types.ts'
import { openCheckpoint } from './checkpoint.ts'
import { parseCms, verifySigner } from './cms-verify.ts'
import {
  certificateId,
  checkKeyAt,
  formatKeyList,
  type KeyRecord,
  logKeyId,
  openKeyList,
  signKeyList,
} from './key-list.ts'
import { makeVkey, parseVkey, signNote } from './note.ts'
import { parseTrust, type Trust } from './trust.ts'
import { verifyReceipt } from './verify-receipt.ts'

function keyOf(seed: number): ReturnType<typeof createPrivateKey> {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, seed)])
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
}

const signer = { name: 'socle.example/sandbox/2027a', privateKey: keyOf(7) }
const vkey = makeVkey(signer.name, createPublicKey(signer.privateKey))
const issued = new Date('2027-02-01T00:00:00.000Z')
const own: KeyRecord = { purpose: 'log', id: logKeyId(vkey), vkey }
const seal: KeyRecord = { purpose: 'seal', id: 'ab'.repeat(32), from: '2026-01-01T00:00:00.000Z' }
const open = (keys: readonly KeyRecord[]): unknown =>
  openKeyList(signKeyList({ issued, keys }, signer), [parseVkey(vkey)])

describe('the signed list of keys', () => {
  test('says what was signed, by one key a line', () => {
    const keys = [own, { ...seal, revokedAt: '2026-12-01T00:00:00.000Z', reason: 'keyCompromise' }]
    const note = signKeyList({ issued, keys }, signer)
    expect(note.split('\n').slice(0, 3)).toEqual(['socle-keys/v1', signer.name, '2027-02-01T00:00:00.000Z'])
    expect(openKeyList(note, [parseVkey(vkey)])).toEqual({ origin: signer.name, issued, keys })
    expect(() => openCheckpoint(note, [parseVkey(vkey)])).toThrow()
  })

  test('does not verify with any character changed, nor under another key', () => {
    const note = signKeyList({ issued, keys: [own, seal] }, signer)
    for (let place = 0; place < note.length; place += 3) {
      const changed = `${note.slice(0, place)}${note[place] === 'x' ? 'y' : 'x'}${note.slice(place + 1)}`
      expect(() => openKeyList(changed, [parseVkey(vkey)]), `place ${place}`).toThrow()
    }
    const stranger = makeVkey(signer.name, createPublicKey(keyOf(8)))
    expect(() => openKeyList(note, [parseVkey(stranger)])).toThrow('no signature comes from a trusted log key')
    expect(() => openKeyList(note, [])).toThrow('no trusted key for the log')
  })

  test('is refused when its own signer is revoked in it', () => {
    expect(() => open([{ ...own, revokedAt: '2027-01-01T00:00:00.000Z' }, seal])).toThrow('that it calls revoked')
  })

  test.each<[string, readonly object[], string]>([
    ['a purpose that does not exist', [{ ...seal, purpose: 'token' }], 'purpose is malformed'],
    ['an id that is no digest', [{ ...seal, id: 'ab' }], 'id is malformed'],
    ['no id', [{ purpose: 'seal' }], 'no purpose or no id'],
    ['an instant in another form', [{ ...seal, to: '2026-01-01T00:00:00Z' }], 'to is malformed'],
    ['a member that nobody knows', [{ ...seal, more: 1 }], 'more is malformed'],
    ['a log key without its verifier key', [{ ...own, vkey: undefined }], 'vkey is malformed'],
    ['a log key under another id', [{ ...own, id: seal.id }], 'come with their verifier key'],
    ['a seal with a verifier key', [{ ...seal, vkey }], 'come with their verifier key'],
    ['too many keys', Array.from({ length: 257 }, () => seal), 'more than 256 keys'],
  ])('is not written with %s', (_, keys, reason) => {
    expect(() => open(keys as KeyRecord[])).toThrow(reason)
  })

  test.each([
    ['the same key twice', (text: string) => text + text.slice(text.lastIndexOf('{')), 'names a key twice'],
    ['a space more', (text: string) => text.replace(':"seal"', ': "seal"'), 'not in its canonical form'],
    ['no JSON', (text: string) => `${text}x\n`, 'is not JSON'],
    ['another format', (text: string) => text.replace('v1', 'v2'), 'not a list of keys'],
    ['another time', (text: string) => text.replace('00:00:00.000Z', '00:00:00Z'), 'is malformed'],
  ])('is not read with %s, though well signed', (_, change, reason) => {
    const text = change(formatKeyList({ origin: signer.name, issued, keys: [own, seal] }))
    expect(() => openKeyList(signNote(text, signer), [parseVkey(vkey)])).toThrow(reason)
  })
})

describe('a receipt under a list of keys', () => {
  const examples = join(import.meta.dirname, '../../examples/receipt')
  const read = (path: string): string => readFileSync(join(examples, path), 'utf8')
  const receipt = JSON.parse(read('valid-recorded.json')) as Receipt
  const files = { logVkey: read('trust/log.vkey'), sealCa: read('trust/seal-ca.pem') }
  const signed = parseCms(Buffer.from(receipt.seal.signature, 'base64'))
  const { certificate, signingTime = new Date(Number.NaN) } = verifySigner(signed, Buffer.from(receipt.seal.manifest))
  const logLine = files.logVkey.trim()
  const theLog: KeyRecord = { purpose: 'log', id: logKeyId(logLine), vkey: logLine }
  const theSeal: KeyRecord = { purpose: 'seal', id: certificateId(certificate) }
  const later = (seconds: number): Date => new Date(signingTime.getTime() + seconds * 1_000)
  const trustOf = (keys: readonly KeyRecord[]): Trust =>
    parseTrust({
      ...files,
      logVkey: `${files.logVkey}${vkey}\n`,
      keys: signKeyList({ issued, keys: [own, ...keys] }, signer),
    })
  const judged = (keys: readonly KeyRecord[], provenTime?: Date): readonly [string, string | undefined] => {
    const { verdict, checks } = verifyReceipt(receipt, { trust: trustOf(keys), ...(provenTime ? { provenTime } : {}) })
    return [verdict, checks.find(({ name }) => name === 'key-list')?.detail]
  }
  const revoked = (key: KeyRecord): KeyRecord => ({
    ...key,
    revokedAt: later(3_600).toISOString(),
    reason: 'keyCompromise',
  })

  test('is proved while both keys are in it, and asked nothing more without a list', () => {
    expect(judged([theLog, theSeal])).toEqual(['proved', undefined])
    const { checks } = verifyReceipt(receipt, { trust: parseTrust(files) })
    expect(checks.map(({ name }) => name)).not.toContain('key-list')
  })

  test.each([
    ['seal certificate', [theLog, revoked(theSeal)]],
    ['log key', [revoked(theLog), theSeal]],
  ])('counts after its %s was revoked only when a timestamp shows it before', (what, keys) => {
    const reason = `the ${what} was revoked as of ${later(3_600).toISOString()} (keyCompromise), and no timestamp proves that this was there before`
    expect(judged(keys)).toEqual(['not-proved', reason])
    expect(judged(keys, later(3_600))).toEqual(['not-proved', reason])
    expect(judged(keys, later(3_599))).toEqual(['proved', undefined])
  })

  test('is not proved by keys that the list does not name', () => {
    expect(judged([theLog])).toEqual(['not-proved', expect.stringContaining('does not name the seal certificate')])
    expect(judged([theSeal])).toEqual(['not-proved', expect.stringContaining('does not name the key of the log')])
  })

  test('must be dated within the time of its seal, to the second', () => {
    const within = (from: number, to: number): KeyRecord => ({
      ...theSeal,
      from: later(from).toISOString(),
      to: later(to).toISOString(),
    })
    expect(judged([theLog, within(0, 0)])).toEqual(['proved', undefined])
    expect(judged([theLog, within(0.9, 5)])[0]).toBe('proved')
    expect(judged([theLog, within(1, 5)])[1]).toContain(`not at ${signingTime.toISOString()}`)
    expect(judged([theLog, within(-5, -1)])[1]).toContain('the seal certificate seals from')
    const list = { origin: signer.name, issued, keys: [within(-5, -1)] }
    expect(() => checkKeyAt(list, certificate, undefined)).not.toThrow()
  })
})
