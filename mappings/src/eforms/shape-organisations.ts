import type { NoticeText } from '@socle/schemas'
import { marksIn, renameMarks } from './marks.ts'
import type { Draft, TreeReading } from './read-tree.ts'

/**
 * In eForms a company holds its touch points and may have several ids and names. In the canonical form every party that
 * can be cited stands in one list, with one name and one id; what is beside them is kept in properties of its own.
 */
export function flattenOrganisations(tree: Draft, { language, origins }: TreeReading): Draft[] {
  const nested = listOf(tree['organisations'])
  const companies = nested.map((each) => flatten(each, language, origins))
  const points = nested.flatMap((company) =>
    listOf(company['touchPoints']).map((point) => {
      const flat = flatten(point, language, origins)
      if (company['ref'] !== undefined) flat['touchPointOf'] = company['ref']
      return flat
    }),
  )
  return [...companies, ...points]
}

function flatten(nested: Draft, language: string | undefined, origins: TreeReading['origins']): Draft {
  const { touchPoints: _, ids, name, ...flat } = nested
  const [id, ...otherIds] = listOf(ids)
  if (id !== undefined) flat['id'] = id
  if (otherIds.length > 0) flat['otherIds'] = otherIds
  if ('marks' in flat) flat['marks'] = renameMarks(marksIn(flat), flatName)
  if (isText(name)) {
    flat['name'] = name.text
    if (name.language !== undefined && name.language !== language) flat['nameLanguage'] = name.language
    if (name.translations !== undefined) flat['nameTranslations'] = name.translations
  }
  const origin = origins.get(nested)
  if (origin !== undefined) origins.set(flat, origin)
  return flat
}

/** The list of a notice as its elements are nested. A touch point of a company that is not there stays told as lost. */
export function nestOrganisations(list: readonly object[], language: string, lost: (index: number) => void): Draft[] {
  const nested = new Map<unknown, Draft>()
  const all: Draft[] = []
  for (const each of list as readonly Draft[]) {
    if (isPoint(each)) continue
    const company = nest(each, language)
    all.push(company)
    nested.set(company['ref'], company)
  }
  for (const [index, each] of (list as readonly Draft[]).entries()) {
    if (!isPoint(each)) continue
    const { touchPointOf, ...point } = each
    const company = nested.get(touchPointOf)
    if (company === undefined) lost(index)
    else company['touchPoints'] = [...listOf(company['touchPoints']), nest(point, language)]
  }
  return all
}

function isPoint(each: Draft): boolean {
  return each['touchPointOf'] !== undefined || (typeof each['ref'] === 'string' && each['ref'].startsWith('TPO-'))
}

function nest(flat: Draft, language: string): Draft {
  const { id, otherIds, name, nameLanguage, nameTranslations, ...nested } = flat
  if (id !== undefined) nested['ids'] = [id, ...listOf(otherIds)]
  if ('marks' in nested) nested['marks'] = renameMarks(marksIn(nested), nestedName)
  if (typeof name === 'string') {
    nested['name'] = {
      text: name,
      language: typeof nameLanguage === 'string' ? nameLanguage : language,
      ...(typeof nameTranslations === 'object' && nameTranslations !== null ? { translations: nameTranslations } : {}),
    }
  }
  return nested
}

function flatName(property: string): string {
  const at = /^ids\/(\d+)$/.exec(property)?.[1]
  if (at === undefined) return property
  return at === '0' ? 'id' : `otherIds/${Number(at) - 1}`
}

function nestedName(property: string): string {
  const at = /^otherIds\/(\d+)$/.exec(property)?.[1]
  return property === 'id' ? 'ids/0' : at === undefined ? property : `ids/${Number(at) + 1}`
}

function isText(value: unknown): value is NoticeText {
  return typeof value === 'object' && value !== null && 'text' in value
}

function listOf(value: unknown): readonly Draft[] {
  return Array.isArray(value) ? (value as readonly Draft[]) : []
}
