import { type Finding, finding } from '@socle/schemas'
import { mayStandBeside, unread } from '../decp/layout.ts'

/** Names told of one document; what is beyond them changes nothing, the document is refused. */
const mostNames = 8

/** What stands in one document beside its records, which nobody reads: told at its end, once it is known to hold a list. */
export class Beside {
  #unread: string[] = []
  #bare: string[] = []
  readonly #lists = new Set<string>()
  #repeated: string | undefined
  #isTold = false
  #recordsBefore = 0

  /** A document begins, after so many records. */
  begin(records: number): void {
    this.#unread = []
    this.#bare = []
    this.#lists.clear()
    this.#repeated = undefined
    this.#isTold = false
    this.#recordsBefore = records
  }

  /** A member of the document that holds records. */
  list(base: string, name: string): void {
    const place = `${base}/${name}`
    if (this.#lists.has(place)) this.#repeated ??= place
    this.#lists.add(place)
    if (base === '' && name !== 'marches') this.#bare.push(name)
  }

  /** A member of the document that does not. */
  other(name: string): void {
    if (this.#unread.length < mostNames && !mayStandBeside(name)) this.#unread.push(name)
  }

  /** A member of `marches` that does not, which is told at once. */
  inMarches(name: string): Finding {
    this.#isTold = true
    return unread('/marches', name)
  }

  /** The end of a document that holds a list. */
  end(records: number): readonly Finding[] {
    const names = [...this.#unread, ...(this.#lists.has('/marches') ? this.#bare : [])]
    const told = names.map((name) => unread('', name))
    if (this.#repeated !== undefined) {
      told.push(
        finding('JSON-DUPLICATE-KEY', { pointer: this.#repeated, value: this.#repeated.split('/').at(-1) ?? '' }),
      )
    }
    if (told.length > 0 || this.#isTold || records > this.#recordsBefore) return told
    return [finding('DECP-NO-RECORD', { pointer: '/marches' })]
  }
}
