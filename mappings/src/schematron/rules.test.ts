import { describe, expect, test } from 'vitest'
import { passGate } from '../xml/gate.ts'
import type { XmlNode } from '../xml/node.ts'
import { readXml } from '../xml/read.ts'
import { compileSchematron } from './compile-schema.ts'
import { type Rules, openRuleSet } from './open-rule-set.ts'
import { SchemaError } from './read-schema.ts'

const now = { now: new Date('2026-06-15T22:30:00Z') }

function read(text: string): XmlNode {
  const gated = passGate(Buffer.from(text))
  if ('findings' in gated) throw new Error(gated.findings[0]?.message.en)
  return readXml(gated.text, gated.elements)
}

/** A schema of one phase `p`; `head` is what stands before the phase. */
function schema(patterns: string, head = ''): string {
  const ids = [...patterns.matchAll(/<pattern id="([^"]+)"/g)].map(([, id]) => `<active pattern="${id}"/>`)
  const phase = `<phase id="p">${ids.join('')}</phase>`
  const names = '<ns prefix="x" uri="urn:x"/><ns prefix="xs" uri="http://www.w3.org/2001/XMLSchema"/>'
  return `<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2">${names}${head}${phase}${patterns}</schema>`
}

/** Opened as it would be read from disk. */
function open(text: string): Rules {
  return openRuleSet(JSON.parse(JSON.stringify(compileSchematron(() => text, 'rules.sch'))))
}

function failures(rules: Rules, document: string): readonly string[] {
  return (rules.run('p', read(document), now) ?? []).map(({ id, xpath, error }) =>
    [id, xpath, ...(error === undefined ? [] : [error])].join(' '),
  )
}

function pattern(id: string, ...rules: readonly (readonly [context: string, ...tests: readonly string[]])[]): string {
  const written = rules.map(([context, ...tests], i) => {
    const asserts = tests.map((test, k) => `<assert id="${id}${i + 1}${'abc'.charAt(k)}" test="${test}">m</assert>`)
    return `<rule context="${context}">${asserts.join('')}</rule>`
  })
  return `<pattern id="${id}">${written.join('')}</pattern>`
}

describe('which rules fire', () => {
  test('the first rule of a pattern that matches a node, and one of each pattern', () => {
    const rules = open(
      schema(
        pattern('A', ["/a/b[@k='1']", 'false()'], ['/a/b', 'false()'], ['//b', 'false()']) +
          pattern('B', ['/a/b', 'false()']),
      ),
    )
    expect(failures(rules, '<a><b k="1"/><b/><c><b/></c></a>')).toEqual([
      'A1a /a/b[1]',
      'B1a /a/b[1]',
      'A2a /a/b[2]',
      'B1a /a/b[2]',
      'A3a /a/c/b',
    ])
  })

  test('attributes are contexts, and come after their element and before what is in it', () => {
    const rules = open(schema(pattern('A', ['/a/b/@k', '. = 1'], ['b/c', 'false()'], ['/a/b', 'false()'])))
    expect(failures(rules, '<a><b k="2"><c/></b><b k="1"/></a>')).toEqual([
      'A3a /a/b[1]',
      'A1a /a/b[1]/@k',
      'A2a /a/b[1]/c',
      'A3a /a/b[2]',
    ])
  })

  test('a predicate of a context that errs does not match', () => {
    const rules = open(schema(pattern('A', ["//*[not(child::*) and normalize-space(text()) = '']", 'false()'])))
    expect(failures(rules, '<a><b/><c> </c><d>1</d><e>1<!-- -->2</e></a>')).toEqual(['A1a /a/b', 'A1a /a/c'])
  })

  test('names are compared by namespace, whatever the prefix', () => {
    const rules = open(schema(pattern('A', ['/x:a/x:b', 'false()'])))
    expect(failures(rules, '<a xmlns="urn:x"><b/><y:b xmlns:y="urn:x"/><b xmlns="urn:y"/></a>')).toEqual([
      'A1a /a/b[1]',
      'A1a /a/y:b',
    ])
  })

  test('a variable of a pattern is global, and a guard that asks one is answered once', () => {
    const head = '<let name="kind" value="/*/k/text()"/>'
    const lets = '<pattern id="L"><let name="all" value="/*/b"/></pattern>'
    const rules = open(schema(lets + pattern('A', ["/*[$kind = '7']", 'count($all) = 2'], ['/*', 'false()']), head))
    expect(failures(rules, '<a><k>7</k><b/></a>')).toEqual(['A1a /a'])
    expect(failures(rules, '<a><k>7</k><b/><b/></a>')).toEqual([])
    expect(failures(rules, '<a><k>8</k><b/><b/></a>')).toEqual(['A2a /a'])
  })

  test('a phase that the schema does not have is told apart from one without failures', () => {
    const rules = open(schema(pattern('A', ['/a', 'true()'])))
    expect(rules.phases).toEqual(['p'])
    expect(rules.run('p', read('<a/>'), now)).toEqual([])
    expect(rules.run('q', read('<a/>'), now)).toBeUndefined()
  })
})

/** Tests that hold and tests that do not, at the root of one document. */
const document = `<a xmlns:x="urn:x" k="1"><n>7</n><n> 8 </n><t>  a  b </t><e/><x:q>é😀</x:q><w>1<!-- -->2</w>
  <d>2026-01-31+02:00</d><l c="Lot">LOT-1</l><l c="Part">LOT-2</l><true>1</true><f>0.57</f></a>`

const holding = [
  "normalize-space(t) = 'a b'",
  "normalize-space(t) = ('x', 'a b')",
  'count(n) &gt; 1 and count(n) = 2 and count(n) &lt; 3 and not(count(n) &lt; 2)',
  'n = 8',
  "not(n = '8')",
  "n = ' 8 '",
  'sum(n) = 15',
  'sum(zzz) = 0',
  'n/number() &gt; 7',
  'string-length(x:q) = 2',
  "every $x in l/@c satisfies $x = ('Lot', 'Part')",
  "some $x in l satisfies $x/@c = 'Part'",
  'count(for $x in n, $y in n return $y) = 4',
  'if (e) then true() else false()',
  'true = true()',
  '(0.57 * count(l)) = 1.14',
  '(0.01 * 57) = f/number()',
  "matches(l[@c='Lot'], '^LOT-[0-9]$')",
  "starts-with(l[@c='Lot'], 'LOT')",
  "concat('P', n[normalize-space(.) = '7']/number() * 7, 'D') = 'P49D'",
  'd/xs:date(text()) &lt; current-date()',
  "(d/xs:date(text()) + xs:yearMonthDuration('P1M')) = xs:date('2026-02-28+02:00')",
  "(xs:date('2026-01-31Z') - xs:date('2026-01-30Z')) = xs:dayTimeDuration('P1D')",
  "(current-date() - xs:date('2026-06-15Z')) = xs:dayTimeDuration('P0D')",
  'count(l/../n) = 2',
  'count((n, n)) = 4',
  'count(l[@c = preceding-sibling::l/@c]) = 0',
  'not(e/text())',
  "w/text() = '2'",
  "number('abc') != number('abc')",
  "replace(replace(t, '\\s+$', ''), '^\\s+', '') ne t",
  "xs:time('10:00:00+01:00') = xs:time('09:00:00Z')",
  "format-number(f/number(), '#') = '1'",
  "format-number(f/number(), '0.##########') = '0.57'",
  '$unused = 3 or not($unused = 3)',
  '7 mod 2 = 1',
  './n = /a/n',
]

describe('XPath', () => {
  test.each(holding)('%s', (xpath) => {
    const head = '<let name="unused" value="1 + 2"/>'
    const rules = open(schema(pattern('A', ['/a', xpath, `not(${xpath})`]), head))
    expect(failures(rules, document)).toEqual(['A1b /a'])
  })

  test.each([
    ['xs:date(e) = xs:date(e)', 'FORG0001'],
    ["normalize-space(n) = '7'", 'XPTY0004'],
    ["normalize-space(w/text()) = '12'", 'XPTY0004'],
    ['t = true()', 'FORG0001'],
    ['t = 1', 'FORG0001'],
    ['(t = 1) or (n = 7)', 'holds'],
    ['(n = 7) and (t = 1)', 'FORG0001'],
    ['(t = 1) and (n = 9)', 'fails'],
    ["not(z/xs:date(text()) - t/xs:date(text()) > xs:dayTimeDuration('P1D'))", 'holds'],
    ["not(t/xs:date(text()) - z/xs:date(text()) > xs:dayTimeDuration('P1D'))", 'FORG0001'],
  ])('%s: %s', (xpath, outcome) => {
    const found = failures(open(schema(pattern('A', ['/a', xpath]))), document)
    expect(found).toEqual(outcome === 'holds' ? [] : [outcome === 'fails' ? 'A1a /a' : `A1a /a ${outcome}`])
  })
})

describe('a schema outside the subset is refused as a whole, each reason told', () => {
  test('asserts by their id', () => {
    const text = schema(pattern('A', ['/a', "tokenize(., ',')", 'true()', 'n[1]'], ['/a/following::b', 'true()']))
    const faults = (): readonly string[] => {
      try {
        open(text)
        return []
      } catch (error) {
        if (error instanceof SchemaError) return error.faults
        throw error
      }
    }
    expect(faults()).toEqual([
      'A1a: the function tokenize with 2 arguments',
      'A1c: a predicate that is a position',
      'pattern A, context /a/following::b: the axis following',
    ])
  })

  test.each([
    ['a report', '<pattern id="A"><rule context="/a"><report id="r" test="b">m</report></rule></pattern>', 'report'],
    ['a variable of a rule', '<pattern id="A"><rule context="/a"><let name="v" value="1"/></rule></pattern>', 'let'],
    ['an abstract pattern', '<pattern id="A" abstract="true"/>', 'abstract'],
    ['an unknown variable', pattern('A', ['/a', '$v']), '$v'],
    ['an undeclared prefix', pattern('A', ['/y:a', 'true()']), 'prefix'],
    ['a union as a context', pattern('A', ['/a | /b', 'true()']), 'not understood'],
  ])('%s', (_, patterns, reason) => {
    expect(() => open(schema(patterns))).toThrow(reason)
  })

  test('a rule set of another format is not opened', () => {
    expect(() => openRuleSet({ format: 'other' })).toThrow('install the pack again')
  })
})
