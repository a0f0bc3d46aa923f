import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type RuleExample, readExample } from '@socle/mappings'

/** Where the contract keeps its example documents. */
const folder = fileURLToPath(new URL('../../../schemas/examples/', import.meta.url))

/** Every example of every rule, read from the contract's folder; none where the programs were installed without it. */
export function ruleExamples(): readonly RuleExample[] {
  const rules = join(folder, 'rules')
  if (!existsSync(rules)) return []
  return readdirSync(rules)
    .sort()
    .flatMap((rule) => examplesOf(rule))
}

/** Bytes of an example document, by its path. */
export function exampleDocument(path: string): Uint8Array {
  return readFileSync(join(folder, path))
}

/** Examples of one rule; none for an id that is no rule. */
export function examplesOf(rule: string): readonly RuleExample[] {
  const inside = join(folder, 'rules', rule)
  if (!/^[A-Z0-9-]+$/.test(rule) || !existsSync(inside)) return []
  return readdirSync(inside)
    .sort()
    .map((name) => readExample({ rule, name, bytes: readFileSync(join(inside, name)) }, exampleDocument))
}
