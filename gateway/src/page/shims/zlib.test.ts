import * as node from 'node:zlib'
import { expect, test } from 'vitest'
import * as page from './zlib.ts'

type Inflate = (packed: Uint8Array, options: { readonly maxOutputLength: number }) => Buffer

function outcome(inflate: Inflate, packed: Uint8Array, maxOutputLength: number): string {
  try {
    return inflate(packed, { maxOutputLength }).toString('hex')
  } catch {
    return 'refused'
  }
}

function alike(packed: Uint8Array, limit: number, what: string): void {
  expect(outcome(page.inflateRawSync, packed, limit), what).toBe(outcome(node.inflateRawSync, packed, limit))
}

const texts = [
  '',
  'a',
  '<avis/>'.repeat(20),
  `${'é☃ '.repeat(50)}${Array.from({ length: 300 }, (_, at) => at * at).join()}`,
]

test('CRC-32 is that of node:zlib', () => {
  for (const bytes of texts.map((text) => Buffer.from(text))) expect(page.crc32(bytes)).toBe(node.crc32(bytes))
})

test.each([
  ['stored', 0, undefined],
  ['by the fixed code', 9, node.constants.Z_FIXED],
  ['by a code of its own', 9, undefined],
] as const)(
  'what is packed %s is unpacked alike: whole, with each byte changed, cut, and with more behind',
  (...how) => {
    const [, level, strategy] = how
    for (const text of texts) {
      const bytes = Buffer.from(text)
      const packed = node.deflateRawSync(bytes, { level, ...(strategy === undefined ? {} : { strategy }) })
      const limit = Math.max(bytes.length, 1)
      alike(packed, limit, 'whole')
      alike(packed, Math.max(bytes.length - 1, 1), 'a byte too many')
      alike(Buffer.concat([packed, Buffer.from('more')]), limit, 'more behind')
      for (let at = 0; at < packed.length; at += 1) {
        for (const mask of [0x01, 0x10, 0xff]) {
          const changed = Buffer.from(packed)
          changed[at] = (changed[at] ?? 0) ^ mask
          alike(changed, limit, `byte ${at} ^ ${mask}`)
        }
        alike(packed.subarray(0, at), limit, `cut at ${at}`)
      }
    }
  },
)

test('large ones in several pieces; one that unpacks beyond measure is given up early', () => {
  const large = Buffer.from(Array.from({ length: 60_000 }, (_, at) => `${(at * 7_919) % 65_537};`).join(''))
  const packed = node.deflateRawSync(large)
  expect(packed.length).toBeGreaterThan(100_000)
  expect(page.inflateRawSync(packed, { maxOutputLength: large.length }).equals(large)).toBe(true)
  const bomb = node.deflateRawSync(Buffer.alloc(64 * 1024 * 1024))
  expect(() => page.inflateRawSync(bomb, { maxOutputLength: 1_000 })).toThrow(/more than 1000/)
})
