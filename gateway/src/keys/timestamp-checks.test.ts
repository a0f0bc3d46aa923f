import { checkAnswer, checkOrder, driftOf, type Timestamp, verifyTimestamp } from '@socle/schemas'
import { describe, expect, test } from 'vitest'
import { bits, integer, taggedBytes } from './der-build.ts'
import { makeAuthority } from './make-certificates.ts'
import { forgeSigner, type SignerPlan, timeStamping } from './testing/forged-signer.ts'
import { forgeTimestamp, type TokenPlan } from './testing/forged-timestamp.ts'

const validity = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2030-01-01T00:00:00Z') }
const authority = makeAuthority({ organisation: 'Essai', name: 'Autorité' }, validity)
const stranger = makeAuthority({ organisation: 'Essai', name: 'Autre autorité' }, validity)
const signer = forgeSigner(authority)
const data = Buffer.from('un point de contrôle')

function verify(plan: Partial<TokenPlan> = {}, signedBy: SignerPlan = {}): Timestamp {
  const signers = [Object.keys(signedBy).length === 0 ? signer : forgeSigner(authority, signedBy)]
  return verifyTimestamp(forgeTimestamp({ data, signers, ...plan }), data, [authority.certificate])
}

describe('a good token', () => {
  test('says time, exactness, serial, policy, nonce and who signed', () => {
    const nonce = Buffer.from('4f00112233445566', 'hex')
    const { certificate, ...said } = verify({ nonce, serial: Buffer.from('0102', 'hex') })
    expect(certificate.fingerprint256).toBe(signer.certificate.fingerprint256)
    expect(said).toEqual({
      time: new Date('2026-11-24T10:15:00Z'),
      accuracyMs: 1_000,
      serial: '0102',
      policy: '1.2.3.4',
      nonce: '4f00112233445566',
    })
  })

  test.each<[string, Partial<TokenPlan>, number]>([
    ['seconds, milliseconds and microseconds, rounded up', { accuracy: [integer(2), ms(500), us(1)] }, 2_501],
    ['milliseconds alone', { accuracy: [ms(20)] }, 20],
    ['nothing: a second, as its text shows', { accuracy: [] }, 1_000],
  ])('may be as exact as %s', (_, plan, accuracyMs) => {
    expect(verify(plan).accuracyMs).toBe(accuracyMs)
  })

  test('may be granted with modifications, signed by RSA, or name its certificate as RFC 3161 first did', () => {
    expect(verify({ status: 1 }).policy).toBe('1.2.3.4')
    expect(verify({}, { key: 'rsa-2048' }).policy).toBe('1.2.3.4')
    expect(verify({ named: { certificate: signer.certificate, by: 'v1' } }).policy).toBe('1.2.3.4')
  })
})

/** IMPLICIT INTEGERs of an accuracy. */
function ms(value: number): ReturnType<typeof taggedBytes> {
  return taggedBytes(0, value < 128 ? Uint8Array.of(value) : Uint8Array.of(value >> 8, value & 0xff))
}
function us(value: number): ReturnType<typeof taggedBytes> {
  return taggedBytes(1, Uint8Array.of(value))
}

/** timeNotAvailable is bit 14. */
const timeNotAvailable = bits(Uint8Array.of(0x00, 0x02), 1)
const other = forgeSigner(authority)

describe('a token in which exactly one thing is wrong', () => {
  test.each<[string, Partial<TokenPlan>, SignerPlan, string]>([
    ['the authority refused', { status: 2, statusDetails: [timeNotAvailable] }, {}, 'not granted: timeNotAvailable'],
    ['the authority is still waiting', { status: 3 }, {}, 'the timestamp was not granted'],
    ['it is over other bytes', { data: Buffer.from('autre') }, {}, 'the timestamp is over other bytes'],
    ['its imprint is SHA-1', { imprintDigest: 'sha1' }, {}, 'the imprint is not SHA-256'],
    ['two sign it', { signers: [signer, other] }, {}, '2 signers where one is expected'],
    ['nobody signs it', { signers: [] }, {}, '0 signers where one is expected'],
    ['it is signed over SHA-1', { digest: 'sha1' }, {}, 'the digest algorithm is not SHA-256'],
    ['its RSA key is short', {}, { key: 'rsa-1024' }, 'the RSA key is too short'],
    ['its curve is another', {}, { key: 'secp256k1' }, 'the curve is not accepted'],
    ['its certificate is issued with SHA-1', {}, { issuedWith: 'sha1' }, 'signed by 1.2.840.10045.4.1, which is not'],
    ['its certificate is for nothing special', {}, { purposes: [] }, 'not meant for timestamps only'],
    ['its certificate is for TLS too', {}, { purposes: [timeStamping, '1.3.6.1.5.5.7.3.1'] }, 'timestamps only'],
    ['its certificate does not insist', {}, { critical: false }, 'not meant for timestamps only'],
    ['it is older than its certificate', { time: new Date('2025-12-31T23:59:59Z') }, {}, 'is not valid at 2025-12-31'],
    [
      'it is younger than its certificate',
      { time: new Date('2030-01-01T00:00:02Z') },
      {},
      'is not valid at 2030-01-01',
    ],
    ['its certificate is not attached', { attached: [other.certificate] }, {}, 'certificate is not attached'],
    [
      'it names another certificate',
      { named: { certificate: other.certificate, by: 'v2' } },
      {},
      'another certificate',
    ],
    ['it names another as RFC 3161 did', { named: { certificate: other.certificate, by: 'v1' } }, {}, 'another cert'],
    ['it names no certificate', { named: undefined }, {}, 'signing-certificate-v2 attribute is missing'],
    ['it is exact to two minutes', { accuracy: [integer(120)] }, {}, 'exact to 120000 ms only'],
    ['its exactness is malformed', { accuracy: [us(1), ms(1)] }, {}, 'the accuracy is malformed'],
    [
      'it has a critical extension',
      { criticalExtension: true },
      {},
      'critical timestamp extension is unknown: 1.2.3.5',
    ],
  ])('%s', (_, plan, signedBy, reason) => {
    expect(() => verify(plan, signedBy)).toThrow(reason)
  })

  test('its authority is another, or none is known', () => {
    const token = forgeTimestamp({ data, signers: [signer] })
    expect(() => verifyTimestamp(token, data, [stranger.certificate])).toThrow('does not lead to the trusted authority')
    expect(() => verifyTimestamp(token, data, [])).toThrow('no trusted authority was given')
    expect(verifyTimestamp(token, data, [stranger.certificate, authority.certificate]).policy).toBe('1.2.3.4')
  })

  test('it is cut anywhere, or goes on', () => {
    const token = forgeTimestamp({ data, signers: [signer] })
    for (let length = 0; length < token.length; length += 7)
      expect(() => verifyTimestamp(token.subarray(0, length), data, [authority.certificate]), `${length}`).toThrow()
    const longer = Buffer.concat([token, Buffer.of(0)])
    expect(() => verifyTimestamp(longer, data, [authority.certificate])).toThrow()
  })
})

describe('an answer', () => {
  const nonce = '4f00112233445566'
  const stamp = verify({ nonce: Buffer.from(nonce, 'hex') })
  const at = (seconds: number): Date => new Date(stamp.time.getTime() + seconds * 1_000)
  const asked = { nonce, policies: ['1.2.3.9', '1.2.3.4'], from: at(-0.2), to: at(0.3), windowMs: 30_000 }

  test('goes with its question', () => {
    expect(() => checkAnswer(stamp, asked)).not.toThrow()
    expect(() => checkAnswer(stamp, { ...asked, from: at(-32), to: at(-31) })).not.toThrow()
  })

  test.each([
    ['a replay of an earlier one', stamp, { nonce: '4f00112233445567' }, 'the nonce of another request'],
    ['without its nonce', verify(), {}, 'the timestamp has no nonce'],
    ['under another policy', stamp, { policies: ['1.2.3'] }, 'the policy 1.2.3.4 is not accepted'],
    ['ahead of our clock', stamp, { from: at(-33), to: at(-32) }, 'clock is 31000 ms ahead of ours'],
    ['behind our clock', stamp, { from: at(32), to: at(33) }, 'clock is 31000 ms behind ours'],
  ])('does not pass %s', (_, given, change, reason) => {
    expect(() => checkAnswer(given, { ...asked, ...change })).toThrow(reason)
  })

  test('says by how much the clocks differ for certain', () => {
    expect(driftOf(stamp, at(-0.5), at(0.5))).toBe(0)
    expect(driftOf(stamp, at(-11), at(-10))).toBe(9_000)
    expect(driftOf(stamp, at(10), at(11))).toBe(-9_000)
  })
})

test('time may stand still within what both clocks promise, and does not go back', () => {
  const time = (seconds: number, accuracyMs: number): { time: Date; accuracyMs: number } => ({
    time: new Date(Date.parse('2026-11-24T10:15:00Z') + seconds * 1_000),
    accuracyMs,
  })
  expect(() => checkOrder(time(0, 1_000), time(60, 1_000))).not.toThrow()
  expect(() => checkOrder(time(0, 1_000), time(-1.5, 500))).not.toThrow()
  expect(() => checkOrder(time(0, 1_000), time(-1.6, 500))).toThrow('before the one logged last')
})
