import type {
  DumeResponseAddress,
  DumeResponseBuyer,
  DumeResponseContact,
  DumeResponseOperator,
  DumeResponsePartyId,
  DumeResponseProvider,
  DumeResponseRepresentative,
} from '@socle/schemas'
import { judgeSiret } from '../identifiers/siret.ts'
import { type XmlNode, attribute, textOf } from '../xml/node.ts'
import { first, path, textAt } from '../xml/path.ts'
import { group } from '../xml/write.ts'
import { authorityCode, country, day, endpoint, inside, plain, registeredId, writeRegistered } from './codecs.ts'
import { roleOf, sizeOf } from './codes.ts'
import { type Codec, type Field, kept, object, readFields, tableOf, writeFields } from './fields.ts'

const french = ['FR', 'FRA']

/**
 * True for an id that claims to be a SIRET: its scheme says so, or it is 14 digits (blanks apart) of a party in France.
 * The scheme is free text in the ESPD, and most issuers write their own name there.
 */
export function claimsSiret(id: XmlNode, of: string | undefined): boolean {
  const schemes = ['schemeID', 'schemeName', 'schemeAgencyID'].map((name) => attribute(id, name)?.toUpperCase())
  if (schemes.includes('SIRET') || schemes.includes('0009')) return true
  return french.includes(of ?? '') && /^\d{14}$/.test(digitsOf(id))
}

/** The text of an id without blanks and dots. */
export function digitsOf(id: XmlNode): string {
  return (textOf(id) ?? '').replaceAll(/[\s.\u00a0\u202f]/g, '')
}

const countryBesideId = path('cac:PostalAddress/cac:Country/cbc:IdentificationCode')
/** Looked up once a party, however many ids it has. */
const countries = new WeakMap<XmlNode, string>()

function countryOfParty(party: XmlNode | undefined): string {
  if (party === undefined) return ''
  const known = countries.get(party) ?? textAt(party, countryBesideId) ?? ''
  countries.set(party, known)
  return known
}

/** The ids of a party. A SIRET is named as such and freed of its blanks, whoever the document says gave it. */
const partyId: Codec<DumeResponsePartyId> = {
  read(node, reading, pointer) {
    const read = registeredId.read(node, reading, pointer)
    if (read === undefined || !claimsSiret(node, countryOfParty(node.parent?.parent))) return read
    return judgeSiret(digitsOf(node)) === 'form' ? read : { ...read, value: digitsOf(node), scheme: 'SIRET' }
  },
  write: writeRegistered,
}

const address = tableOf<DumeResponseAddress>()
const addressFields: readonly Field<DumeResponseAddress>[] = [
  address.one('street', 'cbc:StreetName', plain),
  address.one('city', 'cbc:CityName', plain),
  address.one('postCode', 'cbc:PostalZone', plain),
]
const contact = tableOf<DumeResponseContact>()
const contactCodec: Codec<DumeResponseContact> = object([
  contact.one('name', 'cbc:Name', plain),
  contact.one('phone', 'cbc:Telephone', plain),
  contact.one('fax', 'cbc:Telefax', plain),
  contact.one('email', 'cbc:ElectronicMail', plain),
])

interface Located {
  readonly address?: DumeResponseAddress
  readonly country?: string
}

/** An address, whose country the canonical form keeps apart: every party has one, few give the rest. */
function located(step: string): Field<Located> {
  const holder = path(step)
  const { one } = tableOf<Located>()
  const countryField = one('country', 'cac:Country/cbc:IdentificationCode', country)
  return {
    around: [],
    read(target, node, reading, pointer) {
      const found = first(node, holder) ?? missingChild(node, step)
      const inner = readFields(addressFields, found, reading, pointer === undefined ? undefined : `${pointer}/address`)
      if (inner !== undefined) Object.assign(target, { address: inner })
      countryField.read(target, found, reading, pointer)
    },
    write: ({ address, country: own }, writing) => [
      group(step, [
        ...writeFields(addressFields, address ?? {}, writing),
        own === undefined ? undefined : group('cac:Country', [country.write(own, 'cbc:IdentificationCode', writing)]),
      ]),
    ],
  }
}

interface Party extends Located {
  readonly ids: readonly DumeResponsePartyId[]
  readonly name?: string
  readonly contact?: DumeResponseContact
  readonly website?: string
  readonly endpoint?: DumeResponsePartyId
}

const party = tableOf<Party>()
/** What every party has, in two parts: the size of an operator stands between them. */
const partyStart: readonly Field<Party>[] = [
  party.one('website', 'cbc:WebsiteURI', plain),
  party.one('endpoint', 'cbc:EndpointID', endpoint),
]
const partyEnd: readonly Field<Party>[] = [
  party.many('ids', 'cac:PartyIdentification', inside('cbc:ID', partyId), { always: true }),
  kept(party.one('name', 'cac:PartyName/cbc:Name', plain), 'cbc:Name'),
  located('cac:PostalAddress'),
  party.one('contact', 'cac:Contact', contactCodec),
]

/** The service that made the document: a party inside the buyer's. */
export const providerFields: readonly Field<DumeResponseProvider>[] = [...partyStart, ...partyEnd]

const buyer = tableOf<DumeResponseBuyer>()
/** Fields of cac:ContractingParty. */
export const buyerFields: readonly Field<DumeResponseBuyer>[] = [
  buyer.one('profileUrl', 'cbc:BuyerProfileURI', plain),
  ...below<DumeResponseBuyer>('cac:Party', [...partyStart, ...partyEnd]),
]

/** The same fields one element lower. */
export function below<T extends object>(step: string, fields: readonly Field<T>[]): readonly Field<T>[] {
  const holder = path(step)
  return fields.map((field) => ({
    around: [step, ...field.around],
    read: (target, node, reading, pointer) => {
      field.read(target, first(node, holder) ?? missingChild(node, step), reading, pointer)
    },
    write: (value, writing) => field.write(value, writing),
  }))
}

/** An element that is not there, so that fields below it are told absent where they would stand. */
function missingChild(parent: XmlNode, step: string): XmlNode {
  return { name: step.slice(4), qname: step, ns: parent.ns, attrs: {}, children: [], text: '', parent }
}

const representative = tableOf<DumeResponseRepresentative>()
const representativeCodec: Codec<DumeResponseRepresentative> = object([
  representative.one('role', 'cbc:Description', plain),
  ...below(
    'cac:AgentParty',
    below<DumeResponseRepresentative>('cac:Person', [
      representative.one('firstName', 'cbc:FirstName', plain),
      representative.one('familyName', 'cbc:FamilyName', plain),
      representative.one('birthOn', 'cbc:BirthDate', day),
      representative.one('birthPlace', 'cbc:BirthplaceName', plain),
      representative.one('contact', 'cac:Contact', contactCodec),
      located('cac:ResidenceAddress'),
    ]),
  ),
])

/** Codes of older versions become those of version 4, which are written. */
function translated(codec: Codec<string>, translate: (code: string) => string): Codec<string> {
  return {
    read(node, reading, pointer) {
      const found = codec.read(node, reading, pointer)
      return found === undefined ? undefined : translate(found)
    },
    write: codec.write,
  }
}

const operator = tableOf<DumeResponseOperator>()
/** Fields of cac:EconomicOperatorParty. Role and size are given in the words of version 4. */
export const operatorFields: readonly Field<DumeResponseOperator>[] = [
  operator.one('pqsId', 'cac:QualifyingParty/cac:Party/cac:PartyIdentification/cbc:ID', registeredId),
  operator.one(
    'role',
    'cac:EconomicOperatorRole/cbc:RoleCode',
    translated(authorityCode('eo-role-type', '20211208-0'), roleOf),
  ),
  ...below<DumeResponseOperator>('cac:Party', [
    ...partyStart,
    operator.one(
      'size',
      'cbc:IndustryClassificationCode',
      translated(authorityCode('economic-operator-size', '20250924-0'), sizeOf),
    ),
    ...partyEnd,
    operator.many('representatives', 'cac:PowerOfAttorney', representativeCodec),
  ]),
]
