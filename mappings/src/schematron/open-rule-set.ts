import type { XmlNode } from '../xml/node.ts'
import { ElementNode } from '../xml/tree.ts'
import type { Failure } from './failure.ts'
import { PhaseProgram } from './phase-program.ts'
import { type RuleSet, ruleSetFormat } from './rule-set.ts'
import { RuleTable } from './rule-table.ts'

/** A rule set ready to run. Closures are made when a phase is first used, and kept. */
export interface Rules {
  readonly phases: readonly string[]
  /**
   * The asserts of a phase that do not hold in a document, in document order, then in the order of the schema; undefined
   * when the rule set has no such phase (in eForms: an unknown notice subtype).
   */
  readonly run: (phase: string, root: XmlNode, now: Now) => readonly Failure[] | undefined
}

/** The day that `current-date()` tells, and the offset in minutes of dates that have none (UTC when left out). */
export interface Now {
  readonly now: Date
  readonly offset?: number
}

/**
 * Opens a rule set made by `compileSchematron`, as it was read from disk. Throws when it has another format: it must be
 * made again. Roots given to `run` must come from `readXml`.
 */
export function openRuleSet(stored: unknown): Rules {
  const ruleSet = checked(stored)
  const table = new RuleTable(ruleSet)
  const programs = new Map<string, PhaseProgram>()
  const programOf = (id: string): PhaseProgram | undefined => {
    const known = programs.get(id)
    if (known !== undefined) return known
    const phase = ruleSet.phases.find((phase) => phase.id === id)
    if (phase === undefined) return undefined
    const program = new PhaseProgram(table, phase)
    programs.set(id, program)
    return program
  }
  return {
    phases: ruleSet.phases.map(({ id }) => id),
    run: (phase, root, { now, offset = 0 }) => {
      if (!(root instanceof ElementNode)) throw new TypeError('rules run on a document that readXml read')
      return programOf(phase)?.run(root.tree, now, offset)
    },
  }
}

/** Rule sets are made by this package only: the format says so, and nothing else is checked again at each start. */
function checked(stored: unknown): RuleSet {
  const isRuleSet =
    typeof stored === 'object' && stored !== null && 'format' in stored && stored.format === ruleSetFormat
  if (!isRuleSet) throw new Error(`not a rule set of the format ${ruleSetFormat}: install the pack again`)
  return stored as unknown as RuleSet
}
