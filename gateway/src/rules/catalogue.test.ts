import process from 'node:process'
import { type RuleExample, checkCatalogue, openPacks } from '@socle/mappings'
import { type Rule, rules } from '@socle/schemas'
import { beforeAll, describe, expect, test } from 'vitest'
import { defaultPacksFolder, packsIn } from '../packs/folder.ts'
import { ruleExamples } from './examples.ts'
import { judgeExample } from './judge-example.ts'
import { catalogueStyle, cataloguePage } from './page.ts'
import { unshowable } from './unshowable.ts'

const packs = openPacks(packsIn(defaultPacksFolder))
const canJudge = packs.installed.length >= 4

if (!canJudge) process.stderr.write('rule packs are not installed: the catalogue is not checked\n')

test.runIf(process.env['CI'] === 'true')('the rule packs are installed', () => {
  expect(canJudge).toBe(true)
})

describe.runIf(canJudge)('the rule catalogue', () => {
  let examples: readonly RuleExample[] = []
  const told = new Map<RuleExample, readonly string[]>()
  beforeAll(() => {
    examples = ruleExamples()
    for (const example of examples) told.set(example, judgeExample(example, packs))
  }, 60_000)

  test('has for each rule its texts, its source, an example that passes and one that fails, and paths that exist', () => {
    const all = Object.values(rules)
    expect(checkCatalogue(all, examples, (example) => told.get(example) ?? [], unshowable)).toEqual([])
  })

  test('knows every rule that an example brings out, or it is one of an official pack', () => {
    const known = new Set<string>(Object.keys(rules))
    const texts = packs.sdk('1.13')?.texts
    const strays = [...told.values()]
      .flat()
      .filter((rule) => !known.has(rule) && texts?.textOf(rule, 'en') === undefined)
    expect(strays).toEqual([])
  })

  test('is shown as a page with all rules and one style, and text of documents is never markup', () => {
    const hostile: Rule = {
      ...rules['HUB-DATE'],
      message: { fr: '<script>alert(1)</script>', en: 'x' },
    }
    const page = cataloguePage([...Object.values(rules), hostile], examples)
    for (const id of Object.keys(rules)) expect(page).toContain(`<article id="${id}">`)
    expect(page).not.toContain('<script')
    expect(page).toContain(catalogueStyle.css)
  })
})

const example = (passes: boolean, text: string): RuleExample => ({
  rule: 'HUB-DATE',
  name: passes ? 'pass.json' : 'fail.json',
  passes,
  bytes: new TextEncoder().encode(text),
  options: {},
})

describe('the check of the catalogue refuses', () => {
  const rule: Rule = { ...rules['HUB-DATE'], fields: ['/dateNotification'] }
  const good = [example(true, '{"dateNotification":"2026-01-02"}'), example(false, '{"dateNotification":"2024-99-99"}')]
  const judge = ({ passes }: RuleExample): string[] => (passes ? [] : ['HUB-DATE'])
  const problemsOf = (
    changed: Partial<Rule>,
    examples: readonly RuleExample[] = good,
    judgeBy: (example: RuleExample) => readonly string[] = judge,
  ): string[] => checkCatalogue([{ ...rule, ...changed }], examples, judgeBy, []).map(({ problem }) => problem)

  test('nothing of a whole rule', () => {
    expect(problemsOf({})).toEqual([])
  })

  test.each([
    ['a missing French message', { message: { fr: ' ', en: 'x' } }, 'no French message'],
    ['a missing source', { source: '' }, 'no source'],
    ['a missing date', { since: '' }, 'no version it applies since'],
    ['no format', { formats: [] }, 'no format'],
    ['a path that no example has', { fields: ['/dateNotif'] }, 'names /dateNotif, which none of its examples has'],
  ])('%s', (_, changed, problem) => {
    expect(problemsOf(changed)).toEqual([problem])
  })

  test('a rule without examples, a dead rule and one told where it should not be', () => {
    expect(problemsOf({ fields: ['*'] }, [])).toEqual([
      'no passing example',
      'no failing example',
      'names *, which none of its examples has',
    ])
    expect(problemsOf({}, good, () => [])).toEqual(['dead: not told for fail.json (told: )'])
    expect(problemsOf({}, good, () => ['HUB-DATE'])).toEqual(['told for pass.json, which should pass'])
  })

  test('an example of a rule that is not in the catalogue', () => {
    const [first] = good
    const stray = first === undefined ? [] : [{ ...first, rule: 'HUB-OLD' }]
    expect(checkCatalogue([], stray, judge, [])).toEqual([
      { rule: 'HUB-OLD', problem: 'example pass.json of a rule that is not in the catalogue' },
    ])
  })
})
