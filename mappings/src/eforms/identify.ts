import { type NoticeOrganisation, type OrganisationId, finding } from '@socle/schemas'
import { isSiren, judgeSiret } from '../identifiers/siret.ts'
import type { ReadNotice } from './read-notice.ts'
import { type Judging, missing, placeOfField } from './judging.ts'

/**
 * BT-501: which register each id is of. Only a French buyer owes a SIRET: its absence is a warning, a wrong one a
 * refusal; a French winner is expected to have one. Other organisations keep whatever their register gave them.
 */
export function identifyOrganisations(notice: ReadNotice, judging: Judging): ReadNotice {
  const roles = rolesOf(notice)
  return {
    ...notice,
    organisations: notice.organisations.map((organisation) => {
      const named = identify(organisation, roles, judging)
      const origin = judging.origins.get(organisation)
      if (origin !== undefined) judging.origins.set(named, origin)
      return named
    }),
  }
}

interface Roles {
  readonly buyers: ReadonlySet<string>
  readonly winners: ReadonlySet<string>
}

function rolesOf({ organisations, buyers, award }: ReadNotice): Roles {
  const companyOf = new Map(organisations.map(({ ref, touchPointOf }) => [ref, touchPointOf ?? ref]))
  const company = (ref: string | undefined) => (ref === undefined ? [] : [companyOf.get(ref) ?? ref])
  const parties = new Set((award?.tenders ?? []).filter(({ id }) => isWinning(id, award)).map(({ party }) => party))
  return {
    buyers: new Set(buyers.flatMap(({ organisation }) => company(organisation))),
    winners: new Set(
      (award?.parties ?? [])
        .filter(({ id }) => parties.has(id))
        .flatMap(({ tenderers }) => (tenderers ?? []).flatMap(({ organisation }) => company(organisation))),
    ),
  }
}

/** A tender is shown to have won by the contract it led to; without any contract, by being cited in a result. */
function isWinning(id: string | undefined, award: ReadNotice['award']): boolean {
  if (id === undefined) return false
  const contracts = award?.contracts ?? []
  if (contracts.length > 0) return contracts.some(({ tenders }) => tenders?.includes(id))
  return (award?.results ?? []).some(({ tenders }) => tenders?.includes(id))
}

function identify(organisation: NoticeOrganisation, roles: Roles, judging: Judging): NoticeOrganisation {
  if (organisation.country !== 'FRA' || organisation.touchPointOf !== undefined) return organisation
  const { id, ref } = organisation
  const isBuyer = roles.buyers.has(ref)
  const isWinner = !isBuyer && roles.winners.has(ref)
  if (id === undefined) {
    if (isBuyer) judging.found.push(finding('HUB-BUYER-MISSING', { xpath: idPlace(organisation, judging) }))
    if (isWinner) missing(judging, 'EFORMS-WINNER-SIRET', { at: organisation, field })
    return organisation
  }
  const judged = isBuyer ? judgeBuyer(id, organisation, judging) : judgeOther(id)
  if (isWinner) judgeWinner(id, judged, { organisation, judging })
  return { ...organisation, id: judged }
}

const field = 'BT-501-Organization-Company'

function idPlace(organisation: NoticeOrganisation, judging: Judging): string {
  return placeOfField(judging, { at: organisation, field })
}

function digitsOf(value: string): string {
  return value.replaceAll(/[\s.\u00a0\u202f]/g, '')
}

function judgeBuyer({ value }: OrganisationId, organisation: NoticeOrganisation, judging: Judging): OrganisationId {
  const { found } = judging
  const digits = digitsOf(value)
  const verdict = judgeSiret(digits)
  const place = { xpath: idPlace(organisation, judging), value }
  if (verdict === 'form') found.push(finding('HUB-SIRET-FORM', place))
  else if (digits !== value) found.push(finding('HUB-SIRET-SPACES', { ...place, expected: digits }))
  if (verdict === 'siren') found.push(finding('HUB-SIREN-LUHN', place))
  if (verdict === 'nic') found.push(finding('HUB-SIRET-NIC', place))
  return verdict === 'form' ? { scheme: 'OTHER', value } : { scheme: 'SIRET', value: digits }
}

function judgeOther({ value }: OrganisationId): OrganisationId {
  const digits = digitsOf(value)
  if (judgeSiret(digits) === 'valid') return { scheme: 'SIRET', value: digits }
  return isSiren(digits) ? { scheme: 'SIREN', value: digits } : { scheme: 'OTHER', value }
}

interface Winner {
  readonly organisation: NoticeOrganisation
  readonly judging: Judging
}

function judgeWinner(id: OrganisationId, judged: OrganisationId, { organisation, judging }: Winner): void {
  const place = { xpath: idPlace(organisation, judging), value: id.value }
  if (judged.scheme !== 'SIRET') judging.found.push(finding('EFORMS-WINNER-SIRET', place))
  else if (judged.value !== id.value)
    judging.found.push(finding('HUB-SIRET-SPACES', { ...place, expected: judged.value }))
}
