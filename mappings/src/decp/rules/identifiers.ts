import type { Finding, RuleId } from '@socle/schemas'
import { judgeSiret } from '../../identifiers/siret.ts'
import { cpvCheckDigit, isKnownCpv, judgeCpv, knownCpvAncestor } from '../../identifiers/cpv.ts'
import { type RecordView, found, has, isObject, ownText, spotsWhere, textsWhere, valueAt } from '../view.ts'

/** Accepted by the national consolidation: anything else breaks the file names and keys built on it. */
export function idCharacters(view: RecordView): Finding[] {
  const id = ownText(view, 'id')
  if (id === undefined || /^[A-Za-z0-9/\-_ .#]*$/.test(id)) return []
  return [found(view, 'DECP-ID-CHARACTERS', { pointer: `${view.base}/id`, value: id })]
}

/** A blank at either end is not seen, and makes two numbers of one. */
export function idBlanks(view: RecordView): Finding[] {
  const id = ownText(view, 'id')
  if (id === undefined || id.trim().length === id.length) return []
  return [found(view, 'DECP-ID-BLANK', { pointer: `${view.base}/id`, value: id, expected: id.trim() })]
}

const siretRules = { form: 'HUB-SIRET-FORM', siren: 'HUB-SIREN-LUHN', nic: 'HUB-SIRET-NIC', valid: undefined } as const

export function buyerSiret(view: RecordView): Finding[] {
  const path = view.contract === 'marche' ? 'acheteur/id' : 'autoriteConcedante/id'
  return textsWhere(view, path, (siret) => judgeSiret(siret) !== 'valid').flatMap((spot) => {
    const rule = siretRules[judgeSiret(spot.value)]
    return rule === undefined ? [] : [found(view, rule, spot)]
  })
}

export function holderIds(view: RecordView): Finding[] {
  const path = view.contract === 'marche' ? 'titulaires/*/titulaire' : 'concessionnaires/*/concessionnaire'
  return organisationFindings(view, path)
}

/**
 * Subcontractors and the winners a modification names. Nobody checks them downstream and published files hold many
 * faulty ones, so a fault here is kept as a warning and does not refuse the contract.
 */
export function otherIds(view: RecordView): Finding[] {
  if (!has(view, 'actesSousTraitance') && !has(view, 'modifications')) return []
  return [
    ...organisationFindings(view, 'actesSousTraitance/*/acteSousTraitance/sousTraitant', 'warn'),
    ...organisationFindings(view, 'modifications/*/modification/titulaires/*/titulaire', 'warn'),
  ]
}

const cpvRules = { form: 'HUB-CPV-FORM', zero: 'HUB-CPV-ZERO', 'check-digit': 'HUB-CPV-CHECK-DIGIT' } as const

/** An unknown code is only doubtful: it is told with the nearest code above it, and never replaced. */
export function cpvCode(view: RecordView): Finding[] {
  const value = ownText(view, 'codeCPV')
  if (value === undefined) return []
  const spot = { pointer: `${view.base}/codeCPV`, value }
  const verdict = judgeCpv(value)
  if (verdict === 'valid') {
    if (isKnownCpv(value)) return []
    return [found(view, 'HUB-CPV-UNKNOWN', { ...spot, expected: knownCpvAncestor(value) ?? '–' })]
  }
  const expected = verdict === 'check-digit' ? { expected: cpvCheckDigit(value) } : {}
  return [found(view, cpvRules[verdict], { ...spot, ...expected })]
}

/** A version 1 record repeats its keys in one text: SIRET of the buyer, then its own id. */
export function uid(view: RecordView): Finding[] {
  if (view.version === '2.0.4') return []
  const path = view.contract === 'marche' ? 'acheteur/id' : 'autoriteConcedante/id'
  const expected = `${String(valueAt(view, path))}${String(valueAt(view, 'id'))}`
  return textsWhere(view, 'uid', (text) => text !== expected).map((spot) =>
    found(view, 'DECP-UID', { ...spot, expected }),
  )
}

const forms: Readonly<Record<string, { readonly pattern: RegExp; readonly expected: string }>> = {
  TAHITI: { pattern: /^[A-Za-z0-9]{9}$/, expected: 'TAHITI : 9 × A-Z 0-9' },
  RIDET: { pattern: /^[A-Za-z0-9]{10}$/, expected: 'RIDET : 10 × A-Z 0-9' },
  FRWF: { pattern: /^FRWF[A-Za-z0-9]{14}$/, expected: 'FRWF : FRWF + 14 × A-Z 0-9' },
  IREP: { pattern: /^\d{5}[A-Za-z0-9]+$/, expected: 'IREP : 5 × 0-9 + A-Z 0-9' },
  'HORS-UE': { pattern: /^[A-Z]{2}[A-Za-z0-9]{1,16}$/, expected: 'HORS-UE : 2 × A-Z + 1 à 16 × A-Z 0-9' },
  TVA: { pattern: /^[A-Z]{2}[A-Za-z0-9+*]{2,16}$/, expected: 'TVA : 2 × A-Z + 2 à 16 × A-Z 0-9' },
}

function organisationFindings(view: RecordView, path: string, severity?: Finding['severity']): Finding[] {
  return spotsWhere(view, path, (who) => organisationFault(who) !== undefined).flatMap(({ pointer, value: who }) => {
    const fault = organisationFault(who)
    if (fault === undefined) return []
    const { rule, ...what } = fault
    return [found(view, rule, { pointer: `${pointer}/id`, ...what, ...(severity === undefined ? {} : { severity }) })]
  })
}

interface IdFault {
  readonly rule: RuleId
  readonly value: string
  readonly expected?: string
}

/** What is wrong with the identifier of an organisation; a type that is not in the form is the schema's to tell. */
function organisationFault(who: unknown): IdFault | undefined {
  if (!isObject(who)) return undefined
  const { id, typeIdentifiant: type } = who
  if (typeof id !== 'string') return undefined
  if (type === 'SIRET') {
    const rule = siretRules[judgeSiret(id)]
    return rule === undefined ? undefined : { rule, value: id }
  }
  const form = Object.hasOwn(forms, String(type)) ? forms[String(type)] : undefined
  if (form === undefined || form.pattern.test(id)) return undefined
  return { rule: 'DECP-HOLDER-ID', value: id, expected: form.expected }
}
