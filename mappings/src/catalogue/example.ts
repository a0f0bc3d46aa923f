import type { Kind } from '@socle/schemas'

/**
 * An example of a rule: bytes that are judged, and whether the rule must stay silent or be told. Kept as files in
 * `schemas/examples/rules/<rule>/`, named `pass…` or `fail…`: either the document itself, or a JSON recipe that changes
 * a base document, so that forty notices do not have to be kept for forty rules.
 */
export interface RuleExample {
  readonly rule: string
  readonly name: string
  readonly passes: boolean
  readonly bytes: Uint8Array
  readonly options: ExampleOptions
}

/** How the example is judged where the document alone does not show the rule. */
export interface ExampleOptions {
  readonly expect?: Kind
  readonly maxBytes?: number
  /** `absent`: no official rules installed; `none`: not asked. Otherwise the installed ones are asked. */
  readonly packs?: 'absent' | 'none'
  /** Recipe of the request that a response is compared with. */
  readonly request?: Recipe
  /** What the sender says beside the document, and who else deposited under the same consultation. */
  readonly deposit?: { readonly buyer?: string; readonly consultation?: string; readonly consultationOf?: string }
}

export interface Recipe {
  /** Path of the base document in `schemas/examples`. */
  readonly base: string
  readonly edits: readonly Edit[]
}

/** A text replaced by another: it stands once in the document, unless `all` says every time. */
export interface Edit {
  readonly replace: string
  readonly with: string
  readonly all?: boolean
}

/** An example as its file tells it. `readBase` gives the bytes of a base document by its path. */
export function readExample(
  file: { readonly rule: string; readonly name: string; readonly bytes: Uint8Array },
  readBase: (path: string) => Uint8Array,
): RuleExample {
  const { rule, name } = file
  const passes = name.startsWith('pass')
  if (!passes && !name.startsWith('fail')) throw new Error(`${rule}/${name}: starts with neither pass nor fail`)
  const recipe = recipeIn(file.bytes)
  if (recipe === undefined) return { rule, name, passes, bytes: file.bytes, options: {} }
  return { rule, name, passes, bytes: follow(recipe, readBase), options: recipe.options ?? {} }
}

function recipeIn(bytes: Uint8Array): (Recipe & { readonly options?: ExampleOptions }) | undefined {
  const text = new TextDecoder().decode(bytes)
  if (!/^\s*\{\s*"base"/.test(text)) return undefined
  return JSON.parse(text) as Recipe & { readonly options?: ExampleOptions }
}

/** Makes the document of a recipe. Throws when a text to replace is not there exactly once: the base changed. */
export function follow({ base, edits }: Recipe, readBase: (path: string) => Uint8Array): Uint8Array {
  let text = new TextDecoder().decode(readBase(base))
  for (const { replace, with: by, all } of edits) {
    const count = text.split(replace).length - 1
    if (count === 0 || (count > 1 && all !== true)) throw new Error(`${base}: “${replace}” is there ${count} times`)
    text = text.split(replace).join(by)
  }
  return new TextEncoder().encode(text)
}
