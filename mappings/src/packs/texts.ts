/** Texts of the rules of a pack: one long text and where each rule's stands in it, so that nothing is parsed to read one. */
export interface RuleTexts {
  /** Text of a rule in a language, by its id; undefined when the pack has none. */
  textOf(id: string, language: Language): string | undefined
}

export type Language = 'fr' | 'en'

/** What `texts.json` holds: for each rule, start and length in `texts.bin` of its French and its English text, in bytes. */
export type TextPlaces = Readonly<
  Record<string, readonly [frAt: number, frLength: number, enAt: number, enLength: number]>
>

export interface PackedTexts {
  readonly places: TextPlaces
  readonly bytes: Uint8Array
}

/**
 * Packs the texts of the rules that a rule set knows. `fr` and `en` are the SDK's `translations/rule_*.xml`, property
 * files in XML: `<entry key="rule|text|BR-…">text</entry>`.
 */
export function packTexts(fr: string, en: string): PackedTexts {
  const french = readEntries(fr)
  const english = readEntries(en)
  const encoder = new TextEncoder()
  const pieces: Uint8Array[] = []
  const places: Record<string, readonly [number, number, number, number]> = {}
  let at = 0
  const add = (text: string): readonly [number, number] => {
    const bytes = encoder.encode(text)
    pieces.push(bytes)
    at += bytes.length
    return [at - bytes.length, bytes.length]
  }
  for (const [id, text] of english) {
    const [frAt, frLength] = add(french.get(id) ?? '')
    const [enAt, enLength] = add(text)
    places[id] = [frAt, frLength, enAt, enLength]
  }
  return { places, bytes: joined(pieces, at) }
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

const entry = /<entry key="rule\|text\|([^"]+)">([^<]*)<\/entry>/g

function readEntries(xml: string): ReadonlyMap<string, string> {
  return new Map([...xml.matchAll(entry)].map(([, id = '', text = '']) => [id, unescape(text)]))
}

const characters: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }

function unescape(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|(\w+));/g, (asItStands, code: string | undefined, name: string | undefined) =>
    code === undefined ? (characters[name ?? ''] ?? asItStands) : String.fromCodePoint(Number(code)),
  )
}

/** Reads texts as packed. */
export function openTexts({ places, bytes }: PackedTexts): RuleTexts {
  const decoder = new TextDecoder()
  return {
    textOf(id, language) {
      // An id comes from whoever asks: it may be a name that every object has.
      const place = Object.hasOwn(places, id) ? places[id] : undefined
      if (place === undefined) return undefined
      const [at, length] = language === 'fr' ? [place[0], place[1]] : [place[2], place[3]]
      return length === 0 ? undefined : decoder.decode(bytes.subarray(at, at + length))
    },
  }
}
