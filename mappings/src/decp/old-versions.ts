import { type Finding, finding } from '@socle/schemas'
import { inForce, publishedVersion } from '../thresholds.ts'
import { type RecordView, found, isObject, valueAt } from './view.ts'

/** Required by 2.0.4 and unknown to 1.5: somebody must say them. The last two are all that is new in a concession. */
const newInVersion2 = [
  'techniques',
  'modalitesExecution',
  'marcheInnovant',
  'ccag',
  'offresRecues',
  'attributionAvance',
  'typeGroupementOperateurs',
  'typesPrix',
  'sousTraitanceDeclaree',
  'considerationsSociales',
  'considerationsEnvironnementales',
]

/** A record of version 1 is kept as it is; it says what a record of version 2 would still need, and when it is too late for it. */
export function aboutVersion1(view: RecordView): Finding[] {
  if (view.version !== '1.5.0') return []
  const required = view.contract === 'contrat-concession' ? newInVersion2.slice(-2) : newInVersion2
  const missing = required.filter((name) => valueAt(view, name) === undefined)
  const kept = found(view, 'DECP-VERSION-1', { pointer: view.base, expected: missing.join(', ') })
  const property = view.contract === 'contrat-concession' ? 'dateSignature' : 'dateNotification'
  const date = valueAt(view, property)
  if (typeof date !== 'string' || inForce(publishedVersion, date.slice(0, 10)) !== '2.0.4') return [kept]
  return [kept, found(view, 'DECP-VERSION-1-LATE', { pointer: `${view.base}/${property}`, value: date })]
}

/** Flat properties of 2.0.0 and the wrapped ones that took their place. */
const renamed: readonly (readonly [string, string])[] = [
  ['technique', 'techniques.technique'],
  ['modaliteExecution', 'modalitesExecution.modaliteExecution'],
  ['typePrix', 'typesPrix.typePrix'],
  ['considerationsSociales', 'considerationsSociales.considerationSociale'],
  ['considerationsEnvironnementales', 'considerationsEnvironnementales.considerationEnvironnementale'],
  ['titulaires', 'titulaires[].titulaire'],
  ['concessionnaires', 'concessionnaires[].concessionnaire'],
  ['modifications', 'modifications[].modification'],
  ['actesSousTraitance', 'actesSousTraitance[].acteSousTraitance'],
  ['modificationsActesSousTraitance', 'modificationsActesSousTraitance[].modificationActeSousTraitance'],
]

/** Version 2.0.0 was published and never usable: nobody reads it, and the report says what to change. */
export function refusal200(record: unknown, pointer: string, index: number): Finding {
  const wrappers = renamed
    .filter(([flat]) => isObject(record) && Object.hasOwn(record, flat))
    .map(([flat, wrapped]) => `${flat} → ${wrapped}`)
  const expected = ['marches[] → marches.marche[]', ...wrappers].join(' ; ')
  return finding('DECP-VERSION-2-0-0', { record: index, pointer, expected })
}
