import { type NoticeBuyer, type NoticeOrganisation, type OrganisationId, finding } from '@socle/schemas'
import { compact } from '../compact.ts'
import { isSiren, judgeSiret } from '../identifiers/siret.ts'
import { type XmlNode, textOf, xpathOf } from '../xml/node.ts'
import { all, first, textsAt } from '../xml/path.ts'
import { buyers, companies, pathOf, touchPoints } from './paths.ts'
import { type At, below, nuts, plain, url, words } from './reader.ts'

/** Every company and touch point. One without an id or a name is left out: the rules say so. */
export function readOrganisations(at: At): NoticeOrganisation[] {
  const buying = new Set(buyerRefs(at.node))
  const nodes = [...all(at.node, companies), ...all(at.node, touchPoints)]
  return nodes.flatMap((node) => readOrganisation(below(at, node), buying) ?? [])
}

function readOrganisation(at: At, buying: ReadonlySet<string>): NoticeOrganisation | undefined {
  const ref = plain(at, 'OPT-200-Organization-Company')
  const name = words(at, 'BT-500-Organization-Company')?.text
  const country = plain(at, 'BT-514-Organization-Company')
  const isFrenchBuyer = country === 'FRA' && ref !== undefined && buying.has(ref)
  const id = readId(at, country === 'FRA', isFrenchBuyer)
  if (ref === undefined || name === undefined) return undefined
  return compact<NoticeOrganisation>({
    ref,
    id,
    name,
    city: plain(at, 'BT-513-Organization-Company'),
    postCode: plain(at, 'BT-512-Organization-Company'),
    nuts: nuts(at, 'BT-507-Organization-Company'),
    country,
    email: plain(at, 'BT-506-Organization-Company'),
  })
}

/**
 * BT-501. Only a French buyer owes a SIRET: its absence is a warning, a wrong one a refusal. Other organisations keep
 * whatever their register gave them.
 */
function readId({ node, found }: At, isFrench: boolean, isFrenchBuyer: boolean): OrganisationId | undefined {
  const source = first(node, pathOf('BT-501-Organization-Company'))
  const written = textOf(source)
  if (source === undefined || written === undefined) {
    if (isFrenchBuyer)
      found.push(
        finding('HUB-BUYER-MISSING', { xpath: `${xpathOf(node)}/${pathOf('BT-501-Organization-Company').source}` }),
      )
    return undefined
  }
  const value = written.slice(0, 100)
  if (!isFrench) return { scheme: 'OTHER', value }
  const digits = written.replaceAll(/[\s.\u00a0\u202f]/g, '')
  const verdict = judgeSiret(digits)
  if (!isFrenchBuyer) {
    if (verdict === 'valid') return { scheme: 'SIRET', value: digits }
    return isSiren(digits) ? { scheme: 'SIREN', value: digits } : { scheme: 'OTHER', value }
  }
  const place = { xpath: xpathOf(source), value: written }
  if (verdict === 'form') found.push(finding('HUB-SIRET-FORM', place))
  else if (digits !== written) found.push(finding('HUB-SIRET-SPACES', { ...place, expected: digits }))
  if (verdict === 'siren') found.push(finding('HUB-SIREN-LUHN', place))
  if (verdict === 'nic') found.push(finding('HUB-SIRET-NIC', place))
  return verdict === 'form' ? { scheme: 'OTHER', value } : { scheme: 'SIRET', value: digits }
}

/** Who buys. One that names no organisation is left out: the rules say so. */
export function readBuyers(at: At): NoticeBuyer[] {
  return all(at.node, buyers).flatMap((node) => {
    const buyer = below(at, node)
    const organisation = plain(buyer, 'OPT-300-Procedure-Buyer')
    if (organisation === undefined) return []
    return compact<NoticeBuyer>({
      organisation,
      legalType: plain(buyer, 'BT-11-Procedure-Buyer'),
      activity: plain(buyer, 'BT-10-Procedure-Buyer'),
      profileUrl: url(buyer, 'BT-508-Procedure-Buyer'),
    })
  })
}

function buyerRefs(root: XmlNode): readonly string[] {
  return all(root, buyers).flatMap((buyer) => textsAt(buyer, pathOf('OPT-300-Procedure-Buyer')))
}
