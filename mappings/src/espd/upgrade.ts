import type { DumeRequest, DumeResponse, DumeResponseEdm, DumeResponseOperator } from '@socle/schemas'
import type { Loss, Unwritable } from '../translation.ts'
import { procedureOf } from './code-lists.ts'
import { countryOf } from './countries.ts'
import { missingFor } from './missing.ts'
import { upgradeCriteria } from './upgrade-criteria.ts'

type Document = DumeRequest | DumeResponse

export interface Upgraded<T> {
  readonly document: T
  readonly losses: readonly Loss[]
}

const version = '4.1.0'

/**
 * A canonical form as version 4.1.0 says it: codes and ids of older versions translated, what the version has no place for
 * dropped and told. What comes from 4.1.0 stays as it is. Missing: what only a person can give.
 */
export function toVersion4<T extends Document>(canonical: T): Upgraded<T> | Unwritable {
  const losses: Loss[] = [...edmLosses(canonical.edm)]
  const document = canonical.edm.version.startsWith('4.') ? canonical : upgrade(canonical, losses)
  const missing = missingFor(document)
  return missing.length > 0 ? { missing } : { document, losses }
}

export function loss(field: string, fr: string, en: string): Loss {
  return { field, message: { fr, en } }
}

function edmLosses(edm: DumeResponseEdm): Loss[] {
  const written: Readonly<Record<string, string>> = {
    version,
    ublVersion: '2.3',
    profileExecutionId: `ESPD-EDMv${version}`,
  }
  return Object.entries(edm)
    .filter(([name, value]) => value !== undefined && value !== written[name])
    .map(([name, value]) =>
      loss(
        `/edm/${name}`,
        `« ${value} » devient ${written[name] === undefined ? 'absent' : `« ${written[name]} »`} : le document est écrit en version ${version}.`,
        `“${value}” becomes ${written[name] === undefined ? 'absent' : `“${written[name]}”`}: the document is written in version ${version}.`,
      ),
    )
}

function upgrade<T extends Document>(canonical: T, losses: Loss[]): T {
  const lots = lotsOf(canonical, losses)
  const { procedureCode: _, ...rest } = canonical
  const common = {
    ...rest,
    ...procedureCodeOf(canonical, losses),
    buyer: withCountry(canonical.buyer),
    ...(canonical.serviceProvider === undefined ? {} : { serviceProvider: withCountry(canonical.serviceProvider) }),
    lots,
    criteria: upgradeCriteria(canonical.criteria, lots, losses),
  }
  const operator = 'operator' in canonical ? { operator: upgradeOperator(canonical.operator) } : {}
  // The spread keeps the kind of the document and all that is not named above.
  return { ...common, ...operator } as unknown as T
}

/** BR-LOT-10: a document without lots is for the whole of a procedure that has none, which version 4 calls LOT-0000. */
function lotsOf({ lots = [] }: Document, losses: Loss[]): readonly string[] {
  if (lots.length > 0) return lots
  losses.push(
    loss(
      '/lots',
      'Aucun lot n’est cité : la version 4 l’écrit LOT-0000 (procédure sans lots).',
      'No lot is named: version 4 writes it LOT-0000 (procedure without lots).',
    ),
  )
  return ['LOT-0000']
}

function procedureCodeOf({ procedureCode: own }: Document, losses: Loss[]): { procedureCode?: string } {
  if (own === undefined) return {}
  const upgraded = procedureOf(own)
  if (upgraded === own) return { procedureCode: own }
  const fr =
    upgraded === undefined ? 'n’a pas d’équivalent en version 4 et n’est pas écrite' : `devient « ${upgraded} »`
  const en = upgraded === undefined ? 'has no equal in version 4 and is not written' : `becomes “${upgraded}”`
  losses.push(loss('/procedureCode', `La procédure « ${own} » ${fr}.`, `Procedure “${own}” ${en}.`))
  return upgraded === undefined ? {} : { procedureCode: upgraded }
}

/** The same country: two letters become three, which is no loss. What is no country stays, and is missing. */
function withCountry<T extends { readonly country?: string }>(party: T): T {
  const { country } = party
  return country === undefined ? party : { ...party, country: countryOf(country) ?? country }
}

function upgradeOperator(operator: DumeResponseOperator): DumeResponseOperator {
  const { representatives } = operator
  return {
    ...withCountry(operator),
    ...(representatives === undefined ? {} : { representatives: representatives.map(withCountry) }),
  }
}
