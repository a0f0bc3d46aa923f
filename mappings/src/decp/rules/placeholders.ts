import type { Finding } from '@socle/schemas'
import { type RecordView, found, textsWhere } from '../view.ts'

/** Where people write something to fill a mandatory field, and where the consolidation leaves its own marks. */
const places = [
  'id',
  'objet',
  'lieuExecution/code',
  'titulaires/*/titulaire/id',
  'concessionnaires/*/concessionnaire/id',
]

/** Words that stand for nothing, and the marks MQ, CDL and INX of the consolidated files, which are not data. */
const nothing = new Set(
  (
    'nc|n.c.|n. c.|n/c|na|n/a|néant|neant|non communiqué|non communiquée|non renseigné|non renseignée|non défini|' +
    'non définie|inconnu|inconnue|sans objet|à compléter|à définir|xx|xxx|xxxx|test|tests|tbd|null|undefined|nan|' +
    'mq|mq nc|cdl|inx'
  ).split('|'),
)

/** The longest of them, with some blanks around. */
const longest = 20

function saysNothing(text: string): boolean {
  if (text.length > longest) return /^\s*lorem ipsum/i.test(text)
  const word = text.trim().toLowerCase()
  return nothing.has(word) || word.startsWith('inx ')
}

export function placeholders(view: RecordView): Finding[] {
  const findings: Finding[] = []
  for (const path of places) {
    for (const { pointer, value } of textsWhere(view, path, saysNothing)) {
      const property = pointer.slice(pointer.lastIndexOf('/') + 1)
      findings.push(found(view, 'DECP-PLACEHOLDER', { pointer, value }, { property }))
    }
  }
  return findings
}
