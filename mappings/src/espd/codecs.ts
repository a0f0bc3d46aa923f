import type { DumeResponseCoded, DumeResponsePartyId } from '@socle/schemas'
import { compact } from '../compact.ts'
import { type XmlNode, attribute, textOf } from '../xml/node.ts'
import { all, path } from '../xml/path.ts'
import { parseDay, parseDecimal } from '../xml/values.ts'
import { type XmlElement, leaf } from '../xml/write.ts'
import { type Codec, type Writing, used } from './fields.ts'

type Attributes = Readonly<Record<string, string | undefined>>

/** A text as it stands, with the attributes it is written with. Blank texts are absent. */
export function text(attributes: Attributes | ((writing: Writing) => Attributes) = {}): Codec<string> {
  return {
    read(node, reading, pointer) {
      const found = textOf(node)
      if (found !== undefined) used(node, reading, pointer)
      return found
    },
    write: (value, name, writing) =>
      leaf(name, value, typeof attributes === 'function' ? attributes(writing) : attributes),
  }
}

/** A text that stands for another value. `parse` gives undefined for what is not one: a rule says so elsewhere. */
function parsed<T>(parse: (text: string) => T | undefined, print: (value: T) => string): Codec<T> {
  return {
    read(node, reading, pointer) {
      const found = textOf(node)
      const value = found === undefined ? undefined : parse(found)
      if (value !== undefined) used(node, reading, pointer)
      return value
    },
    write: (value, name) => leaf(name, print(value)),
  }
}

export const plain: Codec<string> = text()
export const indicator: Codec<boolean> = parsed(parseIndicator, String)
/** The offset that a day may carry says nothing that a day needs. */
export const day: Codec<string> = parsed(
  (found) => parseDay(found)?.day,
  (value) => value,
)
export const decimal: Codec<string> = parsed(parseDecimal, (value) => value)

/** XSD boolean: both spellings of each value. */
export function parseIndicator(found: string): boolean | undefined {
  if (found === 'true' || found === '1') return true
  return found === 'false' || found === '0' ? false : undefined
}

/** An id of the criteria taxonomy or of a part of this document. */
export const taxonomyId: Codec<string> = text({ schemeID: 'Criterion', schemeAgencyID: 'OP', schemeVersionID: '4.1.0' })
/** An id that the issuer of the document gave. */
export const ownId: Codec<string> = text(({ issuer }) => ({ schemeAgencyID: issuer }))

/** A code of a list of version 4.1.0, with the three attributes that BR-OTH-01 asks for. */
export function code(listID: string, listVersionID: string = '4.1.0'): Codec<string> {
  return text({ listID, listAgencyID: 'OP', listVersionID })
}

/** A code of a list of the Publications Office. */
export function authorityCode(list: string, version: string): Codec<string> {
  return code(`http://publications.europa.eu/resource/authority/${list}`, version)
}

export const country: Codec<string> = authorityCode('country', '20250924-0')

/** A code whose list the document chooses: its attributes are kept. */
export const coded: Codec<DumeResponseCoded> = {
  read(node, reading, pointer) {
    const found = textOf(node)
    if (found === undefined) return undefined
    used(node, reading, pointer)
    return readCoded(found, node)
  },
  write: writeCoded,
}

export function readCoded(found: string, node: XmlNode): DumeResponseCoded {
  return compact<DumeResponseCoded>({
    code: found,
    list: attribute(node, 'listID'),
    listAgency: attribute(node, 'listAgencyID'),
    listVersion: attribute(node, 'listVersionID'),
  })
}

export function writeCoded({ code: own, list, listAgency, listVersion }: DumeResponseCoded, name: string): XmlElement {
  const attrs = { listID: list, listAgencyID: listAgency, listVersionID: listVersion }
  return { name, attrs, children: [own] }
}

/** Types of identifiers that EDM lists (EOIDType). */
export const listedSchemes: readonly string[] = ['NATIONAL', 'VAT', 'LEI', 'BRIS', 'DUNS']

/** An id with what the document says of its register. A register that EDM does not list is named by `schemeName`. */
export const registeredId: Codec<DumeResponsePartyId> = {
  read(node, reading, pointer) {
    const value = textOf(node)
    if (value === undefined) return undefined
    used(node, reading, pointer)
    return readRegistered(value, node)
  },
  write: writeRegistered,
}

export function readRegistered(value: string, node: XmlNode): DumeResponsePartyId {
  return compact<DumeResponsePartyId>({
    value,
    scheme: attribute(node, 'schemeID') ?? attribute(node, 'schemeName'),
    agency: attribute(node, 'schemeAgencyID'),
  })
}

export function writeRegistered({ value, scheme, agency }: DumeResponsePartyId, name: string): XmlElement {
  const isListed = scheme !== undefined && listedSchemes.includes(scheme)
  const attrs = {
    schemeID: isListed ? scheme : undefined,
    schemeName: isListed ? undefined : scheme,
    schemeAgencyID: agency,
  }
  return { name, attrs, children: [value] }
}

/** An endpoint must name its scheme by `schemeID` (BR-OTH-08), whatever the scheme. */
export const endpoint: Codec<DumeResponsePartyId> = {
  read: registeredId.read,
  write: ({ value, scheme, agency }, name) => ({
    name,
    attrs: { schemeID: scheme, schemeAgencyID: agency },
    children: [value],
  }),
}

/** An element that only holds another: `cac:PartyIdentification` around `cbc:ID`. */
export function inside<T>(at: string, inner: Codec<T>): Codec<T> {
  const place = path(at)
  const last = at.split('/')
  return {
    read(node, reading, pointer) {
      const found = all(node, place)[0]
      return found === undefined ? undefined : inner.read(found, reading, pointer)
    },
    write(value, name, writing) {
      let element = inner.write(value, last.at(-1) ?? at, writing)
      for (const step of last.slice(0, -1).toReversed()) element = element && { name: step, children: [element] }
      return element && { name, children: [element] }
    },
  }
}
