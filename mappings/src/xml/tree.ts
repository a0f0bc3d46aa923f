import type { XmlNode } from './node.ts'
import { decodeReferences, normalizeAttribute } from './references.ts'
import { isBlank, normalizeSpace } from './spaces.ts'

/** A name of a document, shared by all its elements and attributes of that name: comparing names is comparing `index`. */
export interface Tag {
  readonly name: string
  readonly qname: string
  readonly ns: string
  /** Number of the expanded name in its document; below zero for a namespace declaration, which no name test finds. */
  readonly index: number
}

/** The document node of XPath, and what all nodes of a document share. */
export class XmlTree {
  readonly source: string
  /** Expanded names in order of appearance, as `{ns, name}`: `Tag.index` points here. */
  readonly names: { readonly ns: string; readonly name: string }[] = []
  /** Every element in document order: the place in it is `order`. */
  readonly elements: ElementNode[] = []
  /** The root element alone, so that a path can start here as at any node. */
  readonly children: ElementNode[] = []
  readonly attributes: readonly AttributeNode[] = noAttributes
  readonly parent: undefined = undefined
  readonly tag: Tag = documentTag
  readonly order: number = -1

  constructor(source: string) {
    this.source = source
  }

  get stringValue(): string {
    return this.children[0]?.stringValue ?? ''
  }
}

const documentTag: Tag = { name: '', qname: '', ns: '', index: -3 }

const noChildren: ElementNode[] = []
const noAttributes: AttributeNode[] = []

/**
 * One element, for the readers (`XmlNode`) and for the rules alike. Reading a document only finds where elements and
 * attributes begin and end: texts are cut out of the source and decoded when someone asks, which for most is never.
 */
export class ElementNode implements XmlNode {
  readonly tree: XmlTree
  readonly tag: Tag
  readonly parent: ElementNode | undefined
  children: ElementNode[] = noChildren
  attributes: AttributeNode[] = noAttributes
  /** Place among all elements of the document, and among the children of the parent. */
  readonly order: number
  readonly place: number
  /** Where the content begins and ends in the source, and where the element itself ends. */
  start = 0
  end = 0
  after = 0
  /** A comment, CDATA section or processing instruction stands in the content: its text is in pieces. */
  isMixed = false
  twins: XmlNode['twins'] = undefined
  #pieces: readonly TextNode[] | undefined = undefined
  #string: string | undefined = undefined
  #normalized: string | undefined = undefined
  #attrs: Readonly<Record<string, string>> | undefined = undefined

  constructor(tree: XmlTree, tag: Tag, parent: ElementNode | undefined) {
    this.tree = tree
    this.tag = tag
    this.parent = parent
    this.order = tree.elements.push(this) - 1
    const siblings = parent === undefined ? tree.children : parent.ownChildren()
    this.place = siblings.push(this) - 1
  }

  private ownChildren(): ElementNode[] {
    if (this.children === noChildren) this.children = []
    return this.children
  }

  /** Adds an attribute by its value as written, references and line ends included. */
  addAttribute(tag: Tag, value: string): void {
    if (this.attributes === noAttributes) this.attributes = []
    this.attributes.push(new AttributeNode(this, tag, value))
  }

  get name(): string {
    return this.tag.name
  }

  get qname(): string {
    return this.tag.qname
  }

  get ns(): string {
    return this.tag.ns
  }

  get text(): string {
    if (this.children.length === 0) return this.stringValue
    const text = this.textNodes.map(({ stringValue }) => stringValue).join('')
    return isBlank(text) ? '' : text
  }

  get attrs(): Readonly<Record<string, string>> {
    this.#attrs ??= recordOf(this.attributes)
    return this.#attrs
  }

  /** The text of the element and of everything in it, comments left out (XPath data model, 6.2.2). */
  get stringValue(): string {
    this.#string ??= this.readString()
    return this.#string
  }

  /** The string value without white space at its ends, and with one blank for each run of it inside. */
  get normalized(): string {
    this.#normalized ??= normalizeSpace(this.stringValue)
    return this.#normalized
  }

  /** The text nodes of the element itself: a comment between two of them keeps them apart. */
  get textNodes(): readonly TextNode[] {
    this.#pieces ??= this.readPieces()
    return this.#pieces
  }

  private readString(): string {
    const { source } = this.tree
    if (this.children.length === 0) {
      if (!this.isMixed) return decodeReferences(source.slice(this.start, this.end))
      return this.textNodes.map(({ stringValue }) => stringValue).join('')
    }
    const pieces: { readonly order: number; readonly stringValue: string }[] = [...this.textNodes]
    const inner = this.children.map((child) => ({ order: child.start, stringValue: child.stringValue }))
    return [...pieces, ...inner]
      .sort((a, b) => a.order - b.order)
      .map(({ stringValue }) => stringValue)
      .join('')
  }

  private readPieces(): readonly TextNode[] {
    const pieces: TextNode[] = []
    const reader = new PieceReader(this)
    for (let piece = reader.next(); piece !== undefined; piece = reader.next()) pieces.push(piece)
    return pieces
  }
}

/** Cuts the content of one element into its text nodes; markup ends a node, but CDATA is text like the text around it. */
class PieceReader {
  readonly #element: ElementNode
  #at: number
  #child = 0

  constructor(element: ElementNode) {
    this.#element = element
    this.#at = element.start
  }

  next(): TextNode | undefined {
    const { source } = this.#element.tree
    const begin = this.#at
    let text = ''
    while (this.#at < this.#element.end) {
      const open = source.indexOf('<', this.#at)
      text += decodeReferences(source.slice(this.#at, open))
      this.#at = open
      if (open >= this.#element.end) break
      if (source.startsWith('<![CDATA[', open)) {
        const close = source.indexOf(']]>', open)
        text += source.slice(open + 9, close)
        this.#at = close + 3
        continue
      }
      this.#at = this.passMarkup(open)
      if (text !== '') break
    }
    return text === '' ? undefined : new TextNode(this.#element, text, begin)
  }

  private passMarkup(open: number): number {
    const { source } = this.#element.tree
    if (source.startsWith('<!--', open)) return source.indexOf('-->', open + 4) + 3
    if (source.startsWith('<?', open)) return source.indexOf('?>', open + 2) + 2
    const child = this.#element.children[this.#child]
    this.#child += 1
    return child?.after ?? this.#element.end
  }
}

export class AttributeNode {
  readonly tag: Tag
  readonly parent: ElementNode
  readonly children: readonly ElementNode[] = noChildren
  readonly attributes: readonly AttributeNode[] = noAttributes
  readonly #written: string
  #value: string | undefined = undefined

  constructor(parent: ElementNode, tag: Tag, written: string) {
    this.parent = parent
    this.tag = tag
    this.#written = written
  }

  get stringValue(): string {
    this.#value ??= normalizeAttribute(this.#written)
    return this.#value
  }

  get normalized(): string {
    return normalizeSpace(this.stringValue)
  }
}

export class TextNode {
  readonly parent: ElementNode
  readonly stringValue: string
  /** Where it begins in the source: order among its neighbours. */
  readonly order: number
  readonly tag: Tag = textTag
  readonly children: readonly ElementNode[] = noChildren
  readonly attributes: readonly AttributeNode[] = noAttributes

  constructor(parent: ElementNode, value: string, order: number) {
    this.parent = parent
    this.stringValue = value
    this.order = order
  }

  get normalized(): string {
    return normalizeSpace(this.stringValue)
  }
}

const textTag: Tag = { name: '', qname: '', ns: '', index: -4 }

/** Names like `__proto__` are names like others here. */
function recordOf(attributes: readonly AttributeNode[]): Readonly<Record<string, string>> {
  const attrs = Object.create(null) as Record<string, string>
  for (const { tag, stringValue } of attributes) attrs[tag.qname] = stringValue
  return attrs
}
