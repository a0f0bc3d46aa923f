import type { Rule } from '@socle/schemas'
import type { RuleExample } from './example.ts'
import { hasPath } from './paths.ts'

/** Something wrong with a rule of the catalogue. */
export interface CatalogueProblem {
  readonly rule: string
  readonly problem: string
}

/**
 * What is wrong with the catalogue: a rule without its texts, source, date or examples, a dead one (no example brings it
 * out), one told where it should not be, and one that names a path none of its examples has.
 * `judge` gives the ids of the rules told for an example. `exempt` are rules that no document can show.
 */
export function checkCatalogue(
  rules: readonly Rule[],
  examples: readonly RuleExample[],
  judge: (example: RuleExample) => readonly string[],
  exempt: readonly string[],
): readonly CatalogueProblem[] {
  const known = new Set(rules.map(({ id }) => id))
  const strays = examples.filter(({ rule }) => !known.has(rule))
  return [
    ...strays.map(({ rule, name }) => ({ rule, problem: `example ${name} of a rule that is not in the catalogue` })),
    ...rules.flatMap((rule) => {
      const own = examples.filter((example) => example.rule === rule.id)
      const shown = exempt.includes(rule.id) ? [] : [...checkExamples(own, judge), ...checkPaths(rule, own)]
      return [...checkTexts(rule), ...shown].map((problem) => ({ rule: rule.id, problem }))
    }),
  ]
}

function checkTexts({ message, hint, source, since, formats, fields }: Rule): readonly string[] {
  const texts: readonly (readonly [name: string, text: string])[] = [
    ['French message', message.fr],
    ['English message', message.en],
    ['French hint', hint.fr],
    ['English hint', hint.en],
    ['source', source],
    ['version it applies since', since],
  ]
  const missing = texts.filter(([, text]) => text.trim() === '').map(([name]) => `no ${name}`)
  if (formats.length === 0) missing.push('no format')
  return new Set(fields).size === fields.length ? missing : [...missing, 'a path twice']
}

function* checkExamples(
  own: readonly RuleExample[],
  judge: (example: RuleExample) => readonly string[],
): Generator<string> {
  if (!own.some(({ passes }) => passes)) yield 'no passing example'
  if (!own.some(({ passes }) => !passes)) yield 'no failing example'
  for (const example of own) {
    const told = judge(example)
    const isTold = told.includes(example.rule)
    if (example.passes && isTold) yield `told for ${example.name}, which should pass`
    if (!example.passes && !isTold) yield `dead: not told for ${example.name} (told: ${told.join(', ')})`
  }
}

function checkPaths({ fields }: Rule, own: readonly RuleExample[]): readonly string[] {
  return fields
    .filter((path) => !own.some(({ bytes }) => hasPath(bytes, path)))
    .map((path) => `names ${path}, which none of its examples has`)
}
