import { Names, type Written } from './names.ts'
import { ElementNode, type Tag, XmlTree } from './tree.ts'

/**
 * Reads a document that passed the gate into a tree and gives its root. Text is kept as it stands, references are
 * resolved, prefixes become namespaces. One pass over the markup: well-formedness was judged by the gate, so that this
 * reader only has to find where things begin and end. Throws when it saw another number of elements than the gate
 * counted, or tags that do not pair: two readers that disagree on a document must not let it through.
 */
export function readXml(text: string, elements: number): ElementNode {
  // XML 1.0 section 2.11: one kind of line end, before anything else is read.
  const { tree, open } = new Reader(text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text).read()
  const [root, second] = tree.children
  if (open !== undefined) throw new Error(`${open.qname} is not closed`)
  if (root === undefined || second !== undefined) throw new Error(`${tree.children.length} root elements`)
  if (tree.elements.length !== elements) throw new Error(`${tree.elements.length} elements read, ${elements} counted`)
  return root
}

/** What lies between two marks is skipped by `indexOf`, which looks at many characters at once. */
class Reader {
  readonly #source: string
  readonly #tree: XmlTree
  readonly #names: Names
  #open: ElementNode | undefined = undefined

  constructor(source: string) {
    this.#source = source
    this.#tree = new XmlTree(source)
    this.#names = new Names(this.#tree)
  }

  read(): { readonly tree: XmlTree; readonly open: ElementNode | undefined } {
    const source = this.#source
    for (let at = source.indexOf('<'); at !== -1; at = source.indexOf('<', at)) {
      const next = source.charCodeAt(at + 1)
      if (next === slash) at = this.closeElement(at)
      else if (next === exclamation || next === question) at = this.passMarkup(at)
      else at = this.openElement(at)
    }
    return { tree: this.#tree, open: this.#open }
  }

  private passMarkup(at: number): number {
    if (this.#open !== undefined) this.#open.isMixed = true
    if (this.#source.startsWith('<!--', at)) return this.after('-->', at + 4)
    return this.#source.startsWith('<![CDATA[', at) ? this.after(']]>', at + 9) : this.after('?>', at + 2)
  }

  private after(mark: string, from: number): number {
    const found = this.#source.indexOf(mark, from)
    return found === -1 ? this.#source.length : found + mark.length
  }

  private closeElement(at: number): number {
    const element = this.#open
    if (element === undefined || !this.#source.startsWith(element.tag.qname, at + 2)) {
      throw new Error(`an end tag without its start tag at ${at}`)
    }
    const end = at + 2 + element.tag.qname.length
    element.end = at
    element.after = this.#source.charCodeAt(end) === greater ? end + 1 : this.after('>', end)
    this.leave(element)
    return element.after
  }

  private leave(element: ElementNode): void {
    this.#open = element.parent
    this.#names.leave(element)
  }

  private openElement(at: number): number {
    const source = this.#source
    const names = this.#names
    const known = names.elementAt(at + 1)
    let i = known === undefined ? names.endAt(at + 1) : at + 1 + known.qname.length
    let code = source.charCodeAt(i)
    if (code === greater) {
      const element = new ElementNode(this.#tree, known ?? names.makeElement(at + 1), this.#open)
      this.#open = element
      element.start = i + 1
      return i + 1
    }
    const written: Written[] = []
    while (code !== greater && code !== slash) {
      i = isSpace(code) ? i + 1 : this.readAttribute(i, written)
      code = source.charCodeAt(i)
      if (Number.isNaN(code)) throw new Error(`a start tag without end at ${at}`)
    }
    const element = this.append(at + 1, known, written)
    element.start = code === slash ? i + 2 : i + 1
    if (code === slash) {
      element.end = element.start
      element.after = element.start
      this.leave(element)
    }
    return element.start
  }

  private readAttribute(from: number, written: Written[]): number {
    const source = this.#source
    const tag = this.#names.attributeAt(from)
    let i = tag === undefined ? this.#names.endAt(from) : from + tag.qname.length
    let code = source.charCodeAt(i)
    while (code !== doubleQuote && code !== singleQuote) {
      if (code !== equals && !isSpace(code)) throw new Error(`an attribute without value at ${from}`)
      i += 1
      code = source.charCodeAt(i)
    }
    const end = source.indexOf(code === doubleQuote ? '"' : "'", i + 1)
    if (end === -1) throw new Error(`an attribute without end at ${from}`)
    written.push({ from, tag, value: source.slice(i + 1, end) })
    return end + 1
  }

  private append(at: number, known: Tag | undefined, written: readonly Written[]): ElementNode {
    const names = this.#names
    // What is declared here changes the meaning of the names read so far.
    const declares = names.declare(written)
    const tag = declares ? names.makeElement(at) : (known ?? names.makeElement(at))
    const element = new ElementNode(this.#tree, tag, this.#open)
    this.#open = element
    if (declares) names.enter(element)
    for (const { from, tag, value } of written) {
      element.addAttribute(declares || tag === undefined ? names.makeAttribute(from) : tag, value)
    }
    return element
  }
}

const slash = 0x2f
const exclamation = 0x21
const question = 0x3f
const greater = 0x3e
const equals = 0x3d
const doubleQuote = 0x22
const singleQuote = 0x27

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x09 || code === 0x0d
}
