import type { Finding, RuleId } from '@socle/schemas'
import {
  type RecordView,
  found,
  isObject,
  listAt,
  mostFindings,
  numbersAt,
  numbersWhere,
  spotsAt,
  spotsWhere,
  valueAt,
} from '../view.ts'

export function modificationIds(view: RecordView): Finding[] {
  return repeated(view, 'modifications/*/modification/id', 'DECP-MODIFICATION-ID-DUPLICATE')
}

export function subcontractIds(view: RecordView): Finding[] {
  return repeated(view, 'actesSousTraitance/*/acteSousTraitance/id', 'DECP-SUBCONTRACT-ID-DUPLICATE')
}

/** What a modification may change; the rest of a contract cannot be modified, only published again. */
const changes = {
  marche: ['dureeMois', 'montant', 'titulaires'],
  'contrat-concession': ['dureeMois', 'valeurGlobale'],
} as const

export function emptyModifications(view: RecordView): Finding[] {
  const names = changes[view.contract]
  const isEmpty = (value: unknown) => isObject(value) && names.every((name) => value[name] === undefined)
  return spotsWhere(view, 'modifications/*/modification', isEmpty).map(({ pointer, value }) => {
    const id = isObject(value) ? String(value['id']) : ''
    return found(view, 'DECP-MODIFICATION-EMPTY', { pointer, value: id, expected: names.join(', ') })
  })
}

export function undeclaredSubcontracts(view: RecordView): Finding[] {
  const acts = listAt(view, 'actesSousTraitance')
  if (acts.length === 0 || valueAt(view, 'sousTraitanceDeclaree') !== false) return []
  const pointer = `${view.base}/sousTraitanceDeclaree`
  return [found(view, 'DECP-SUBCONTRACT-UNDECLARED', { pointer, value: String(acts.length) })]
}

/** Acts may still come after the contract, so their want is only told. */
export function missingSubcontracts(view: RecordView): Finding[] {
  if (valueAt(view, 'sousTraitanceDeclaree') !== true || listAt(view, 'actesSousTraitance').length > 0) return []
  return [found(view, 'DECP-SUBCONTRACT-MISSING', { pointer: `${view.base}/actesSousTraitance` })]
}

export function unknownSubcontracts(view: RecordView): Finding[] {
  const known = new Set(numbersAt(view, 'actesSousTraitance/*/acteSousTraitance/id'))
  const path = 'modificationsActesSousTraitance/*/modificationActeSousTraitance/id'
  return numbersWhere(view, path, (id) => !known.has(id)).map(({ pointer, value }) =>
    found(view, 'DECP-SUBCONTRACT-UNKNOWN', { pointer, value: String(value) }),
  )
}

function repeated(view: RecordView, path: string, rule: RuleId): Finding[] {
  const ids = numbersAt(view, path)
  if (new Set(ids).size === ids.length) return []
  const seen = new Set<unknown>()
  return spotsAt(view, path)
    .filter(({ value }) => typeof value === 'number' && (seen.has(value) || !seen.add(value)))
    .slice(0, mostFindings)
    .map(({ pointer, value }) => found(view, rule, { pointer, value: String(value) }))
}
