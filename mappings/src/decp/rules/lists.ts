import type { Finding } from '@socle/schemas'
import { type RecordView, found, listAt, mostFindings } from '../view.ts'

const lists = [
  'techniques/technique',
  'modalitesExecution/modaliteExecution',
  'typesPrix/typePrix',
  'considerationsSociales/considerationSociale',
  'considerationsEnvironnementales/considerationEnvironnementale',
  'titulaires',
  'concessionnaires',
]

const considerations = [
  ['considerationsSociales/considerationSociale', 'Pas de considération sociale'],
  ['considerationsEnvironnementales/considerationEnvironnementale', 'Pas de considération environnementale'],
] as const

export function duplicateItems(view: RecordView): Finding[] {
  const findings: Finding[] = []
  for (const path of lists) {
    const list = listAt(view, path)
    if (list.length > 1) findings.push(...repeated(view, path, list))
  }
  return findings
}

/** One pass with a set: the schema keyword for it compares every pair, which a hostile file could make last for hours. */
function repeated(view: RecordView, path: string, list: readonly unknown[]): Finding[] {
  const seen = new Set<string>()
  const findings: Finding[] = []
  for (const [place, value] of list.entries()) {
    const written = typeof value === 'string' ? value : sortedText(value)
    if (seen.has(written) && findings.length < mostFindings) {
      const property = path.slice(path.lastIndexOf('/') + 1)
      const at = { pointer: `${view.base}/${path}/${place}`, value: written }
      findings.push(found(view, 'DECP-DUPLICATE-ITEM', at, { property }))
    }
    seen.add(written)
  }
  return findings
}

export function exclusiveConsiderations(view: RecordView): Finding[] {
  return considerations.flatMap(([path, none]) => {
    const list = listAt(view, path)
    const place = list.indexOf(none)
    const isAlone = list.every((value) => typeof value !== 'string' || value === none)
    if (place === -1 || isAlone) return []
    return [found(view, 'DECP-CONSIDERATION-EXCLUSIVE', { pointer: `${view.base}/${path}/${place}`, value: none })]
  })
}

/** JSON with keys in order, so that two equal items read the same. */
function sortedText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
