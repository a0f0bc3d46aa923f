import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isLeafAt, isTimeMarkAt, leafTimeAt } from './leaf-glance.ts'
import { formatLeaf, type Leaf, parseLeaf } from './leaf.ts'

const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'.split('')), minLength: length, maxLength: length })
const digest = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('base64'))
const id = fc
  .tuple(hex(8), hex(4), hex(3), fc.constantFrom(...'89ab'.split('')), hex(3), hex(12))
  .map(([a, b, c, d, e, f]) => `${a}-${b}-7${c}-${d}${e}-${f}`)
const type = fc
  .tuple(
    fc.constantFrom(...'az09'.split('')),
    fc.string({ unit: fc.constantFrom(...'abcxyz019.:-'.split('')), maxLength: 63 }),
  )
  .map(([first, rest]) => first + rest)
const kinds = ['doc', 'rej', 'dlv', 'out', 'era', 'ts', 'key', 'cfg', 'avl', 'shard'] as const
const at = fc
  .date({ min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString())
const leaves: fc.Arbitrary<Leaf> = fc
  .record({
    v: fc.constant(1 as const),
    id,
    at,
    kind: fc.constantFrom(...kinds),
    type,
    commitment: digest,
    seal: digest,
  })
  .map(({ seal, ...leaf }) => (leaf.kind === 'doc' || leaf.kind === 'rej' ? { ...leaf, seal } : leaf))

/** The full parser's verdict on the same bytes. */
function isParsed(bytes: Uint8Array): boolean {
  try {
    parseLeaf(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
    return true
  } catch {
    return false
  }
}

/** Both readings of some bytes that stand between others, as in a bundle. */
function expectAgreed(bytes: Uint8Array): boolean {
  const between = Buffer.concat([Buffer.from('}},'), bytes, Buffer.from('"v":1}')])
  const glanced = isLeafAt(between, 3, 3 + bytes.length)
  expect(glanced, Buffer.from(bytes).toString('latin1')).toBe(isParsed(bytes))
  expect(isLeafAt(Uint8Array.from(bytes), 0, bytes.length), 'alone').toBe(glanced)
  return glanced
}

describe('a glance at a leaf', () => {
  test('finds every leaf that is written, its time, and whether it is a time mark', () => {
    fc.assert(
      fc.property(leaves, (leaf) => {
        const bytes = Buffer.from(formatLeaf(leaf))
        expect(expectAgreed(bytes)).toBe(true)
        expect(leafTimeAt(bytes, 0)).toBe(Date.parse(leaf.at))
        expect(isTimeMarkAt(bytes, 0)).toBe(leaf.kind === 'ts')
      }),
      { numRuns: 2000 },
    )
  })

  test('agrees with the parser on leaves with a byte changed, left out, doubled, or cut', () => {
    let accepted = 0
    fc.assert(
      fc.property(
        leaves,
        fc.nat(),
        fc.nat(255),
        fc.constantFrom('set', 'drop', 'double', 'cut'),
        (leaf, n, byte, how) => {
          const bytes = Buffer.from(formatLeaf(leaf))
          const place = n % bytes.length
          const before = bytes.subarray(0, place)
          const changed = {
            set: [before, Uint8Array.of(byte), bytes.subarray(place + 1)],
            drop: [before, bytes.subarray(place + 1)],
            double: [before, bytes.subarray(place, place + 1), bytes.subarray(place)],
            cut: [before],
          }[how]
          if (expectAgreed(Buffer.concat(changed))) accepted += 1
        },
      ),
      { numRuns: 20_000 },
    )
    // A changed digit is another leaf as good as the first: without any, nothing but refusals would have been compared.
    expect(accepted).toBeGreaterThan(100)
  })

  const good = formatLeaf({
    v: 1,
    id: '01990000-0000-7000-8000-000000000001',
    at: '2026-11-24T10:00:00.000Z',
    kind: 'doc',
    type: 'award',
    commitment: Buffer.alloc(32, 1).toString('base64'),
    seal: Buffer.alloc(32, 2).toString('base64'),
  })
  test.each([
    ['a month that is none', good.replace('-11-', '-13-')],
    ['month zero', good.replace('-11-', '-00-')],
    ['a day that is none', good.replace('-24T', '-32T')],
    ['hour 24', good.replace('T10:', 'T24:')],
    ['minute 60', good.replace(':00:00.', ':60:00.')],
    ['second 60', good.replace(':00:00.', ':00:60.')],
    ['a sealed kind without its seal', good.replace(/"seal":"[^"]*",/, '')],
    ['a seal where none belongs', good.replace('"doc"', '"dlv"')],
    ['an unknown kind', good.replace('"doc"', '"dox"')],
    ['no type', good.replace('"award"', '""')],
    ['a type of 65', good.replace('"award"', `"${'a'.repeat(65)}"`)],
    ['a type that begins with a point', good.replace('"award"', '".award"')],
    ['stray bits in a digest', good.replace('E=","id"', 'F=","id"')],
    ['white space', good.replace(',"v"', ', "v"')],
    ['an escape', good.replace('award', String.raw`\u0061ward`)],
    ['a member more', good.replace('{', '{"a":"",')],
    ['a member twice', good.replace('{', '{"at":"2026-11-24T10:00:00.000Z",')],
    ['another version', good.replace('"v":1', '"v":2')],
    ['a number written otherwise', good.replace('"v":1', '"v":1.0')],
    ['a byte order mark', `\uFEFF${good}`],
    ['a newline at the end', `${good}\n`],
    ['nothing', ''],
    ['no object', '[]'],
    ['null', 'null'],
    ['depth', '['.repeat(60_000)],
  ])('refuses %s, as the parser does', (_, text) => {
    expect(expectAgreed(Buffer.from(text))).toBe(false)
  })

  test('takes the last day that a text can name, and no byte beyond ASCII', () => {
    expect(expectAgreed(Buffer.from(good.replace('-11-24T10', '-02-31T23')))).toBe(true)
    expect(leafTimeAt(Buffer.from(good.replace('2026-11-24', '0050-02-31')), 0)).toBe(
      Date.parse('0050-03-03T10:00:00Z'),
    )
    expect(expectAgreed(Buffer.from(good.replace('award', 'aw\u00e1rd')))).toBe(false)
    expect(expectAgreed(Buffer.from(good.replace('award', 'aw\u00e1rd'), 'latin1'))).toBe(false)
  })
})
