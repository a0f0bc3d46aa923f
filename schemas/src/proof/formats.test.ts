import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Envelope } from '../generated/types.ts'
import { jcs, jcsBytes } from './jcs.ts'
import { commitmentOf, leafText, maxLeafBytes, parseLeaf } from './leaf.ts'
import { manifestOf } from './manifest.ts'
import { encodeEntryBundle, parseEntryBundle, parseTilePath, tileLevels, tilePath, tilesOfLevel } from './tiles.ts'
import { formatTlogProof, parseTlogProof } from './tlog-proof.ts'

const envelope: Envelope = {
  v: 1,
  id: '01990000-0000-7000-8000-000000000001',
  kind: 'doc',
  type: 'award',
  environment: 'sandbox',
  at: '2026-11-24T10:15:00.000Z',
  content: { name: 'document.xml', mediaType: 'application/xml; x="1"', size: 3, sha256: 'ab'.repeat(32) },
}

describe('canonical JSON', () => {
  test('keys follow UTF-16 order, as the example of RFC 8785 section 3.2.3 asks', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    }
    const order = [...jcs(value).matchAll(/:"([^"]+)"/g)].map((match) => match[1])
    expect(order.map((name) => name?.split(' ')[0])).toEqual([
      'Carriage',
      'One',
      'Control',
      'Latin',
      'Euro',
      'Emoji:',
      'Hebrew',
    ])
  })

  test('reading back gives the value, and writing it again gives the same text', () => {
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: 'grapheme' }),
        fc.maxSafeInteger(),
        fc.array(tie('value')),
        fc.dictionary(fc.string({ unit: 'grapheme' }), tie('value'), { noNullPrototype: true }),
      ),
    }))
    fc.assert(
      fc.property(value, (sample) => {
        const text = jcs(sample)
        const back: unknown = JSON.parse(text)
        expect(jcs(back)).toBe(text)
        expect(back).toEqual(JSON.parse(JSON.stringify(sample)))
      }),
    )
  })

  test.each([
    [1.5],
    [Number.NaN],
    [2 ** 53],
    ['\ud800'],
    [{ '\udfff': 1 }],
    [true],
    [null],
    [undefined],
    [{ a: undefined }],
  ])('a value without one canonical form is refused: %j', (value) => {
    expect(() => jcs(value)).toThrow()
  })

  test('nesting beyond 32 levels is refused and does not exhaust the stack', () => {
    const deep: unknown = JSON.parse('['.repeat(5000) + ']'.repeat(5000))
    expect(() => jcs(deep)).toThrow('32 levels')
  })
})

describe('leaves', () => {
  const commitment = commitmentOf(Buffer.alloc(16, 1), jcsBytes(envelope))

  test('a leaf is its own canonical form and comes back', () => {
    const text = leafText(envelope, commitment, Buffer.from('seal'))
    expect(jcs(JSON.parse(text))).toBe(text)
    expect(text.length).toBeLessThan(maxLeafBytes)
    expect(parseLeaf(text)).toMatchObject({ id: envelope.id, at: envelope.at, kind: 'doc', type: 'award', commitment })
  })

  test('only documents and refusals carry a seal, and they must', () => {
    expect(() => leafText(envelope, commitment)).toThrow('seal')
    expect(() => leafText({ ...envelope, kind: 'cfg' }, commitment, Buffer.from('seal'))).toThrow('seal')
    expect(JSON.parse(leafText({ ...envelope, kind: 'cfg' }, commitment))).not.toHaveProperty('seal')
  })

  test('no altered text is read as a leaf', () => {
    const text = leafText(envelope, commitment, Buffer.from('seal'))
    for (const other of [
      ` ${text}`,
      `${text}\n`,
      text.replace('{', '{"x":1,'),
      text.replace('"v":1', '"v":2'),
      '[]',
      '1',
      'null',
    ]) {
      expect(() => parseLeaf(other)).toThrow()
    }
  })
})

describe('the sealed manifest', () => {
  test('a document lists its envelope and its content, a refusal its envelope only', () => {
    const text = manifestOf(envelope)
    expect([...text.matchAll(/<asic:DataObjectReference URI="([^"]+)"/g)].map((match) => match[1])).toEqual([
      'envelope.json',
      'document.xml',
    ])
    expect(text).toContain('MimeType="application/xml; x=&quot;1&quot;"')
    expect(manifestOf({ ...envelope, kind: 'rej' })).not.toContain('document.xml')
  })

  test.each(['../x', 'envelope.json', 'Mimetype', 'META-INF', 'a/b', '', '.x', 'é.xml'])(
    'a content named "%s" cannot be sealed',
    (name) => {
      const content = { name, mediaType: 'application/xml', size: 1, sha256: 'ab'.repeat(32) }
      expect(() => manifestOf({ ...envelope, content })).toThrow('name')
    },
  )
})

describe('tiles', () => {
  test('paths are those of the specification and come back', () => {
    expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067')
    expect(tilePath({ level: 'entries', index: 5, width: 17 })).toBe('tile/entries/005.p/17')
    fc.assert(
      fc.property(fc.nat({ max: 63 }), fc.maxSafeNat(), fc.integer({ min: 1, max: 256 }), (level, index, width) => {
        const tile = { level, index, width }
        expect(parseTilePath(tilePath(tile))).toEqual(tile)
      }),
    )
  })

  test.each([
    'tile/00/000',
    'tile/64/000',
    'tile/0/0000',
    'tile/0/x000/001',
    'tile/0/001.p/256',
    'tile/0/001.p/0',
    'tile/0/../1',
    'tile/x/1',
  ])('%s is no tile path', (path) => {
    expect(parseTilePath(path)).toBeUndefined()
  })

  test('a log of 70 000 leaves has the tiles that the specification counts', () => {
    const level0 = [...tilesOfLevel(70_000, 0)]
    expect(level0.length).toBe(274)
    expect(level0.at(-1)?.width).toBe(112)
    expect([...tilesOfLevel(70_000, 1)].map(({ width }) => width)).toEqual([256, 17])
    expect([...tilesOfLevel(70_000, 2)]).toEqual([{ level: 2, index: 0, width: 1 }])
    expect(tileLevels(70_000)).toBe(3)
    expect(tileLevels(256)).toBe(2)
    expect(tileLevels(0)).toBe(0)
  })

  test('entry bundles come back entry for entry; one byte less or one entry more is refused', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 700 }), { minLength: 1, maxLength: 20 }), (entries) => {
        const bundle = encodeEntryBundle(entries)
        expect(parseEntryBundle(bundle, entries.length).map((entry) => Uint8Array.from(entry))).toEqual(entries)
        expect(() => parseEntryBundle(bundle.subarray(0, -1), entries.length)).toThrow()
        expect(() => parseEntryBundle(bundle, entries.length + 1)).toThrow()
        expect(() => parseEntryBundle(bundle, entries.length - 1)).toThrow()
      }),
    )
  })
})

describe('proof files', () => {
  const proof = { index: 3, path: [Buffer.alloc(32, 1).toString('base64')], checkpoint: 'o\n4\nroot\n\n— o sig\n' }

  test('a proof file comes back, with or without path lines', () => {
    expect(parseTlogProof(formatTlogProof(proof))).toEqual(proof)
    expect(parseTlogProof(formatTlogProof({ ...proof, path: [] }))).toEqual({ ...proof, path: [] })
    expect(formatTlogProof(proof).split('\n').slice(0, 2)).toEqual(['c2sp.org/tlog-proof@v1', 'index 3'])
  })

  test.each([
    ['another version', formatTlogProof(proof).replace('@v1', '@v2')],
    ['a leading zero', formatTlogProof(proof).replace('index 3', 'index 03')],
    ['unauthenticated extra data', formatTlogProof(proof).replace('index', 'extra AAAA\nindex')],
    ['a short hash', formatTlogProof({ ...proof, path: ['AAAA'] })],
  ])('a proof file with %s is refused', (_, text) => {
    expect(() => parseTlogProof(text)).toThrow()
  })
})
