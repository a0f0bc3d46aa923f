import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { passGate } from './gate.ts'
import { readXml } from './read.ts'
import { group, leaf, writeXml } from './write.ts'

const writable = fc
  .string({ unit: 'binary' })
  .filter((text) => /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u.test(text))

function readBack(text: string) {
  const gated = passGate(Buffer.from(text))
  if ('findings' in gated) throw new Error(JSON.stringify(gated.findings))
  return readXml(gated.text, gated.elements)
}

test('any text and attribute that XML can carry is read back as it was', () => {
  fc.assert(
    fc.property(writable, writable, (text, attribute) => {
      const root = readBack(
        writeXml({ name: 'a', children: [{ name: 'b', attrs: { c: attribute }, children: [text] }] }),
      )
      expect(root.children[0]?.text).toBe(text)
      expect(root.children[0]?.attrs['c']).toBe(attribute)
    }),
  )
})

test('a character that XML has no way to write is refused by name', () => {
  expect(() => writeXml({ name: 'a', children: ['x\u0001'] })).toThrow('U+0001')
  expect(() => writeXml({ name: 'a', attrs: { b: '\uFFFE' } })).toThrow('U+FFFE')
})

test('what has no text is left out, with the group around it', () => {
  expect(leaf('a', undefined)).toBeUndefined()
  expect(group('g', [leaf('a', undefined)])).toBeUndefined()
  expect(writeXml({ name: 'r', children: [leaf('a', '1', { b: undefined }), group('g', [leaf('c', '2')])] })).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<r>\n  <a>1</a>\n  <g>\n    <c>2</c>\n  </g>\n</r>\n',
  )
})
