import type { Expr } from './ast.ts'
import { type Compiled, type Compiler, type Run, type Uses, type Visit, sequence, truth, usesOf } from './compiled.ts'
import { costOf } from './cost.ts'
import type { Node } from './values.ts'

/**
 * `or` and `and`, the cheapest operand first: XPath leaves the order open (2.0, 3.6). When one errs, the others may still
 * decide: they are asked, and only if none does, the error stands.
 */
export function compileJunction(
  { kind, operands }: Extract<Expr, { kind: 'or' | 'and' }>,
  compiler: Compiler,
): Compiled {
  const parts = operands.toSorted((a, b) => costOf(a) - costOf(b)).map((operand) => compiler.compile(operand))
  const decisive = kind === 'or'
  const tests = parts.map(({ test }) => test)
  const [first, second, third] = tests
  if (first !== undefined && second !== undefined && third === undefined) {
    return truth(pair(first, second, decisive), usesOf(parts))
  }
  return truth((run, node) => decide(tests, decisive, run, node), usesOf(parts))
}

function pair(first: Compiled['test'], second: Compiled['test'], decisive: boolean): Compiled['test'] {
  return (run, node) => {
    let isDecided: boolean
    try {
      isDecided = first(run, node) === decisive
    } catch (error) {
      if (second(run, node) === decisive) return decisive
      throw error
    }
    return isDecided ? decisive : second(run, node)
  }
}

function decide(tests: readonly Compiled['test'][], decisive: boolean, run: Run, node: Node): boolean {
  let failure: { readonly error: unknown } | undefined
  for (const test of tests) {
    try {
      if (test(run, node) === decisive) return decisive
    } catch (error) {
      failure ??= { error }
    }
  }
  if (failure !== undefined) throw failure.error
  return !decisive
}

/** `for $x in`, `some $x in`, `every $x in`. */
export function compileBinding(
  { kind, variable, source, body }: Extract<Expr, { kind: 'for' | 'some' | 'every' }>,
  compiler: Compiler,
): Compiled {
  const from = compiler.compile(source)
  const { slot, compiled } = compiler.within(variable, from, body)
  const inner = usesOf([compiled])
  const both = usesOf([from, compiled])
  const slots = [...new Set([...from.uses.slots, ...inner.slots.filter((used) => used !== slot)])]
  const uses: Uses = { context: both.context, slots }
  if (kind === 'for') return sequence(compiled.type, loop(from, slot, compiled), uses)
  const { test } = compiled
  const wanted = kind === 'some'
  return truth((run, node) => {
    const visit: Visit = (run, item) => {
      run.slots[slot] = item
      return test(run, node) === wanted
    }
    return from.some(run, node, visit) === wanted
  }, uses)
}

function loop(from: Compiled, slot: number, body: Compiled): Compiled['some'] {
  return (run, node, visit) =>
    from.some(run, node, (run, item) => {
      run.slots[slot] = item
      return body.some(run, node, visit)
    })
}
