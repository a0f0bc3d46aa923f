import type {
  DumeResponseBuyer,
  DumeResponseOperator,
  DumeResponsePartyId,
  DumeResponseProvider,
  DumeResponseRepresentative,
} from '@socle/schemas'
import { anyOf, compact, some } from '../compact.ts'
import { judgeSiret } from '../identifiers/siret.ts'
import { type XmlNode, attribute, textOf } from '../xml/node.ts'
import { all, first, textAt } from '../xml/path.ts'
import { parseDay } from '../xml/values.ts'
import { roleOf, sizeOf } from './codes.ts'
import { at } from './paths.ts'

export function readBuyer(root: XmlNode): DumeResponseBuyer {
  const party = first(root, at('buyerParty'))
  return compact<DumeResponseBuyer>({
    ids: readIds(party),
    name: textAt(party, at('partyName')),
    country: textAt(party, at('country')),
    profileUrl: textAt(root, at('buyerProfile')),
  })
}

export function readProvider(root: XmlNode): DumeResponseProvider | undefined {
  const party = first(root, at('providerParty'))
  if (party === undefined) return undefined
  return compact<DumeResponseProvider>({
    ids: readIds(party),
    name: textAt(party, at('partyName')),
    country: textAt(party, at('country')),
  })
}

/** Role and size are given in the words of version 4, whatever the version of the source. */
export function readOperator(root: XmlNode): DumeResponseOperator {
  const party = first(root, at('operatorParty'))
  const role = textAt(root, at('role'))
  const size = textAt(party, at('size'))
  return compact<DumeResponseOperator>({
    role: role === undefined ? undefined : roleOf(role),
    size: size === undefined ? undefined : sizeOf(size),
    ids: readIds(party),
    name: textAt(party, at('partyName')),
    country: textAt(party, at('country')),
    address: anyOf(
      compact<NonNullable<DumeResponseOperator['address']>>({
        street: textAt(party, at('street')),
        city: textAt(party, at('city')),
        postCode: textAt(party, at('postCode')),
      }),
    ),
    email: textAt(party, at('mail')),
    groupName: textAt(root, at('groupName')),
    pqsId: textAt(root, at('pqs')),
    representatives: some(all(party, at('powers')).map(readRepresentative)),
  })
}

function readRepresentative(power: XmlNode): DumeResponseRepresentative {
  const person = first(power, at('person'))
  return compact<DumeResponseRepresentative>({
    firstName: textAt(person, at('firstName')),
    familyName: textAt(person, at('familyName')),
    birthOn: parseDay(textAt(person, at('birthDate')) ?? '')?.day,
    birthPlace: textAt(person, at('birthPlace')),
    role: textAt(power, at('description')),
    email: textAt(person, at('mail')),
    country: textAt(person, at('residence')),
  })
}

const french = ['FR', 'FRA']

/**
 * True for an id that claims to be a SIRET: its scheme says so, or it is 14 digits (blanks apart) of a party in France.
 * The scheme is free text in the ESPD, and most issuers write their own name there.
 */
export function claimsSiret(id: XmlNode, country: string | undefined): boolean {
  const schemes = ['schemeID', 'schemeName', 'schemeAgencyID'].map((name) => attribute(id, name)?.toUpperCase())
  if (schemes.includes('SIRET') || schemes.includes('0009')) return true
  return french.includes(country ?? '') && /^\d{14}$/.test(digitsOf(id))
}

/** The text of an id without blanks and dots. */
export function digitsOf(id: XmlNode): string {
  return (textOf(id) ?? '').replaceAll(/[\s.\u00a0\u202f]/g, '')
}

function readIds(party: XmlNode | undefined): DumeResponsePartyId[] {
  const country = textAt(party, at('country'))
  return all(party, at('partyIds')).flatMap((node) => {
    const value = textOf(node)
    if (value === undefined) return []
    const isSiret = claimsSiret(node, country) && judgeSiret(digitsOf(node)) !== 'form'
    return compact<DumeResponsePartyId>({
      value: isSiret ? digitsOf(node) : value,
      scheme: isSiret ? 'SIRET' : (attribute(node, 'schemeID') ?? attribute(node, 'schemeName')),
      agency: attribute(node, 'schemeAgencyID'),
    })
  })
}
