import type { Expr, Pair, Path, Step } from './ast.ts'

/**
 * Rewrites an expression for a context whose depth is known (1 for the root element): a path that climbs to the root is
 * the same path from the document, whose value every context shares. Gives the same object when nothing climbs so far.
 */
export function lift(expr: Expr, depth: number): Expr {
  switch (expr.kind) {
    case 'path':
      return liftPath(expr, depth)
    case 'sequence': {
      const items = liftAll(expr.items, depth)
      return items === expr.items ? expr : { ...expr, items }
    }
    case 'or':
    case 'and': {
      const operands = liftAll(expr.operands, depth)
      return operands === expr.operands ? expr : { ...expr, operands }
    }
    case 'call': {
      const args = liftAll(expr.args, depth)
      return args === expr.args ? expr : { ...expr, args }
    }
    case 'compare':
    case 'arithmetic':
      return liftSides(expr, depth)
    case 'for':
    case 'some':
    case 'every':
      return liftBinding(expr, depth)
    default:
      return expr
  }
}

function liftSides<E extends { readonly sides: Pair }>(expr: E, depth: number): E {
  const [left, right] = expr.sides
  const [a, b] = [lift(left, depth), lift(right, depth)]
  return a === left && b === right ? expr : { ...expr, sides: [a, b] }
}

function liftBinding<E extends { readonly source: Expr; readonly body: Expr }>(expr: E, depth: number): E {
  const [source, body] = [lift(expr.source, depth), lift(expr.body, depth)]
  return source === expr.source && body === expr.body ? expr : { ...expr, source, body }
}

function liftAll(exprs: readonly Expr[], depth: number): readonly Expr[] {
  const lifted = exprs.map((expr) => lift(expr, depth))
  return lifted.every((expr, i) => expr === exprs[i]) ? exprs : lifted
}

const rootElement: Step = { axis: 'child', test: { kind: 'any-name' }, predicates: [] }

function liftPath(path: Path, depth: number): Expr {
  if (typeof path.base === 'object') {
    const base = lift(path.base, depth)
    return base === path.base ? path : { ...path, base }
  }
  if (path.base === 'root') return path
  const other = path.steps.findIndex((step) => !isClimb(step))
  const climbed = other === -1 ? path.steps.length : other
  const next = path.steps[climbed]
  if (climbed !== depth - 1 || (next !== undefined && next.axis !== 'child' && next.axis !== 'attribute')) return path
  return { kind: 'path', base: 'root', steps: [rootElement, ...path.steps.slice(climbed)] }
}

function isClimb(step: Step): boolean {
  return step.axis === 'parent' && step.test.kind === 'node' && step.predicates.length === 0
}
