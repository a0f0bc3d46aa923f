import type { Finding } from '@socle/schemas'
import { type RecordView, found, spotsAt, textsAt } from '../view.ts'

const lists = [
  'techniques/technique/*',
  'modalitesExecution/modaliteExecution/*',
  'typesPrix/typePrix/*',
  'considerationsSociales/considerationSociale/*',
  'considerationsEnvironnementales/considerationEnvironnementale/*',
  'titulaires/*',
  'concessionnaires/*',
]

const considerations = [
  ['considerationsSociales/considerationSociale/*', 'Pas de considération sociale'],
  ['considerationsEnvironnementales/considerationEnvironnementale/*', 'Pas de considération environnementale'],
] as const

/** One pass with a set: the schema keyword for it compares every pair, which a hostile file could make last for hours. */
export function duplicateItems(view: RecordView): Finding[] {
  return lists.flatMap((path) => {
    const spots = spotsAt(view, path)
    if (spots.length < 2) return []
    const seen = new Set<string>()
    return spots.flatMap(({ pointer, value }) => {
      const written = typeof value === 'string' ? value : sortedText(value)
      if (!seen.has(written)) {
        seen.add(written)
        return []
      }
      const property = path.split('/').at(-2) ?? path
      return [found(view, 'DECP-DUPLICATE-ITEM', { pointer, value: written }, { property })]
    })
  })
}

export function exclusiveConsiderations(view: RecordView): Finding[] {
  return considerations.flatMap(([path, none]) => {
    const values = textsAt(view, path)
    const spot = values.find(({ value }) => value === none)
    const isAlone = values.every(({ value }) => value === none)
    return spot === undefined || isAlone ? [] : [found(view, 'DECP-CONSIDERATION-EXCLUSIVE', spot)]
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
