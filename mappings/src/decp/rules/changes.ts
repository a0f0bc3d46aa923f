import type { Finding, RuleId } from '@socle/schemas'
import { type RecordView, found, isObject, numbersAt, spotsAt, valueAt } from '../view.ts'

export function modificationIds(view: RecordView): Finding[] {
  return repeated(view, 'modifications/*/modification/id', 'DECP-MODIFICATION-ID-DUPLICATE')
}

export function subcontractIds(view: RecordView): Finding[] {
  return repeated(view, 'actesSousTraitance/*/acteSousTraitance/id', 'DECP-SUBCONTRACT-ID-DUPLICATE')
}

/** What a modification may change; the rest of a contract cannot be modified, only published again. */
export function emptyModifications(view: RecordView): Finding[] {
  const changes = view.contract === 'marche' ? ['dureeMois', 'montant', 'titulaires'] : ['dureeMois', 'valeurGlobale']
  return spotsAt(view, 'modifications/*/modification').flatMap(({ pointer, value }) => {
    if (!isObject(value) || changes.some((name) => Object.hasOwn(value, name))) return []
    return [
      found(view, 'DECP-MODIFICATION-EMPTY', { pointer, value: String(value['id']), expected: changes.join(', ') }),
    ]
  })
}

export function undeclaredSubcontracts(view: RecordView): Finding[] {
  const acts = spotsAt(view, 'actesSousTraitance/*')
  if (acts.length === 0 || valueAt(view, 'sousTraitanceDeclaree') !== false) return []
  const pointer = `${view.base}/sousTraitanceDeclaree`
  return [found(view, 'DECP-SUBCONTRACT-UNDECLARED', { pointer, value: String(acts.length) })]
}

export function unknownSubcontracts(view: RecordView): Finding[] {
  const known = new Set(numbersAt(view, 'actesSousTraitance/*/acteSousTraitance/id').map(({ value }) => value))
  return numbersAt(view, 'modificationsActesSousTraitance/*/modificationActeSousTraitance/id')
    .filter(({ value }) => !known.has(value))
    .map(({ pointer, value }) => found(view, 'DECP-SUBCONTRACT-UNKNOWN', { pointer, value: String(value) }))
}

function repeated(view: RecordView, path: string, rule: RuleId): Finding[] {
  const seen = new Set<number>()
  return numbersAt(view, path).flatMap(({ pointer, value }) => {
    if (seen.has(value)) return [found(view, rule, { pointer, value: String(value) })]
    seen.add(value)
    return []
  })
}
