/** The part of XPath 2.0 that is compiled. Names carry their namespace: prefixes are gone after parsing. */
export type Expr =
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly type: 'integer' | 'decimal' | 'double'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'context' }
  | { readonly kind: 'sequence'; readonly items: readonly Expr[] }
  | { readonly kind: 'or' | 'and'; readonly operands: readonly Expr[] }
  | { readonly kind: 'compare'; readonly op: Comparison; readonly isGeneral: boolean; readonly sides: Pair }
  | { readonly kind: 'arithmetic'; readonly op: Arithmetic; readonly sides: Pair }
  | { readonly kind: 'negate'; readonly operand: Expr }
  | { readonly kind: 'range'; readonly sides: Pair }
  | { readonly kind: 'if'; readonly test: Expr; readonly chosen: Expr; readonly otherwise: Expr }
  | {
      readonly kind: 'for' | 'some' | 'every'
      readonly variable: string
      readonly source: Expr
      /** `return` or `satisfies`; several variables are nested. */
      readonly body: Expr
    }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expr[] }
  | Path

export type Pair = readonly [Expr, Expr]
export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='
export type Arithmetic = '+' | '-' | '*' | 'div' | 'idiv' | 'mod'

/** Steps from the document (`root`), from the context node (undefined) or from what an expression gives. */
export interface Path {
  readonly kind: 'path'
  readonly base: 'root' | undefined | Expr
  readonly steps: readonly Step[]
}

/** A step along an axis, or an expression evaluated for each node found so far (`cbc:Name/normalize-space(text())`). */
export type Step = AxisStep | { readonly axis: 'evaluate'; readonly expr: Expr }

export interface AxisStep {
  readonly axis: Axis
  readonly test: NodeTest
  readonly predicates: readonly Expr[]
}

export type Axis =
  | 'child'
  | 'attribute'
  | 'parent'
  | 'self'
  | 'preceding-sibling'
  | 'following-sibling'
  | 'descendant'
  | 'descendant-or-self'

export type NodeTest =
  | { readonly kind: 'name'; readonly ns: string; readonly name: string }
  /** `*`: elements, or attributes on the attribute axis. */
  | { readonly kind: 'any-name' }
  | { readonly kind: 'text' }
  | { readonly kind: 'node' }

/** What is written is not in the subset, or not XPath: the reason, for the person who installs a rule pack. */
export class UnsupportedXPath extends Error {
  override readonly name = 'UnsupportedXPath'
}
