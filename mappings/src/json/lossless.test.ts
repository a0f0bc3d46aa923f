import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseLossless } from './lossless.ts'
import { JsonReader } from './reader.ts'

const limits = { depth: 64, values: 200_000 }
const parse = (text: string, within = limits) => parseLossless(Buffer.from(text), within)

test.each([
  ['{"a":{"a":1},"b":[{"a":1}]}', { a: { a: 1 }, b: [{ a: 1 }] }],
  ['"a:b \\" c:d"', 'a:b " c:d'],
  ['{"a\\\\":1}', { 'a\\': 1 }],
  ['[-1.5,123456789012345,true,false,null]', [-1.5, 123456789012345, true, false, null]],
  ['{"é":"\\u00e9\\n"}', { é: 'é\n' }],
])('%s is read at once', (text, value) => {
  expect(parse(text)).toEqual({ value })
})

test('a member named __proto__ counts as any other and changes no prototype', () => {
  const value = parse('{"__proto__":{"a":1}}')?.value as object
  expect(Object.keys(value)).toEqual(['__proto__'])
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
})

describe('is left to the careful reader', () => {
  test.each([
    ['a key given twice', '{"a":1,"a":1}'],
    ['a key given twice, once with an escape', '{"a":1,"\\u0061":1}'],
    ['a key given twice, hidden by a colon in a string', '{"a":":","a":":"}'],
    ['a key given twice below a list', '[1,[{"b":{"a":1,"a":2}}]]'],
    ['a number of sixteen digits', '[1234567890123456]'],
    ['a number with an exponent', '[1e5]'],
    ['a surrogate', '"\\uD83D"'],
    ['a surrogate after an escaped backslash', '"\\\\\\ud83d"'],
    ['text cut short', '{"a":1'],
    ['a string that never ends', '["a'],
    ['a string that ends in a backslash', '["a\\'],
    ['two documents', '{}{}'],
    ['a comment', '{/* */}'],
    ['nothing', ''],
  ])('%s', (_, text) => {
    expect(parse(text)).toBeUndefined()
  })

  test('what is beyond the limits', () => {
    expect(parse('[[[]]]', { depth: 3, values: 9 })).toEqual({ value: [[[]]] })
    expect(parse('[[[[]]]]', { depth: 3, values: 9 })).toBeUndefined()
    expect(parse('[1,2,3,4,5,6,7]', { depth: 3, values: 9 })).toBeDefined()
    expect(parse('[1,2,3,4,5,6,7,8,9]', { depth: 3, values: 9 })).toBeUndefined()
  })
})

describe('never says more than the careful reader', () => {
  const pieces = ['{', '}', '[', ']', '{"a":', ',"a":', ',"b":', '"a"', '"', ':', ',', '1', '-', '.5', 'e', '0']
  const words = ['true', 'null', '\\', '\\u00', '\\ud83d', '\\ude00', 'a', 'é', '\n', ' ', '12345678', '"\\u0061":']
  const text = fc.array(fc.constantFrom(...pieces, ...words), { maxLength: 14 }).map((parts) => parts.join(''))
  const json = fc.json({ maxDepth: 4 })
  const damaged = fc.tuple(json, fc.nat(), fc.constantFrom(...pieces, ...words)).map(([whole, place, piece]) => {
    const at = place % (whole.length + 1)
    return whole.slice(0, at) + piece + whole.slice(at)
  })

  test('on any text', () => {
    fc.assert(
      fc.property(fc.oneof(text, json, damaged), (any) => {
        const parsed = parse(any)
        if (parsed === undefined) return
        const reader = new JsonReader(Buffer.from(any), limits)
        const value = reader.read()
        expect(reader.findings).toEqual([])
        expect(parsed.value).toEqual(value)
      }),
      { numRuns: 4000 },
    )
  })

  test('on every member given twice, wherever it stands', () => {
    const value = fc.json({ maxDepth: 2 })
    fc.assert(
      fc.property(fc.array(value), value, fc.string(), (before, repeated, key) => {
        const member = `${JSON.stringify(key)}:${repeated}`
        expect(parse(`[${[...before, `{${member},${member}}`].join()}]`)).toBeUndefined()
      }),
    )
  })
})
