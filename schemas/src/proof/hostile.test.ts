import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCms } from './cms-verify.ts'
import { parseDer } from './der.ts'
import { ProofError } from './proof-error.ts'
import { verifyTimestamp } from './timestamp-verify.ts'
import { parseTrust } from './trust.ts'
import { verifyReceipt } from './verify-receipt.ts'

const trust = parseTrust({})

const shaped = {
  format: 'socle-receipt/v1',
  environment: 'sandbox',
  state: 'recorded',
  id: '01990000-0000-7000-8000-000000000001',
  envelope: { v: 1, id: 'x', kind: 'doc', type: 'notice', environment: 'sandbox', at: 'now' },
  salt: 'AAECAwQFBgcICQoLDA0ODw==',
  leaf: '{}',
  proof: { index: 0, size: 1, path: [] },
  checkpoint: 'x',
  seal: { manifest: '', signature: 'MAA=' },
}

describe('hostile receipts', () => {
  test('no value whatsoever makes the verification throw or pass', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
        (value) => {
          expect(verifyReceipt(value, { trust }).verdict).toBe('not-proved')
        },
      ),
      { numRuns: 300 },
    )
  })

  test('no member with an arbitrary value makes it throw or pass', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(shaped)), fc.anything(), (member, value) => {
        const { verdict, checks } = verifyReceipt({ ...shaped, [member]: value }, { trust, content: Buffer.alloc(3) })
        expect(verdict).toBe('not-proved')
        expect(checks.length).toBe(11)
      }),
      { numRuns: 300 },
    )
  })

  test('a member that stands twice is refused, wherever and however its name is written', () => {
    const text = JSON.stringify(
      { ...shaped, envelope: { ...shaped.envelope, object: 'a: "b", \\ {"c": 1}' } },
      undefined,
      2,
    )
    const shapeOf = (json: string): unknown =>
      verifyReceipt(Buffer.from(json), { trust }).checks.find(({ name }) => name === 'shape')
    expect(shapeOf(text)).toMatchObject({ result: 'proved' })
    expect(shapeOf(JSON.stringify(JSON.parse(text)))).toMatchObject({ result: 'proved' })
    const twice = { result: 'failed', detail: 'a member stands twice' }
    for (const [one, two] of [
      ['"format":', '"envelope": {"object": "fake"}, "format":'],
      ['"kind":', '"kind": "rej", "kind":'],
      ['"kind":', '"k\\u0069nd": "rej", "kind":'],
      ['"path":', '"path": [{"a": 1}], "path":'],
    ] as const)
      expect(shapeOf(text.replace(one, two))).toMatchObject(twice)
    expect(shapeOf(text.replace('"kind"', '"\\ud800": 1, "kind"'))).toMatchObject({ result: 'proved' })
  })

  test('a receipt that throws when it is looked at fails as unreadable', () => {
    const trap = new Proxy(shaped, {
      ownKeys() {
        throw new Error('do not look')
      },
    })
    expect(verifyReceipt(trap, { trust }).checks[0]).toMatchObject({ name: 'shape', result: 'failed' })
  })

  test.each([
    ['more than 1 MiB of text', ' '.repeat(1_048_577)],
    ['a path of 65 elements', { ...shaped, proof: { index: 0, size: 1, path: Array.from({ length: 65 }, () => '') } }],
    ['a path element too long', { ...shaped, proof: { index: 0, size: 1, path: ['A'.repeat(48)] } }],
    ['a leaf of 2049 characters', { ...shaped, leaf: 'x'.repeat(2049) }],
    ['a seal beyond its limit', { ...shaped, seal: { manifest: '', signature: 'A'.repeat(65_540) } }],
    ['a member that no specification names', { ...shaped, comment: 'trust me' }],
    ['a negative index', { ...shaped, proof: { index: -1, size: 1, path: [] } }],
    ['a size that is no integer', { ...shaped, proof: { index: 0, size: 1.5, path: [] } }],
    ['invalid JSON', '{"format":'],
  ])('%s is refused before anything is computed', (_, value) => {
    const { checks } = verifyReceipt(value, { trust })
    expect(checks[0]).toMatchObject({ name: 'shape', result: 'failed' })
    expect(checks.slice(1).every(({ result }) => result === 'not-checked')).toBe(true)
  })

  test('every message exists in French and in English', () => {
    for (const { message } of verifyReceipt(shaped, { trust }).checks) {
      expect(message.fr).toMatch(/\.$/)
      expect(message.en).toMatch(/\.$/)
    }
  })
})

describe('hostile DER', () => {
  const refuses = (bytes: Uint8Array): void => {
    expect(() => parseCms(bytes)).toThrow(ProofError)
    expect(() => verifyTimestamp(bytes, Buffer.from('x'), [])).toThrow(ProofError)
  }

  test('random bytes are refused as a proof error, never as another', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), refuses), { numRuns: 300 })
  })

  test('structures that look right and lead nowhere are refused', () => {
    const sequences = fc.array(fc.constantFrom(0x30, 0x31, 0x80, 0xa0, 0x02, 0x04, 0x06, 0x01, 0x00, 0x05), {
      maxLength: 60,
    })
    fc.assert(
      fc.property(sequences, (body) => refuses(Uint8Array.of(0x30, body.length, ...body))),
      { numRuns: 300 },
    )
  })

  test('a thousand nested sequences do not exhaust the stack', () => {
    let der = Buffer.from('0500', 'hex')
    for (let depth = 0; depth < 1000; depth += 1) {
      const length = der.length < 128 ? Buffer.of(der.length) : Buffer.of(0x82, der.length >> 8, der.length & 0xff)
      der = Buffer.concat([Buffer.of(0x30), length, der])
    }
    expect(() => parseDer(der)).toThrow(ProofError)
  })

  test.each([
    ['indefinite length', '3080 0500 0000'],
    ['a length longer than needed', '308102 0500'],
    ['bytes after the end', '3002 0500 00'],
    ['a number longer than needed', '3004 0202 0001'],
  ])('%s is not DER', (_, hex) => {
    expect(() => parseDer(Buffer.from(hex.replaceAll(' ', ''), 'hex'))).toThrow('not DER')
  })
})
