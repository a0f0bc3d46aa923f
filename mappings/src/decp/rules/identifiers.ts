import type { Finding } from '@socle/schemas'
import { judgeSiret } from '../../identifiers/siret.ts'
import { cpvCheckDigit, judgeCpv } from '../../identifiers/cpv.ts'
import { type RecordView, type Spot, found, isObject, spotsAt, textsAt } from '../view.ts'

/** Accepted by the national consolidation: anything else breaks the file names and keys built on it. */
export function idCharacters(view: RecordView): Finding[] {
  return textsAt(view, 'id')
    .filter(({ value }) => value !== '' && !/^[A-Za-z0-9/\-_ .#]*$/.test(value))
    .map((spot) => found(view, 'DECP-ID-CHARACTERS', spot))
}

export function buyerSiret(view: RecordView): Finding[] {
  const path = view.contract === 'marche' ? 'acheteur/id' : 'autoriteConcedante/id'
  return textsAt(view, path).flatMap((spot) => siretFindings(view, spot))
}

export function holderIds(view: RecordView): Finding[] {
  const path = view.contract === 'marche' ? 'titulaires/*/titulaire' : 'concessionnaires/*/concessionnaire'
  return spotsAt(view, path).flatMap((spot) => organisationFindings(view, spot))
}

/**
 * Subcontractors and the winners a modification names. Nobody checks them downstream and published files hold many
 * faulty ones, so a fault here is kept as a warning and does not refuse the contract.
 */
export function otherIds(view: RecordView): Finding[] {
  return [
    ...spotsAt(view, 'actesSousTraitance/*/acteSousTraitance/sousTraitant'),
    ...spotsAt(view, 'modifications/*/modification/titulaires/*/titulaire'),
  ].flatMap((spot) => organisationFindings(view, spot, 'warn'))
}

export function cpvCode(view: RecordView): Finding[] {
  return textsAt(view, 'codeCPV').flatMap((spot) => {
    switch (judgeCpv(spot.value)) {
      case 'form':
        return [found(view, 'HUB-CPV-FORM', spot)]
      case 'zero':
        return [found(view, 'HUB-CPV-ZERO', spot)]
      case 'check-digit':
        return [found(view, 'HUB-CPV-CHECK-DIGIT', { ...spot, expected: cpvCheckDigit(spot.value) })]
      default:
        return []
    }
  })
}

const forms: Readonly<Record<string, { readonly pattern: RegExp; readonly expected: string }>> = {
  TAHITI: { pattern: /^[A-Za-z0-9]{9}$/, expected: 'TAHITI : 9 × A-Z 0-9' },
  RIDET: { pattern: /^[A-Za-z0-9]{10}$/, expected: 'RIDET : 10 × A-Z 0-9' },
  FRWF: { pattern: /^FRWF[A-Za-z0-9]{14}$/, expected: 'FRWF : FRWF + 14 × A-Z 0-9' },
  IREP: { pattern: /^\d{5}[A-Za-z0-9]+$/, expected: 'IREP : 5 × 0-9 + A-Z 0-9' },
  'HORS-UE': { pattern: /^[A-Z]{2}[A-Za-z0-9]{1,16}$/, expected: 'HORS-UE : 2 × A-Z + 1 à 16 × A-Z 0-9' },
  TVA: { pattern: /^[A-Z]{2}[A-Za-z0-9+*]{2,16}$/, expected: 'TVA : 2 × A-Z + 2 à 16 × A-Z 0-9' },
}

function organisationFindings(
  view: RecordView,
  { pointer, value: who }: Spot,
  severity?: Finding['severity'],
): Finding[] {
  if (!isObject(who) || typeof who['id'] !== 'string') return []
  const spot = { pointer: `${pointer}/id`, value: who['id'] }
  if (who['typeIdentifiant'] === 'SIRET') return siretFindings(view, spot, severity)
  const form = forms[String(who['typeIdentifiant'])]
  if (form === undefined || form.pattern.test(spot.value)) return []
  const at = { ...spot, expected: form.expected }
  return [found(view, 'DECP-HOLDER-ID', severity === undefined ? at : { ...at, severity })]
}

function siretFindings(
  view: RecordView,
  spot: { pointer: string; value: string },
  severity?: Finding['severity'],
): Finding[] {
  const at = severity === undefined ? spot : { ...spot, severity }
  switch (judgeSiret(spot.value)) {
    case 'form':
      return [found(view, 'HUB-SIRET-FORM', at)]
    case 'siren':
      return [found(view, 'HUB-SIREN-LUHN', at)]
    case 'nic':
      return [found(view, 'HUB-SIRET-NIC', spot)]
    default:
      return []
  }
}
