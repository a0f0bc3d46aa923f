import type { RuleId } from '@socle/schemas'
import type { DecpContract } from '../decp/view.ts'
import { strangeAttributes } from '../decp/xml-attributes.ts'
import { Carry } from './carry.ts'
import type { Splitter, StreamItem, StreamLimits } from './items.ts'
import { Keeper } from './keeper.ts'

/** What the splitter must see; all other markup is a record's own. */
const marks = /<(\/?)(marches|marche|contrat-concession)(?=[\s/>])([^<>]*)>|<!--|<!\[CDATA\[|<!|<\?/g

/** Longest markup or text between records. */
const longestBetween = 65_536

/**
 * Splits a DECP file in XML into its records, `marche` and `contrat-concession`, each with its own bytes. Only UTF-8 can
 * be cut this way: a piece of another encoding would not say which. Namespaces, DTD and entities have no place in it.
 */
export class XmlSplitter implements Splitter {
  readonly #keeper: Keeper
  readonly #carry = new Carry()
  /** Offset in the stream of the first byte of the carry. */
  #offset = 0
  /** Place in the carry up to which everything was seen. */
  #seen = 0
  /** Place in the carry where the open record begins. */
  #start: number | undefined
  #contract: DecpContract | undefined
  #isOpen = false
  /** The document began: no other may. */
  #hasRoot = false
  #isSkipping = false
  #isFirst = true

  /** `offset`: bytes of the stream before the first piece. */
  constructor(limits: StreamLimits, offset = 0) {
    this.#keeper = new Keeper(limits)
    this.#offset = offset
  }

  push(chunk: Uint8Array): readonly StreamItem[] {
    if (this.#keeper.isStopped) return []
    this.#carry.append(chunk)
    this.#read()
    this.#forget()
    return this.#keeper.takeItems()
  }

  end(): readonly StreamItem[] {
    const keeper = this.#keeper
    if (keeper.isStopped) return keeper.takeItems()
    if (this.#start !== undefined || this.#isOpen) {
      keeper.place(this.#offset + this.#carry.length)
      keeper.stop('STREAM-CUT')
    } else this.#between(this.#carry.view().subarray(this.#seen).toString('latin1'))
    return keeper.takeItems()
  }

  #read(): void {
    const text = this.#carry.view().toString('latin1')
    marks.lastIndex = this.#seen
    for (;;) {
      const found = marks.exec(text)
      if (found === null || this.#keeper.isStopped) break
      const [mark, slash, name = '', inside = ''] = found
      const between = text.slice(this.#seen, found.index)
      const end = name === '' ? endOf(mark, text, found.index) : found.index + mark.length
      if (end === -1) break
      if (end === undefined) {
        this.#keeper.stop('XML-DTD', { value: text.slice(found.index, found.index + 80) })
        break
      }
      if (mark === '<?' && !this.#isReadable(text.slice(found.index, end))) break
      if (this.#start === undefined) this.#between(between)
      if (name !== '') this.#tag({ name, inside, isEnd: slash === '/', from: found.index, end })
      this.#seen = end
      marks.lastIndex = end
    }
  }

  #tag({ name, inside, isEnd, from, end }: Tag): void {
    const isAlone = inside.endsWith('/')
    if (name === 'marches') {
      if (isEnd) this.#isOpen = false
      // Inside a record it is the record's own, which its rules judge.
      else if (this.#start === undefined) this.#root(inside, isAlone, from)
      return
    }
    const contract = name === 'marche' ? 'marche' : 'contrat-concession'
    if (isEnd) {
      if (this.#start !== undefined) this.#hand(end)
      return
    }
    // A record that begins inside another: the other was never closed.
    if (this.#start !== undefined) this.#hand(from)
    if (!this.#isOpen) this.#beginDocument(name, from)
    this.#contract = contract
    this.#start = from
    if (isAlone) this.#hand(end)
  }

  #root(inside: string, isAlone: boolean, from: number): void {
    this.#beginDocument('marches', from)
    this.#isOpen = !isAlone
    for (const [, name = '', quoted = ''] of inside.matchAll(/([^\s=/]+)\s*=\s*("[^"]*"|'[^']*')/g)) {
      const value = quoted.slice(1, -1)
      if (name === 'xmlns' && value !== '') return this.#keeper.stop('FORMAT-UNKNOWN', { value: `{${value}}marches` })
      for (const strange of strangeAttributes([name])) this.#note('DECP-XML-UNKNOWN', `@${strange}`, from)
    }
  }

  /** A file is one document: `marches`, or a record alone. */
  #beginDocument(name: string, from: number): void {
    if (this.#hasRoot) this.#note('DECP-XML-REPEATED', name, from)
    this.#hasRoot = true
  }

  #note(rule: RuleId, latin1: string, from: number): void {
    this.#keeper.place(this.#offset + from)
    this.#keeper.note(rule, { value: Buffer.from(latin1, 'latin1').toString() })
  }

  #hand(end: number): void {
    const start = this.#start ?? end
    this.#start = undefined
    this.#keeper.place(this.#offset + start)
    if (this.#isSkipping || end - start > this.#keeper.limits.recordBytes) this.#keeper.skip()
    else this.#keeper.hand(Buffer.from(this.#carry.view().subarray(start, end)), this.#contract)
    this.#isSkipping = false
  }

  /** Text or elements between records: nothing may stand there. */
  #between(text: string): void {
    const stray = text.replace(/^[\u00ef\u00bb\u00bf]{1,3}/, '').trim()
    if (stray === '') return
    const element = /^<\/?([^\s/>]+)/.exec(stray)?.[1]
    const value = Buffer.from(element ?? stray.slice(0, 200), 'latin1').toString()
    this.#keeper.note(element === undefined ? 'DECP-XML-TEXT' : 'DECP-XML-UNKNOWN', { value })
  }

  /** Keeps what is not finished; of a record over the limit only the end, where its closing tag may begin. */
  #forget(): void {
    const { length } = this.#carry
    if (this.#start !== undefined && length - this.#start > this.#keeper.limits.recordBytes) {
      this.#isSkipping = true
      this.#cutTo(Math.max(this.#seen, length - 1024))
      this.#start = 0
      return
    }
    const open = this.#start ?? this.#seen
    if (this.#start === undefined && length - open > longestBetween) {
      this.#keeper.stop('STREAM-LIMIT', { value: String(length - open), expected: String(longestBetween) })
    }
    if (open > 0) this.#cutTo(open)
  }

  #cutTo(place: number): void {
    const rest = Buffer.from(this.#carry.view().subarray(place))
    this.#carry.clear()
    this.#carry.append(rest)
    this.#offset += place
    this.#keeper.place(this.#offset)
    this.#seen = Math.max(this.#seen - place, 0)
    if (this.#start !== undefined) this.#start = Math.max(this.#start - place, 0)
  }

  #isReadable(declaration: string): boolean {
    const encoding = this.#isFirst ? /^<\?xml[^>]*encoding\s*=\s*["']([^"']*)/.exec(declaration)?.[1] : undefined
    this.#isFirst = false
    if (encoding === undefined || /^(?:utf-?8|us-ascii|ascii)$/i.test(encoding)) return true
    this.#keeper.stop('STREAM-ENCODING', { value: encoding, expected: 'UTF-8' })
    return false
  }
}

interface Tag {
  readonly name: string
  /** What the tag holds after its name. */
  readonly inside: string
  readonly isEnd: boolean
  readonly from: number
  readonly end: number
}

const closers: Readonly<Record<string, string>> = { '<!--': '-->', '<![CDATA[': ']]>', '<?': '?>' }

/** The place after a comment, a section or an instruction; -1 when it is not all there, undefined for a declaration. */
function endOf(mark: string, text: string, from: number): number | undefined {
  const closer = closers[mark]
  if (closer === undefined) {
    const rest = text.slice(from, from + 9)
    return ['<!--', '<![CDATA['].some((whole) => whole.startsWith(rest)) ? -1 : undefined
  }
  const end = text.indexOf(closer, from + mark.length)
  return end === -1 ? -1 : end + closer.length
}
