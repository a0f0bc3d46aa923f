import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compilePattern } from './regex.ts'

const cases: readonly (readonly [pattern: string, yes: readonly string[], no: readonly string[]])[] = [
  ['^LOT-[0-9]{4}$', ['LOT-0001'], ['LOT-001', 'xLOT-0001', 'LOT-00011', '']],
  ['b', ['abc', 'b'], ['ac', '']],
  ['^(A|BC)?$', ['', 'A', 'BC'], ['AB', 'C']],
  ['^[\\p{L}\\p{N}]+$', ['Été2026', '𝒜'], ['a b', '-']],
  ['^\\d{1,3}/(19|20)\\d\\d$', ['7/2026', '123/1999'], ['1234/2026', '7/2126']],
  ['[^a-c]', ['d', 'abcd'], ['abc', '']],
  ['^[a-z-[aeiou]]+$', ['xyz'], ['xay']],
  ['^-?[0-9]+(.[0-9]{1,2})?$', ['-5', '5x25'], ['5x255', '-']],
  ['^.$', ['a', '😀'], ['\n', 'ab']],
  ['^\\w\\s\\S$', ['a \u00e9'], ['- a', 'aaa']],
  ['^$', [''], ['a']],
]

test.each(cases)('%s', (pattern, yes, no) => {
  const matches = compilePattern(pattern)
  expect(yes.filter((text) => !matches(text))).toEqual([])
  expect(no.filter((text) => matches(text))).toEqual([])
})

test.each(['(?=a)', '\\1', '[a', '(a', 'a{', '*', '\\p{IsGreek}', 'a)'])('%s is refused', (pattern) => {
  expect(() => compilePattern(pattern)).toThrow()
})

describe('against the regular expressions of JavaScript', () => {
  const atom = fc.constantFrom('a', 'b', '[ab]', '[^a]', 'c', '(a|b)', '(ab)?', '(a*b)+', 'b{1,2}')
  const pattern = fc
    .tuple(
      fc.constantFrom('', '^'),
      fc.array(fc.tuple(atom, fc.constantFrom('', '*', '+', '?')), { maxLength: 4 }),
      fc.constantFrom('', '$'),
    )
    .map(
      ([start, parts, end]) =>
        start + parts.map(([one, count]) => (/[?+}*]$/.test(one) ? `(${one})` : one) + count).join('') + end,
    )

  test('the same texts match', () => {
    fc.assert(
      fc.property(
        pattern,
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 })),
        (source, texts) => {
          const ours = compilePattern(source)
          for (const text of texts) expect(ours(text)).toBe(new RegExp(source, 'u').test(text))
        },
      ),
      { numRuns: 500 },
    )
  })
})

test('nested repetitions cost no more than the text is long', () => {
  const matches = compilePattern(
    '^((\\(\\+?[0-9]+\\))|\\+?[0-9]+)( - |-| )?(((\\([0-9]+\\))|[0-9]+)( - |-| )?)*([0-9]+)( )?$',
  )
  const start = performance.now()
  expect(matches(`${'1'.repeat(50_000)}x`)).toBe(false)
  expect(matches('1'.repeat(50_000))).toBe(true)
  expect(performance.now() - start).toBeLessThan(1000)
})
