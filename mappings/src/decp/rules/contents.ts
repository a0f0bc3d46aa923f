import type { Finding } from '@socle/schemas'
import { type RecordView, found, listAt, ownText, textsWhere, valueAt } from '../view.ts'

export function objectLength(view: RecordView): Finding[] {
  const value = ownText(view, 'objet')
  if (value === undefined || value.trim().length >= 5) return []
  return [found(view, 'DECP-OBJECT-SHORT', { pointer: `${view.base}/objet`, value })]
}

/** Control characters other than tab and line break, which are at home in a long text. */
// oxlint-disable-next-line no-control-regex -- the very characters that are sought
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

export function controlCharacters(view: RecordView): Finding[] {
  const [character] = control.exec(ownText(view, 'objet') ?? '') ?? []
  if (character === undefined) return []
  const name = `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
  return [found(view, 'DECP-CONTROL-CHARACTER', { pointer: `${view.base}/objet`, value: name })]
}

export function grouping(view: RecordView): Finding[] {
  const winners = listAt(view, 'titulaires')
  if (winners.length < 2 || valueAt(view, 'typeGroupementOperateurs') !== 'Pas de groupement') return []
  const pointer = `${view.base}/typeGroupementOperateurs`
  return [found(view, 'DECP-GROUPING', { pointer, value: String(winners.length) })]
}

const placeForms: Readonly<Record<string, RegExp>> = {
  'Code postal': /^\d{5}$/,
  'Code commune': /^(\d{5}|2[AB]\d{3})$/,
  'Code arrondissement': /^[0-9A-Z]{3,5}$/,
  'Code canton': /^[0-9A-Z]{4,5}$/,
  'Code département': /^(\d{2,3}|2[AB])$/,
  'Code région': /^\d{1,2}$/,
  'Code pays': /^([A-Z]{2,3}|\d{5})$/,
}

export function placeCode(view: RecordView): Finding[] {
  const type = valueAt(view, 'lieuExecution/typeCode')
  const form = typeof type === 'string' && Object.hasOwn(placeForms, type) ? placeForms[type] : undefined
  if (form === undefined) return []
  return textsWhere(view, 'lieuExecution/code', (code) => !form.test(code)).map((spot) =>
    found(view, 'DECP-PLACE-CODE', { ...spot, expected: String(type) }),
  )
}
