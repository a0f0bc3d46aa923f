import { createHash } from 'node:crypto'
import { openTimedSeal, parseCms, signatureValueOf, verifySigner, verifyTimedSeal } from '@socle/schemas'
import { beforeAll, describe, expect, test } from 'vitest'
import { createLocalTimestampAuthority } from '../adapters/timestamp-local.ts'
import { prepareSeal } from '../record/seal.ts'
import { withSignatureTimestamp } from './cms-timestamp.ts'
import { fromDer, octets, oid, sequence, set, tagged, toDer } from './der-build.ts'
import { makeAuthority, makeIdentity } from './make-certificates.ts'

const validity = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2030-01-01T00:00:00Z') }
const authority = makeAuthority({ organisation: 'Essai', name: 'Autorité' }, validity)
const signer = makeIdentity(authority, 'seal', { organisation: 'Essai', name: 'Cachet' }, validity)
const clock = makeIdentity(authority, 'timestamp', { organisation: 'Essai', name: 'Horloge' }, validity)
const at = new Date('2026-11-24T10:15:00.250Z')
const timestamps = createLocalTimestampAuthority({ identity: clock, clock: () => at })
const manifest = Buffer.from('manifest')

let seal: Buffer
let response: Uint8Array
let timed: Buffer
beforeAll(async () => {
  const digest = createHash('sha256').update(manifest).digest()
  seal = Buffer.from(await prepareSeal(signer.privateKey, signer.certificate).seal(digest, at))
  response = await timestamps.stamp(signatureValueOf(seal))
  timed = withSignatureTimestamp(seal, response)
})

describe('a seal with its signature timestamp', () => {
  test('signs the same manifest, and without the timestamp is the seal to the byte', () => {
    expect(verifySigner(parseCms(timed), manifest).certificate.raw.equals(signer.certificate.raw)).toBe(true)
    const opened = openTimedSeal(timed)
    expect(opened.seal.equals(seal)).toBe(true)
    expect(verifyTimedSeal(opened, [authority.certificate]).time).toEqual(at)
  })

  test('carries the token of a response, or a bare token, alike', () => {
    expect(withSignatureTimestamp(seal, openTimedSeal(timed).token).equals(timed)).toBe(true)
  })

  test('has a timestamp over its own value and nothing else', async () => {
    for (const data of [manifest, seal, Buffer.alloc(0)]) {
      const opened = openTimedSeal(withSignatureTimestamp(seal, await timestamps.stamp(data)))
      expect(() => verifyTimedSeal(opened, [authority.certificate])).toThrow('over other bytes')
    }
  })

  test('is made of a seal that has none yet, and of a token', () => {
    expect(() => withSignatureTimestamp(timed, response)).toThrow('already')
    expect(() => withSignatureTimestamp(seal, Buffer.from('3003020100', 'hex'))).toThrow()
    expect(() => withSignatureTimestamp(seal, toDer(sequence(sequence(octets(Buffer.alloc(1))))))).toThrow()
    expect(() => withSignatureTimestamp(Buffer.from('3000', 'hex'), response)).toThrow()
  })

  test('is refused with any one byte changed', () => {
    for (let place = 0; place < timed.length; place += 1) {
      const changed = Buffer.from(timed)
      changed[place] = (changed[place] ?? 0) ^ 0x01
      expect(() => {
        const opened = openTimedSeal(changed)
        verifyTimedSeal(opened, [authority.certificate])
        if (!opened.seal.equals(seal)) throw new Error('another seal')
      }, `byte ${place}`).toThrow()
    }
  })
})

describe('unsigned attributes', () => {
  type Asn1 = ReturnType<typeof fromDer>
  const signatureTimestamp = '1.2.840.113549.1.9.16.2.14'
  const withUnsigned = (...attributes: Asn1[]): Buffer => {
    const root = fromDer(seal)
    const path = [1, 0, -1, 0]
    let node = root
    for (const place of path) node = (node.value as (typeof root)[]).at(place) as typeof root
    ;(node.value as (typeof root)[]).push(tagged(1, ...attributes))
    return toDer(root)
  }
  const token = (): ReturnType<typeof fromDer> => fromDer(openTimedSeal(timed).token)

  test.each<[string, () => Buffer]>([
    ['none', () => seal],
    ['an empty set', () => withUnsigned()],
    ['another one', () => withUnsigned(sequence(oid('1.2.3.4'), set(token())))],
    ['one more', () => withUnsigned(sequence(oid('1.2.3.4'), set()), sequence(oid(signatureTimestamp), set(token())))],
    ['no token', () => withUnsigned(sequence(oid(signatureTimestamp), set()))],
    ['two tokens', () => withUnsigned(sequence(oid(signatureTimestamp), set(token(), fromDer(seal))))],
    ['a third member', () => withUnsigned(sequence(oid(signatureTimestamp), set(token()), octets(Buffer.alloc(1))))],
  ])('with %s are no signature timestamp', (_, build) => {
    expect(() => openTimedSeal(build())).toThrow()
  })
})
