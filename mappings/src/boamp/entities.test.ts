import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeOnce } from './entities.ts'
import { entityNames } from './entity-names.ts'

const encodings: readonly ((character: string) => string)[] = [
  (character) => `&#${character.codePointAt(0) ?? 0};`,
  (character) => `&#x${(character.codePointAt(0) ?? 0).toString(16)};`,
]

/** Texts as XML allows them. */
const xmlText = fc.string({ unit: 'grapheme' }).filter((text) => !/[\p{Cc}\ufffe\uffff]/u.test(text))

test('a text whose every character was encoded comes back', () => {
  fc.assert(
    fc.property(xmlText, fc.constantFrom(...encodings), (text, encode) => {
      const encoded = Array.from(text, encode).join('')
      expect(decodeOnce(encoded)?.text ?? encoded).toBe(text)
    }),
  )
})

test('named entities come back as their character', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...entityNames)), (pairs) => {
      const encoded = pairs.map(([name]) => `&${name};`).join('')
      expect(decodeOnce(encoded)?.text ?? '').toBe(pairs.map(([, character]) => character).join(''))
    }),
  )
})

test('a text encoded twice loses one layer only, and says that one remains', () => {
  fc.assert(
    fc.property(fc.constantFrom(...entityNames.keys()), (name) => {
      expect(decodeOnce(`&amp;${name};`)).toEqual({ text: `&${name};`, isLeft: true })
    }),
  )
})

test('any text is decoded without an exception, and one without an ampersand is not touched', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const decoded = decodeOnce(text)
      if (!text.includes('&')) expect(decoded).toBeUndefined()
      if (decoded !== undefined) expect(decoded.text).not.toBe(text)
    }),
  )
})

test.each([
  'D & CO',
  'a&b;c',
  'AT&T;',
  '?type=DCE&IDM=3',
  '&inconnu;',
  '&#0;',
  '&#xD800;',
  '&#1114112;',
  '&;',
  '&eacute',
])('%s holds no entity', (text) => {
  expect(decodeOnce(text)).toBeUndefined()
})

test.each([
  ['D&#039;ESCAUTPONT', "D'ESCAUTPONT"],
  ['r&eacute;fection', 'réfection'],
  ['5&nbsp;000&euro;', '5\u00a0000€'],
  ['b&#xE2;timent &#128296;', 'bâtiment 🔨'],
])('%s is %s', (before, after) => {
  expect(decodeOnce(before)).toEqual({ text: after, isLeft: false })
})
