import * as node from 'node:crypto'
import { describe, expect, test } from 'vitest'
import * as page from './crypto.ts'

const digests = ['sha256', 'sha384', 'sha512'] as const
const texts = ['', 'a', 'é☃', 'x'.repeat(1_000)].map((text) => Buffer.from(text))

/** The verdict of either, with a refusal by an error as a verdict of its own: callers take both for a failure. */
function verdictOf(ask: () => boolean): boolean {
  try {
    return ask()
  } catch {
    return false
  }
}

interface Question {
  readonly spki: Buffer
  readonly digest: string | undefined
  readonly data: Buffer
  readonly signature: Uint8Array
}

function ofNode({ spki, digest, data, signature }: Question): boolean {
  return verdictOf(() =>
    node.verify(digest, data, node.createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature),
  )
}

function ofPage({ spki, digest, data, signature }: Question): boolean {
  return verdictOf(() =>
    page.verify(digest, data, page.createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature),
  )
}

/** Both answer alike. @returns what they answer */
function agreeOn(question: Question): boolean {
  const expected = ofNode(question)
  expect(ofPage(question), Buffer.from(question.signature).toString('hex')).toBe(expected)
  return expected
}

const spkiOf = (key: node.KeyObject): Buffer => key.export({ format: 'der', type: 'spki' })

function integer(value: bigint): Buffer {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  const padded = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes
  return wrap(0x02, padded)
}

function wrap(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const length = content.length < 0x80 ? [content.length] : [0x81, content.length]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}

describe('digests', () => {
  test.each(['sha1', ...digests, 'SHA256'])('%s is that of node:crypto', (name) => {
    for (const text of texts) {
      expect(page.createHash(name).update(text).digest()).toEqual(node.createHash(name).update(text).digest())
      const pieces = page.createHash(name).update(text.subarray(0, 1)).update(text.subarray(1)).digest('hex')
      expect(pieces).toBe(node.createHash(name).update(text).digest('hex'))
      for (const encoding of ['buffer', 'hex', 'binary', 'base64'] as const)
        expect(page.hash(name, text, encoding as 'buffer')).toEqual(node.hash(name, text, encoding as 'buffer'))
    }
    expect(page.hash(name, 'été')).toBe(node.hash(name, 'été'))
  })

  test('what is not known is refused', () => {
    expect(() => page.createHash('md5')).toThrow(/not known/)
    expect(() => page.createHash('toString')).toThrow(/not known/)
  })
})

const curves = [
  ['P-256', 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n],
  ['P-384', 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n],
  ['P-521', BigInt(`0x1${'f'.repeat(65)}a51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409`)],
] as const

describe.each(curves)('ECDSA on %s', (namedCurve, order) => {
  const { privateKey, publicKey } = node.generateKeyPairSync('ec', { namedCurve })
  const other = node.generateKeyPairSync('ec', { namedCurve }).publicKey
  const spki = spkiOf(publicKey)
  const data = Buffer.from('to be signed')

  test.each(digests)('with %s: good, of other bytes, of another key, each byte changed', (digest) => {
    const signature = node.sign(digest, data, privateKey)
    expect(agreeOn({ spki, digest, data, signature })).toBe(true)
    expect(agreeOn({ spki, digest, data: Buffer.from('other'), signature })).toBe(false)
    expect(agreeOn({ spki: spkiOf(other), digest, data, signature })).toBe(false)
    const step = namedCurve === 'P-256' ? 1 : 7
    for (let at = 0; at < signature.length; at += step) {
      const changed = Buffer.from(signature)
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8))
      agreeOn({ spki, digest, data, signature: changed })
    }
  })

  test('crafted numbers and encodings', () => {
    const signature = node.sign('sha256', data, privateKey)
    const p1363 = node.sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' })
    const half = p1363.length / 2
    const [r, s] = [0, half].map((at) => BigInt(`0x${p1363.subarray(at, at + half).toString('hex')}`))
    if (r === undefined || s === undefined) throw new Error('no signature')
    const made = (first: bigint, second: bigint): Buffer => wrap(0x30, integer(first), integer(second))
    const good = [made(r, s), made(r, order - s)]
    for (const crafted of good) expect(agreeOn({ spki, digest: 'sha256', data, signature: crafted })).toBe(true)
    const [first, second] = [integer(r), integer(s)]
    const padded = wrap(0x02, Buffer.from([0]), first.subarray(2))
    const bad = [
      made(0n, s),
      made(r, 0n),
      made(order, s),
      made(r + order, s),
      made(r, s + order),
      made(r, order),
      made(1n, 1n),
      Buffer.concat([signature, Buffer.from([0])]),
      signature.subarray(0, -1),
      Buffer.alloc(0),
      Buffer.from([0x30]),
      Buffer.from([0x30, 0x80, ...first, ...second, 0, 0]),
      wrap(0x30, first),
      wrap(0x30, first, second, integer(1n)),
      wrap(0x31, first, second),
      wrap(0x30, padded, second),
      wrap(0x30, wrap(0x02), second),
      p1363,
    ]
    for (const crafted of bad) expect(agreeOn({ spki, digest: 'sha256', data, signature: crafted })).toBe(false)
  })

  test('details of the key, and keys that are none', () => {
    const [mine, theirs] = [page.createPublicKey({ key: spki, format: 'der', type: 'spki' }), publicKey]
    expect(mine.asymmetricKeyType).toBe(theirs.asymmetricKeyType)
    expect(mine.asymmetricKeyDetails).toEqual(theirs.asymmetricKeyDetails)
    expect(mine.export({ format: 'der', type: 'spki' })).toEqual(spki)
    const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString()
    expect(page.createPublicKey(pem).export({ format: 'der', type: 'spki' })).toEqual(spki)
    const off = Buffer.from(spki)
    off[off.length - 1] = (off.at(-1) ?? 0) ^ 1
    for (const wrong of [off, spki.subarray(0, -1), Buffer.alloc(0), Buffer.from('30050000', 'hex')]) {
      expect(() => node.createPublicKey({ key: wrong, format: 'der', type: 'spki' })).toThrow()
      expect(() => page.createPublicKey({ key: wrong, format: 'der', type: 'spki' })).toThrow()
    }
  })
})

describe.each([2_048, 3_072, 4_096])('RSA PKCS #1 v1.5 with %d bits', (modulusLength) => {
  const { privateKey, publicKey } = node.generateKeyPairSync('rsa', { modulusLength })
  const spki = spkiOf(publicKey)
  const data = Buffer.from('to be signed')

  test.each(digests)('with %s: good, and not', (digest) => {
    const signature = node.sign(digest, data, privateKey)
    expect(agreeOn({ spki, digest, data, signature })).toBe(true)
    expect(agreeOn({ spki, digest, data: Buffer.from('other'), signature })).toBe(false)
    const raw = (block: Uint8Array): Buffer =>
      node.privateEncrypt({ key: privateKey, padding: node.constants.RSA_NO_PADDING }, block)
    const block = node.publicDecrypt({ key: publicKey, padding: node.constants.RSA_NO_PADDING }, signature)
    expect(agreeOn({ spki, digest, data, signature: raw(block) })).toBe(true)
    const blockEnd = block.indexOf(0, 1)
    // Shorter padding with rubbish behind, no NULL, another padding octet, type 2, another DigestInfo.
    const loose = Buffer.concat([block.subarray(0, 11), block.subarray(blockEnd), Buffer.alloc(blockEnd - 11, 0x11)])
    const variants = [loose, 2, blockEnd - 1, 1, blockEnd + 5].map((variant) => {
      if (typeof variant !== 'number') return variant
      const changed = Buffer.from(block)
      changed[variant] = (changed[variant] ?? 0) ^ 3
      return changed
    })
    for (const variant of variants) expect(agreeOn({ spki, digest, data, signature: raw(variant) })).toBe(false)
    const larger = Buffer.from((BigInt(`0x${signature.toString('hex')}`) + modulusOf(publicKey)).toString(16), 'hex')
    const wrong = [
      larger,
      Buffer.concat([Buffer.from([0]), signature]),
      signature.subarray(1),
      Buffer.alloc(0),
      Buffer.alloc(signature.length),
      Buffer.alloc(signature.length, 0xff),
      node.sign(digest, data, { key: privateKey, padding: node.constants.RSA_PKCS1_PSS_PADDING }),
      node.sign(digest === 'sha256' ? 'sha512' : 'sha256', data, privateKey),
    ]
    for (const one of wrong) expect(agreeOn({ spki, digest, data, signature: one })).toBe(false)
  })

  test('details of the key', () => {
    const mine = page.createPublicKey({ key: spki, format: 'der', type: 'spki' })
    expect(mine.asymmetricKeyType).toBe('rsa')
    expect(mine.asymmetricKeyDetails).toEqual(publicKey.asymmetricKeyDetails)
  })
})

function modulusOf(key: node.KeyObject): bigint {
  const { n = '' } = key.export({ format: 'jwk' })
  return BigInt(`0x${Buffer.from(n, 'base64url').toString('hex')}`)
}

describe('Ed25519', () => {
  const { privateKey, publicKey } = node.generateKeyPairSync('ed25519')
  const prefix = Buffer.from('302a300506032b6570032100', 'hex')
  const data = Buffer.from('to be signed')
  const order = (1n << 252n) + 27742317777372353535851937790883648493n

  test('good, and every byte changed', () => {
    const spki = spkiOf(publicKey)
    const signature = node.sign(undefined, data, privateKey)
    expect(agreeOn({ spki, digest: undefined, data, signature })).toBe(true)
    expect(agreeOn({ spki, digest: undefined, data: Buffer.from('other'), signature })).toBe(false)
    for (let at = 0; at < signature.length; at += 1) {
      const changed = Buffer.from(signature)
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8))
      expect(agreeOn({ spki, digest: undefined, data, signature: changed })).toBe(false)
    }
    const s = BigInt(`0x${Buffer.from(signature.subarray(32).toReversed()).toString('hex')}`) + order
    const second = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').toReversed()
    for (const wrong of [
      Buffer.concat([signature.subarray(0, 32), second]),
      signature.subarray(0, 63),
      Buffer.concat([signature, Buffer.from([0])]),
      Buffer.alloc(0),
    ])
      expect(agreeOn({ spki, digest: undefined, data, signature: wrong })).toBe(false)
    expect(agreeOn({ spki, digest: 'sha256', data, signature })).toBe(false)
  })

  test('keys and commitments of small order, and encodings beyond the prime, as OpenSSL takes them', () => {
    const points = [
      '0100000000000000000000000000000000000000000000000000000000000000',
      'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      '0000000000000000000000000000000000000000000000000000000000000080',
      '0000000000000000000000000000000000000000000000000000000000000000',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
      '0100000000000000000000000000000000000000000000000000000000000080',
      'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
      'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
      'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
      'f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      'f1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    ].map((hex) => Buffer.from(hex, 'hex'))
    let accepted = 0
    for (const key of points) {
      for (const r of points) {
        for (const text of texts) {
          const spki = Buffer.concat([prefix, key])
          const signature = Buffer.concat([r, Buffer.alloc(32)])
          if (agreeOn({ spki, digest: undefined, data: text, signature })) accepted += 1
        }
      }
    }
    // Without a verdict of each kind the table would prove nothing.
    expect(accepted).toBeGreaterThan(20)
    expect(accepted).toBeLessThan(points.length ** 2 * texts.length)
  })
})

test('nothing signs', () => {
  expect(() => page.sign()).toThrow(/only verifies/)
})
