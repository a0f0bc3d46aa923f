import type { Expr, Path } from './ast.ts'

/** Names, as `ns name`. */
type Names = ReadonlySet<string>

const none: Names = new Set()

/**
 * Names without any of which in a document a test holds there, whatever else it asks: `count(cbc:Note) < 2` where there
 * is no `cbc:Note`. Most rules are about what a given notice does not have; they need not be asked.
 */
export function vacuousWithout(expr: Expr): Names {
  switch (expr.kind) {
    case 'or':
      return union(expr.operands.map(vacuousWithout))
    case 'and':
      return common(expr.operands.map(vacuousWithout))
    case 'every':
      return emptyWithout(expr.source)
    case 'call':
      return isCall(expr, 'not') ? falseWithout(expr.args[0]) : none
    case 'compare':
      return isFewerThanSome(expr) ? emptyWithout(expr.sides[0].args[0]) : none
    default:
      return none
  }
}

function falseWithout(expr: Expr | undefined): Names {
  switch (expr?.kind) {
    case 'or':
      return common(expr.operands.map(falseWithout))
    case 'and':
      return union(expr.operands.map(falseWithout))
    case 'some':
      return emptyWithout(expr.source)
    case 'path':
      return emptyWithout(expr)
    case 'call':
      return isCall(expr, 'not') && expr.args[0] !== undefined ? vacuousWithout(expr.args[0]) : none
    case 'compare':
      // Nothing compares with nothing.
      return union(expr.sides.map(emptyWithout))
    default:
      return none
  }
}

function emptyWithout(expr: Expr | undefined): Names {
  if (expr?.kind === 'for') return emptyWithout(expr.source)
  if (expr?.kind !== 'path') return none
  return new Set([...(typeof expr.base === 'object' ? emptyWithout(expr.base) : []), ...namesIn(expr)])
}

function namesIn({ steps }: Path): readonly string[] {
  return steps.flatMap((step) =>
    step.axis !== 'evaluate' && step.test.kind === 'name' ? [`${step.test.ns} ${step.test.name}`] : [],
  )
}

type Call = Extract<Expr, { kind: 'call' }>
type Counting = Extract<Expr, { kind: 'compare' }> & { readonly sides: readonly [Call, Expr] }

/** A `count(...)` that is held to be few: none is few enough. */
function isFewerThanSome(expr: Extract<Expr, { kind: 'compare' }>): expr is Counting {
  const [call, limit] = expr.sides
  if (call.kind !== 'call' || !isCall(call, 'count') || limit.kind !== 'number') return false
  return (
    ((expr.op === '=' || expr.op === '<=') && Number(limit.text) === 0) || (expr.op === '<' && Number(limit.text) > 0)
  )
}

function isCall({ name, args }: Call, wanted: string): boolean {
  return name === wanted && args.length === 1
}

function union(sets: readonly Names[]): Names {
  return new Set(sets.flatMap((names) => [...names]))
}

function common(sets: readonly Names[]): Names {
  const [first = none, ...others] = sets
  return new Set([...first].filter((name) => others.every((names) => names.has(name))))
}
