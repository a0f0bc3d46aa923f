/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** What a mutation needs to know of an element: where it begins and ends in the text of its document. */
export interface Place {
  readonly qname: string
  readonly start: number
  readonly end: number
  readonly after: number
  readonly place: number
  readonly children: readonly Place[]
  readonly parent: Place | undefined
  readonly attributes: readonly { readonly tag: { readonly qname: string } }[]
}

export interface Document {
  readonly source: string
  readonly elements: readonly Place[]
  /** Notice subtypes that the rules know. */
  readonly subtypes: readonly string[]
}

export type Random = () => number

export function pick<T>(random: Random, list: readonly T[]): T {
  const item = list[Math.floor(random() * list.length)]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
}

/** Texts that some rule reads as a code, a date, a number or an identifier, and texts that are none of them. */
const numbers = ['0', '1', '2', '-1', '1.5', '1e9', 'NaN', 'INF', '100', '999999999', '0.005']
const moments = [
  '2024-13-45',
  '2030-01-01Z',
  '2030-01-01+02:00',
  '2024-02-30Z',
  '1999-12-31-05:00',
  '10:00:00Z',
  '25:00:00Z',
]
const codes = [
  'none',
  'open',
  'restricted',
  'fa-wo-rc',
  'selec-w',
  'clos-nw',
  'ord-imp',
  'ENG',
  'FRA',
  'EUR',
  '16',
  'E3',
]
const parties = [
  'LOT-0001',
  'LOT-0002',
  'GLO-0001',
  'ORG-0001',
  'TPO-0001',
  'TEN-0001',
  'RES-0001',
  'CON-0001',
  'TPA-0001',
]
const words = [
  '',
  '  ',
  'abc',
  'true',
  'false',
  'http://exemple.fr/a',
  'a@exemple.fr',
  '+33 1 23 45 67 89',
  'é😀',
  '&#160;',
]
const split = ['20<!-- c -->24-05-01Z', 'a<!-- c -->b', '<![CDATA[x]]>', 'OR<?p?>G-0001']
const texts: readonly string[] = [...numbers, ...moments, ...codes, ...parties, ...words, ...split]

const values: readonly string[] = [
  '',
  'zzz',
  'Lot',
  'LotsGroup',
  'Part',
  'MONTH',
  'YEAR',
  'ENG',
  'FRA',
  'EUR',
  'notice-id',
]

interface Cut {
  readonly before: string
  readonly open: string
  readonly inner: string
  readonly close: string
  readonly rest: string
}

type Mutation = (cut: Cut, element: Place, document: Document, random: Random) => string | undefined

/** Each gives the new document, or undefined when it does not apply to the element. */
const mutations: readonly Mutation[] = [
  ({ before, rest }) => before + rest,
  ({ before, open, inner, close, rest }) => before + open + inner + close + open + inner + close + rest,
  ({ before, open, close, rest }) => before + open + close + rest,
  swap,
  ...[1, 2, 3].map(
    () => (cut: Cut, element: Place, _: Document, random: Random) => retext(cut, element, pick(random, texts)),
  ),
  (cut, element, document, random) => {
    const twins = document.elements.filter((other) => other.qname === element.qname && isLeaf(other))
    const twin = twins.length === 0 ? undefined : pick(random, twins)
    return twin && retext(cut, element, document.source.slice(twin.start, twin.end))
  },
  changeAttribute,
  ({ before, open, inner, close, rest }, element) =>
    isLeaf(element) ? `${before}${open}${inner.slice(0, 2)}<!-- c -->${inner.slice(2)}${close}${rest}` : undefined,
  (cut, element, _, random) => {
    const amount = Number(cut.inner)
    return Number.isFinite(amount) ? retext(cut, element, String(amount * pick(random, [10, -1, 0, 1.001]))) : undefined
  },
  (cut, element) => retext(cut, element, ` ${cut.inner} `),
  (_, __, { source, subtypes }, random) =>
    source.replace(/(<cbc:SubTypeCode[^>]*>)[^<]*</, `$1${pick(random, subtypes)}<`),
  ({ before, open, inner, close, rest }, element) =>
    isLeaf(element) ? `${before}${open}${inner}<x xmlns="">1</x>${close}${rest}` : undefined,
]

/** A document with one to three mutations; the same random numbers give the same document. */
export function mutate(document: Document, read: (source: string) => Document | undefined, random: Random): string {
  let current = document
  for (let count = 1 + Math.floor(random() * 3); count > 0; count -= 1) {
    const changed = mutateOnce(current, random)
    const next = changed === undefined ? undefined : read(changed)
    if (next !== undefined) current = next
  }
  return current.source
}

function mutateOnce(document: Document, random: Random): string | undefined {
  const { source, elements } = document
  const element = pick(random, elements.slice(1))
  const begin = beginOf(source, element)
  const cut = {
    before: source.slice(0, begin),
    open: source.slice(begin, element.start),
    inner: source.slice(element.start, element.end),
    close: source.slice(element.end, element.after),
    rest: source.slice(element.after),
  }
  return pick(random, mutations)(cut, element, document, random)
}

/** A start tag holds no other `<`: the last one before the content is its own. */
function beginOf(source: string, { qname, start }: Place): number {
  return source.lastIndexOf(`<${qname}`, start - 1)
}

function isLeaf({ children, start, end }: Place): boolean {
  return children.length === 0 && end > start
}

function retext({ before, open, close, rest }: Cut, element: Place, text: string): string | undefined {
  return isLeaf(element) ? before + open + text + close + rest : undefined
}

function swap({ before, open, inner, close }: Cut, element: Place, { source }: Document): string | undefined {
  const next = element.parent?.children[element.place + 1]
  if (next === undefined) return undefined
  const begin = beginOf(source, next)
  const between = source.slice(element.after, begin)
  return before + source.slice(begin, next.after) + between + open + inner + close + source.slice(next.after)
}

function changeAttribute(
  { before, open, inner, close, rest }: Cut,
  element: Place,
  _: Document,
  random: Random,
): string | undefined {
  if (element.attributes.length === 0) return undefined
  const { qname } = pick(random, element.attributes).tag
  const value = pick(random, values)
  const written = value === '' ? '' : ` ${qname}="${value}"`
  return before + open.replace(new RegExp(String.raw`\s${qname}="[^"]*"`), written) + inner + close + rest
}
