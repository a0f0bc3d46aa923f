import type {
  DumeRequest,
  DumeResponse,
  DumeResponseCriterion,
  DumeResponseGroup,
  DumeResponsePartyId,
} from '@socle/schemas'
import type { Loss } from '../translation.ts'
import { countryOf } from './countries.ts'

type Document = DumeRequest | DumeResponse

/** What version 4.1.0 asks for and the document lacks: nothing is made up in its place. */
export function missingFor(document: Document): readonly Loss[] {
  const missing: Loss[] = []
  const need = (field: string, value: unknown, fr: string, en: string): void => {
    const isGiven = Array.isArray(value) ? value.length > 0 : value !== undefined && value !== ''
    if (!isGiven) missing.push({ field, message: { fr: `Il manque ${fr}.`, en: `${en} is missing.` } })
  }
  need('/id', document.id, 'l’identifiant du document', 'The id of the document')
  need('/uuid', document.uuid, 'l’UUID du document', 'The UUID of the document')
  need('/issuer', document.issuer, 'l’organisme qui a numéroté le document', 'The agency that numbered the document')
  need('/issuedOn', document.issuedOn, 'la date d’émission', 'The issue date')
  need('/criteria', document.criteria, 'les critères', 'The criteria')
  needIds('/buyer', document.buyer.ids, need)
  needIds('/serviceProvider', document.serviceProvider?.ids ?? [], need)
  if (document.kind === 'dume-response') needOfResponse(document, need)
  else needOfRequest(document, need)
  for (const [index, { id }] of (document.noticeRefs ?? []).entries())
    need(`/noticeRefs/${index}/id`, id, 'l’identifiant de la publication', 'The id of the publication')
  return missing
}

type Need = (field: string, value: unknown, fr: string, en: string) => void

function needOfRequest({ buyer, procedureCode, lots }: DumeRequest, need: Need): void {
  needCountry('/buyer/country', buyer.country, need)
  need(
    '/procedureCode',
    procedureCode,
    'le type de procédure (liste de la version 4)',
    'The procedure (list of version 4)',
  )
  need('/lots', lots, 'le lot (LOT-0000 sans allotissement)', 'The lot (LOT-0000 without lots)')
}

function needOfResponse(response: DumeResponse, need: Need): void {
  const { operator, lots = [], requestRef, evidences, criteria } = response
  need('/operator/ids', operator.ids, 'l’identifiant de l’opérateur', 'The id of the operator')
  needIds('/operator', operator.ids, need)
  need('/operator/name', operator.name, 'le nom de l’opérateur', 'The name of the operator')
  need('/operator/size', operator.size, 'la taille de l’opérateur', 'The size of the operator')
  need('/operator/role', operator.role, 'le rôle de l’opérateur', 'The role of the operator')
  needCountry('/operator/country', operator.country, need)
  for (const [index, { firstName, familyName, country }] of (operator.representatives ?? []).entries()) {
    const at = `/operator/representatives/${index}`
    need(`${at}/firstName`, firstName, 'le prénom du représentant', 'The first name of the representative')
    need(`${at}/familyName`, familyName, 'le nom du représentant', 'The family name of the representative')
    needCountry(`${at}/country`, country, need)
  }
  const [lot, ...others] = lots
  need('/lots', others.length > 0 ? undefined : lot, 'un lot et un seul', 'One lot and no more')
  if (requestRef !== undefined)
    need('/requestRef/id', requestRef.id, 'l’identifiant de la demande citée', 'The id of the cited request')
  need('/criteria', criteria.some(hasAnswer) ? true : undefined, 'au moins une réponse', 'At least one answer')
  for (const [index, { refs = [] }] of evidences.entries())
    for (const [place, { id }] of refs.entries())
      need(`/evidences/${index}/refs/${place}/id`, id, 'l’identifiant du justificatif', 'The id of the evidence')
}

function hasAnswer({ groups, subCriteria = [] }: Pick<DumeResponseCriterion, 'groups' | 'subCriteria'>): boolean {
  const inGroup = (group: DumeResponseGroup): boolean =>
    group.items.some(({ answers }) => answers !== undefined) || group.groups.some(inGroup)
  return groups.some(inGroup) || subCriteria.some(hasAnswer)
}

function needIds(at: string, ids: readonly DumeResponsePartyId[], need: Need): void {
  for (const [index, { agency }] of ids.entries())
    need(`${at}/ids/${index}/agency`, agency, 'l’organisme qui a donné l’identifiant', 'The agency that gave the id')
}

function needCountry(field: string, country: string | undefined, need: Need): void {
  need(
    field,
    country === undefined ? undefined : countryOf(country),
    'le pays (code connu)',
    'The country (known code)',
  )
}
