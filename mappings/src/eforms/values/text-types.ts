import { type NoticeText, type OrganisationId, finding } from '@socle/schemas'
import { cpvCheckDigit, judgeCpv } from '../../identifiers/cpv.ts'
import { type XmlNode, attribute, textOf, xpathOf } from '../../xml/node.ts'
import { type Leaf, type Reading, type Source, type ValueType, leafOf, placeIn, report, textIn } from './value-type.ts'

/** A text as it stands. */
export const plain: ValueType = { read: textIn, write: (value) => leafOf(value) }

/** The longest code or id the canonical form holds, as long as any text field of the SDK. */
const longestKey = 400

/** A code or an id, with the attributes it is written with; one too long to be any is reported and left out. */
export function key(attrs?: Readonly<Record<string, string>>): ValueType {
  return { read: readKey, write: (value) => leafOf(value, attrs) }
}

function readKey(source: Source, { found }: Reading): string | undefined {
  const text = textIn(source)
  if (text === undefined || text.length <= longestKey) return text
  report(found, 'EFORMS-CODE', placeIn(source), { expected: `≤ ${longestKey}` })
  return undefined
}

const parties: Readonly<Record<string, string>> = {
  ORG: 'organization',
  TPO: 'touchpoint',
  UBO: 'ubo',
  LOT: 'Lot',
  GLO: 'LotsGroup',
  PAR: 'Part',
}

/** The technical id of something in this notice. Its scheme is never read: the id itself tells it (domain facts, 6.5). */
export const reference: ValueType = {
  read: readKey,
  write(value) {
    const scheme = typeof value === 'string' ? parties[value.slice(0, 3)] : undefined
    return leafOf(value, scheme === undefined ? undefined : { schemeName: scheme })
  },
  isReferenceScheme: true,
}

/** A cited id without any scheme: appealed items and changed sections, which may be `PROCEDURE`. */
export const sole: ValueType = { ...reference, isSoleOfList: true }

const publicationNumber = /^0*(\d{1,10}-(?:19|20)\d\d)$/

/**
 * A published notice: its id and version, or its publication number. The same number is printed with leading zeros in
 * the notice itself and without them elsewhere, so they are taken off.
 */
export const noticeRef: ValueType = {
  read(source, reading) {
    const text = readKey(source, reading)
    return text === undefined ? undefined : (publicationNumber.exec(text)?.[1] ?? text)
  },
  write(value) {
    const isNumber = typeof value === 'string' && publicationNumber.test(value)
    return leafOf(value, { schemeName: isNumber ? 'ojs-notice-id' : 'notice-id-ref' })
  },
  isReferenceScheme: true,
}

/** The same, where the element has no scheme: BT-758. */
export const bareNoticeRef: ValueType = { read: noticeRef.read, write: (value) => leafOf(value) }

/** A multilingual text: the language of the notice first, the others as translations. */
export const words: ValueType = {
  isMultilingual: true,
  read({ nodes }, { language }): NoticeText | undefined {
    if (nodes.length === 1) return inOneLanguage(nodes[0])
    const said = nodes.flatMap((node) => {
      const text = textOf(node)
      return text === undefined ? [] : [{ text, language: attribute(node, 'languageID') }]
    })
    const main = said.find((each) => each.language === language) ?? said[0]
    if (main === undefined) return undefined
    const translations: Record<string, string> = {}
    for (const each of said) if (each !== main && each.language !== undefined) translations[each.language] ??= each.text
    return {
      text: main.text,
      ...(main.language === undefined ? {} : { language: main.language }),
      ...(Object.keys(translations).length === 0 ? {} : { translations }),
    }
  },
  write(value, { language }) {
    if (typeof value !== 'object' || value === null || !('text' in value) || typeof value.text !== 'string') return []
    const own = 'language' in value && typeof value.language === 'string' ? value.language : language
    const leaves: Leaf[] = [{ text: value.text, attrs: { languageID: own } }]
    if ('translations' in value && typeof value.translations === 'object' && value.translations !== null) {
      for (const [languageID, text] of Object.entries(value.translations))
        leaves.push({ text: String(text), attrs: { languageID } })
    }
    return leaves
  },
}

function inOneLanguage(node: XmlNode | undefined): NoticeText | undefined {
  const text = textOf(node)
  if (text === undefined) return undefined
  const language = attribute(node, 'languageID')
  return language === undefined ? { text } : { text, language }
}

/** An address that a browser may open; another scheme is reported and left out. */
export const url: ValueType = {
  read(source, { found }) {
    const text = textIn(source)
    if (text === undefined) return undefined
    if (/^https?:\/\/\S+$/.test(text) && text.length <= 2000) return text
    report(found, 'EFORMS-URL', placeIn(source), { expected: 'https://…' })
    return undefined
  },
  write: (value) => leafOf(value),
}

/** A code of the common procurement vocabulary; a wrong one is reported and left out. */
export const cpv: ValueType = {
  read(source, { found }) {
    const code = textIn(source)
    if (code === undefined) return undefined
    const verdict = judgeCpv(code)
    if (verdict === 'valid') return code
    const place = { xpath: xpathOf(placeIn(source).node), value: code }
    if (verdict === 'check-digit')
      found.push(finding('HUB-CPV-CHECK-DIGIT', { ...place, expected: cpvCheckDigit(code) }))
    else found.push(finding(verdict === 'zero' ? 'HUB-CPV-ZERO' : 'HUB-CPV-FORM', place))
    return undefined
  },
  write: (value) => leafOf(value, { listName: 'cpv' }),
}

/** A place code; another shape is reported and left out. */
export const nuts: ValueType = {
  read(source, { found }) {
    const code = textIn(source)
    if (code === undefined || /^[A-Z]{2}[A-Z0-9]{0,3}$/.test(code)) return code
    report(found, 'EFORMS-CODE', placeIn(source), { expected: 'NUTS', severity: 'warn' })
    return undefined
  },
  write: (value) => leafOf(value, { listName: 'nuts' }),
}

/** BT-501: which register it is of depends on the country and role of its organisation, told once all are read. */
export const organisationId: ValueType = {
  read(source): OrganisationId | undefined {
    const text = textIn(source)
    return text === undefined ? undefined : { scheme: 'OTHER', value: text.slice(0, 100) }
  },
  write(value) {
    return typeof value === 'object' && value !== null && 'value' in value ? leafOf(value.value) : []
  },
}

/** `true` or `false`; anything else is reported and left out. */
export const indicator: ValueType = flagOf()

/** The same, in an element of a code list. */
export function flag(listName: string): ValueType {
  return flagOf({ listName })
}

function flagOf(attrs?: Readonly<Record<string, string>>): ValueType {
  return {
    read(source, { found }) {
      const text = textIn(source)
      if (text === 'true' || text === 'false') return text === 'true'
      if (text !== undefined) report(found, 'EFORMS-CODE', placeIn(source), { expected: 'true, false' })
      return undefined
    },
    write: (value) => (typeof value === 'boolean' ? leafOf(String(value), attrs) : []),
  }
}
