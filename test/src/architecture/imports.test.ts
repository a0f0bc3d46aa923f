import { describe, expect, test } from 'vitest'
import { calls, type ImportRule, importRules } from './rules.ts'
import { importAt, importsOf, isTest, readSources, type Source } from './sources.ts'

const sources = readSources()
const imports = sources.flatMap(importsOf)

/** Breaches as a developer wants to read them: where, what, and why not. */
function breachesOf(rule: ImportRule): readonly string[] {
  return imports
    .filter((one) => rule.breaks(one))
    .map(({ from, specifier }) => `${from} imports ${specifier}: ${rule.because}`)
}

describe('the parser of imports', () => {
  test('finds every form, and tells types from values', () => {
    const text = [
      "import { a, type B } from './a.ts'",
      "import type { C } from '../c.ts'",
      "import { type D, type E } from '@socle/schemas'",
      "import 'side-effect'",
      "import * as fc from 'fast-check'",
      "import plain, {\n  type F,\n} from 'plain'",
      "export { g } from './g.ts'",
      "export type { H } from './h.ts'",
      "export * from './i.ts'",
      ['const later = await import', "('./j.ts')"].join(''),
      'const text = "import x from \'y\'"',
    ].join('\n')
    expect(
      importsOf({ path: 'gateway/src/map/x.ts', text }).map(({ specifier, kind, target }) => [specifier, kind, target]),
    ).toEqual([
      ['./a.ts', 'value', 'gateway/src/map/a.ts'],
      ['../c.ts', 'type', 'gateway/src/c.ts'],
      ['@socle/schemas', 'type', undefined],
      ['side-effect', 'value', undefined],
      ['fast-check', 'value', undefined],
      ['plain', 'value', undefined],
      ['./g.ts', 'value', 'gateway/src/map/g.ts'],
      ['./h.ts', 'type', 'gateway/src/map/h.ts'],
      ['./i.ts', 'value', 'gateway/src/map/i.ts'],
      ['./j.ts', 'value', 'gateway/src/map/j.ts'],
    ])
  })

  test('finds in the tree what is known to be there', () => {
    expect(sources.length).toBeGreaterThan(250)
    expect(imports.length).toBeGreaterThan(800)
    expect(imports).toContainEqual(importAt('gateway/src/flow.ts', './record/record.ts'))
    const known = new Set(sources.map(({ path }) => path))
    const lost = imports.filter(
      ({ target }) => target !== undefined && /^\w+\/src\//.test(target) && !known.has(target),
    )
    expect(lost).toEqual([])
  })
})

describe.each(importRules.map((rule) => [rule.name, rule] as const))('%s', (_, rule) => {
  test('holds', () => {
    expect(breachesOf(rule)).toEqual([])
  })

  test('would be broken by a planted import, and says why', () => {
    expect(rule.breaks(rule.planted)).toBe(true)
    expect(rule.because.length).toBeGreaterThan(20)
  })
})

describe('the folders of the hub', () => {
  test('are all named in the table of calls, and no call in it is unused', () => {
    const folders = new Set(sources.flatMap(({ path }) => /^gateway\/src\/([a-z]+)\//.exec(path)?.[1] ?? []))
    expect([...folders].sort()).toEqual(Object.keys(calls).sort())
    const made = new Set(
      imports.flatMap(({ from, target, kind }) => {
        const [caller, called] = [from, target ?? ''].map((path) => /^gateway\/src\/([a-z]+)\//.exec(path)?.[1])
        return kind === 'value' && !isTest(from) && caller && called && caller !== called
          ? [`${caller} -> ${called}`]
          : []
      }),
    )
    const allowed = Object.entries(calls).flatMap(([caller, called]) => called.map((one) => `${caller} -> ${one}`))
    expect(allowed.filter((call) => !made.has(call))).toEqual([])
  })

  test('call one another in one direction only: there is an order in which each comes after all that it calls', () => {
    expect(circleIn(calls)).toBeUndefined()
    expect(circleIn({ a: ['b'], b: ['c'], c: ['a'] })).toEqual(['a', 'b', 'c', 'a'])
  })
})

function circleIn(graph: Readonly<Record<string, readonly string[]>>): readonly string[] | undefined {
  const visit = (node: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node]
    for (const next of graph[node] ?? []) {
      const circle = visit(next, [...path, node])
      if (circle) return circle
    }
    return undefined
  }
  for (const node of Object.keys(graph)) {
    const circle = visit(node, [])
    if (circle) return circle
  }
  return undefined
}

/** A rule over the text of one file. */
interface TextRule {
  readonly name: string
  readonly because: string
  readonly planted: Source
  breaks(source: Source): boolean
}

const program = ({ path }: Source): boolean => !isTest(path)
const lines = ({ text }: Source): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0)

const textRules: readonly TextRule[] = [
  {
    name: 'the environment is read by the command line and by the connectors’ own main, nowhere else',
    because: 'a setting read late or deep cannot be reported at start, nor set by a test',
    planted: { path: 'gateway/src/deliver/retry.ts', text: "const x = process.env['HUB_X']" },
    breaks: (source) =>
      program(source) &&
      /process\.env\b/.test(source.text) &&
      !/^(?:gateway\/src\/cli\/|connectors\/src\/main\.ts$)/.test(source.path),
  },
  {
    name: 'time is taken where a clock is made: wire, command line and page, connectors’ defaults',
    because: 'code that asks the wall clock itself cannot be judged twice alike',
    planted: { path: 'mappings/src/calendar.ts', text: 'const now = new Date()' },
    breaks: (source) =>
      program(source) &&
      /\bDate\.now\(|\bnew Date\(\)/.test(source.text) &&
      !/^(?:gateway\/src\/(?:wire\.ts$|cli\/|page\/browser\/worker\.ts$)|connectors\/src\/(?:main|kit\/connector|simulated\/profile)\.ts$)/.test(
        source.path,
      ),
  },
  {
    name: 'flow.ts tells the whole story in at most 100 lines',
    because: 'it is where a reader starts',
    planted: { path: 'gateway/src/flow.ts', text: '\n'.repeat(101) },
    breaks: (source) => source.path === 'gateway/src/flow.ts' && lines(source) > 100,
  },
  {
    name: 'a file has at most 250 lines, a test 400',
    because: 'one file, one job; what is longer does two',
    planted: { path: 'gateway/src/x.ts', text: '\n'.repeat(251) },
    breaks: (source) =>
      !source.path.includes('/generated/') && lines(source) > (source.path.endsWith('.test.ts') ? 400 : 250),
  },
  {
    name: 'no library ends the process',
    because: 'whoever is in gets an answer first; only the command may decide to stop',
    planted: { path: 'gateway/src/serve.ts', text: 'process.exit(1)' },
    breaks: (source) =>
      program(source) &&
      /process\.exit\(/.test(source.text) &&
      !/^(?:gateway\/src\/cli\/|connectors\/src\/main\.ts$)/.test(source.path),
  },
  {
    name: 'nothing is left to do in a comment, and nothing is silenced',
    because: 'a fault that is known is mended or written in DECISIONS.md; a compiler told to be quiet stays so',
    planted: { path: 'gateway/src/x.ts', text: ['// TO', 'DO later'].join('') },
    breaks: ({ text }) => /\bTO(?:DO)\b|\bFIX(?:ME)\b|@ts-(?:ignore|nocheck|expect-error)/.test(text),
  },
  {
    name: 'no test is switched off or left alone',
    because: 'a suite that passes because it did not run says nothing',
    planted: { path: 'test/src/x.test.ts', text: ['test.', 'only('].join('') },
    breaks: ({ path, text }) => path.endsWith('.test.ts') && /\b(?:test|describe|it)\.(?:only|skip|todo)\(/.test(text),
  },
]

describe.each(textRules.map((rule) => [rule.name, rule] as const))('%s', (_, rule) => {
  test('holds', () => {
    expect(sources.filter((source) => rule.breaks(source)).map(({ path }) => `${path}: ${rule.because}`)).toEqual([])
  })

  test('would be broken by a planted file', () => {
    expect(rule.breaks(rule.planted)).toBe(true)
  })
})
