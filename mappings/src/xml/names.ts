import { normalizeAttribute } from './references.ts'
import type { ElementNode, Tag, XmlTree } from './tree.ts'

/** An attribute as written: where its name begins, and its value with the references in it. */
export interface Written {
  readonly from: number
  /** What the name means, unless a declaration of the same element changes it; undefined when it was not met yet. */
  readonly tag: Tag | undefined
  readonly value: string
}

/** A name met before, found by a few of its characters: most names of a document repeat, and need not be cut out. */
interface Known {
  readonly tag: Tag
  readonly next: Known | undefined
}

/**
 * Prefixes to namespaces, and the names already met under them. An element that declares some gets a scope of its own
 * that inherits the rest, so that depth costs and number does not.
 */
interface Scope {
  readonly outer: Scope | undefined
  readonly bindings: Readonly<Record<string, string>>
  readonly elements: Map<number, Known>
  readonly attributes: Map<number, Known>
}

const emptyBindings: Readonly<Record<string, string>> = Object.assign(Object.create(null) as Record<string, string>, {
  '': '',
  xml: 'http://www.w3.org/XML/1998/namespace',
})

function scopeIn(outer: Scope | undefined, bindings: Readonly<Record<string, string>>): Scope {
  return { outer, bindings, elements: new Map(), attributes: new Map() }
}

/** The names of one document and the namespaces their prefixes stand for where the reader is. */
export class Names {
  readonly #tree: XmlTree
  readonly #indexes = new Map<string, Map<string, number>>()
  #scope: Scope = scopeIn(undefined, emptyBindings)
  /** Elements that declare namespaces and are still open, innermost last. */
  readonly #declaring: ElementNode[] = []
  #innermost: ElementNode | undefined = undefined

  constructor(tree: XmlTree) {
    this.#tree = tree
  }

  /** Opens a scope when there is a namespace declaration among the attributes of the element to come. */
  declare(written: readonly Written[]): boolean {
    const bindings = declarations(this.#tree.source, written, this.#scope.bindings)
    if (bindings !== undefined) this.#scope = scopeIn(this.#scope, bindings)
    return bindings !== undefined
  }

  enter(element: ElementNode): void {
    this.#declaring.push(element)
    this.#innermost = element
  }

  leave(element: ElementNode): void {
    if (this.#innermost !== element) return
    this.#declaring.pop()
    this.#innermost = this.#declaring.at(-1)
    this.#scope = this.#scope.outer ?? this.#scope
  }

  /** The tag of the element whose name begins at an index of the source, when it was met under this scope. */
  elementAt(from: number): Tag | undefined {
    const { source } = this.#tree
    return find(this.#scope.elements.get(keyAt(source, from)), source, from)
  }

  attributeAt(from: number): Tag | undefined {
    const { source } = this.#tree
    return find(this.#scope.attributes.get(keyAt(source, from)), source, from)
  }

  /** Where the name that begins at an index ends. */
  endAt(from: number): number {
    const { source } = this.#tree
    let to = from
    while (!endsName(source.charCodeAt(to))) to += 1
    return to
  }

  makeElement(from: number): Tag {
    return this.elementAt(from) ?? this.make(this.#scope.elements, from, '')
  }

  /** An attribute without prefix is in no namespace, whatever the default one is. */
  makeAttribute(from: number): Tag {
    return this.attributeAt(from) ?? this.make(this.#scope.attributes, from, undefined)
  }

  private make(known: Map<number, Known>, from: number, defaultPrefix: string | undefined): Tag {
    const qname = this.#tree.source.slice(from, this.endAt(from))
    const colon = qname.indexOf(':')
    const name = qname.slice(colon + 1)
    const prefix = colon === -1 ? defaultPrefix : qname.slice(0, colon)
    const ns = prefix === undefined ? '' : (this.#scope.bindings[prefix] ?? '')
    const isDeclaration = defaultPrefix === undefined && declaration.test(qname)
    const tag = { name, qname, ns, index: isDeclaration ? -1 : this.indexOf(ns, name) }
    const key = keyAt(this.#tree.source, from)
    known.set(key, { tag, next: known.get(key) })
    return tag
  }

  private indexOf(ns: string, name: string): number {
    let names = this.#indexes.get(ns)
    if (names === undefined) {
      names = new Map()
      this.#indexes.set(ns, names)
    }
    let index = names.get(name)
    if (index === undefined) {
      index = this.#tree.names.push({ ns, name }) - 1
      names.set(name, index)
    }
    return index
  }
}

/**
 * Mixes characters at a few places, some of which may lie after the name: one name may be known under several keys, and
 * names of one key are told apart by comparing them.
 */
function keyAt(source: string, from: number): number {
  const ends = source.charCodeAt(from) * 31 + source.charCodeAt(from + 4) * 17 + source.charCodeAt(from + 5)
  return (ends * 61 + source.charCodeAt(from + 8) * 37 + source.charCodeAt(from + 12)) | 0
}

function find(known: Known | undefined, source: string, from: number): Tag | undefined {
  for (let at = known; at !== undefined; at = at.next) {
    const { qname } = at.tag
    if (source.startsWith(qname, from) && endsName(source.charCodeAt(from + qname.length))) return at.tag
  }
  return undefined
}

function endsName(code: number): boolean {
  return code === 0x3e || code === 0x2f || code === 0x3d || code <= 0x20 || Number.isNaN(code)
}

const declaration = /^xmlns(?::|$)/

function declarations(
  source: string,
  written: readonly Written[],
  outer: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | undefined {
  let inner: Record<string, string> | undefined
  for (const { from, value } of written) {
    if (!source.startsWith('xmlns', from)) continue
    const qname = /[^=\s]*/.exec(source.slice(from, source.indexOf('=', from)))?.[0] ?? ''
    if (!declaration.test(qname)) continue
    inner ??= Object.create(outer) as Record<string, string>
    inner[qname.slice(6)] = normalizeAttribute(value)
  }
  return inner
}
