import type { Expr, Step } from './ast.ts'

/**
 * A guess at what an expression costs, in steps. Operands of `and` and `or` may be asked in any order, and those that
 * cost little often decide.
 */
export function costOf(expr: Expr): number {
  switch (expr.kind) {
    case 'path':
      // From the document: shared by all tests that ask for it.
      if (expr.base === 'root') return 2
      return (typeof expr.base === 'object' ? costOf(expr.base) : 0) + total(expr.steps.map(costOfStep))
    case 'sequence':
      return total(expr.items.map(costOf))
    case 'or':
    case 'and':
      return total(expr.operands.map(costOf))
    case 'call':
      return 1 + total(expr.args.map(costOf))
    case 'compare':
      return total(expr.sides.map(costOf))
    case 'arithmetic':
      return 10 + total(expr.sides.map(costOf))
    case 'for':
    case 'some':
    case 'every':
      return costOf(expr.source) + 5 * costOf(expr.body)
    case 'if':
      return costOf(expr.test) + costOf(expr.chosen) + costOf(expr.otherwise)
    default:
      return 0
  }
}

function costOfStep(step: Step): number {
  if (step.axis === 'evaluate') return 1 + costOf(step.expr)
  return 1 + 2 * total(step.predicates.map(costOf))
}

function total(costs: readonly number[]): number {
  return costs.reduce((sum, cost) => sum + cost, 0)
}
