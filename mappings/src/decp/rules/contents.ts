import type { Finding } from '@socle/schemas'
import { type RecordView, found, listAt, textsWhere, valueAt } from '../view.ts'

export function objectLength(view: RecordView): Finding[] {
  return textsWhere(view, 'objet', (text) => text.trim().length < 5).map((spot) =>
    found(view, 'DECP-OBJECT-SHORT', spot),
  )
}

export function controlCharacters(view: RecordView): Finding[] {
  return textsWhere(view, 'objet', (text) => controlIn(text) !== undefined).map(({ pointer, value }) => {
    const code = controlIn(value) ?? 0
    const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
    return found(view, 'DECP-CONTROL-CHARACTER', { pointer, value: name })
  })
}

/** The first control character other than tab and line break, which are at home in a long text. */
function controlIn(text: string): number | undefined {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const isControl = code < 0x20 || code === 0x7f
    if (isControl && code !== 0x09 && code !== 0x0a && code !== 0x0d) return code
  }
  return undefined
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
