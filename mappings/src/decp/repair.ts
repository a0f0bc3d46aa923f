import type { Finding } from '@socle/schemas'
import { type RecordView, found, isObject, spotsWhere } from './view.ts'

/** Where organisations other than the buyer stand. */
const parties = {
  marche: [
    'titulaires/*/titulaire',
    'actesSousTraitance/*/acteSousTraitance/sousTraitant',
    'modifications/*/modification/titulaires/*/titulaire',
  ],
  'contrat-concession': ['concessionnaires/*/concessionnaire'],
} as const

/** Spellings that the national consolidation reads as the type they mean. */
const meant: Readonly<Record<string, string>> = {
  FRW: 'FRWF',
  HORS_UE: 'HORS-UE',
  'TVA-intracommunautaire': 'TVA',
}

export interface Repaired {
  readonly record: unknown
  readonly findings: readonly Finding[]
}

/**
 * What can be put right without guessing: blanks and dots in a SIRET, three known misspellings of a type of identifier.
 * Each repair is a finding with before and after; the record given is never changed, a copy is.
 */
export function repair(view: RecordView): Repaired {
  const paths = parties[view.contract].filter((path) => spotsWhere(view, path, isRepairable).length > 0)
  if (paths.length === 0) return { record: view.record, findings: [] }
  const copy = { ...view, record: structuredClone(view.record) }
  const findings = paths.flatMap((path) =>
    spotsWhere(copy, path, isRepairable).flatMap(({ pointer, value }) => repairParty(view, pointer, value)),
  )
  return { record: copy.record, findings }
}

function isRepairable(party: unknown): boolean {
  if (!isObject(party)) return false
  const { typeIdentifiant: type, id } = party
  if (typeof type === 'string' && type !== 'SIRET' && Object.hasOwn(meant, type)) return true
  return type === 'SIRET' && typeof id === 'string' && id.length > 14 && /^\d{14}$/.test(withoutBlanks(id))
}

function repairParty(view: RecordView, pointer: string, party: unknown): Finding[] {
  // The copy is ours alone to change.
  const changed = party as { typeIdentifiant?: unknown; id?: unknown }
  const { typeIdentifiant: type, id } = changed
  const findings: Finding[] = []
  const after = typeof type === 'string' && Object.hasOwn(meant, type) ? meant[type] : undefined
  if (typeof type === 'string' && after !== undefined) {
    changed.typeIdentifiant = after
    const at = { pointer: `${pointer}/typeIdentifiant`, value: type, expected: after }
    findings.push(found(view, 'DECP-HOLDER-TYPE-REPAIRED', at))
  }
  if (type === 'SIRET' && typeof id === 'string' && /[\s.]/.test(id)) {
    changed.id = withoutBlanks(id)
    findings.push(found(view, 'HUB-SIRET-SPACES', { pointer: `${pointer}/id`, value: id, expected: withoutBlanks(id) }))
  }
  return findings
}

function withoutBlanks(text: string): string {
  return text.replaceAll(/[\s.]/g, '')
}
