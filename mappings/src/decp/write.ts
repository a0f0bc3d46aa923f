import type { Award } from '@socle/schemas'
import type { Unwritable, Written } from '../translation.ts'
import { type XmlElement, writeXml } from '../xml/write.ts'
import { decimal } from './decimal.ts'
import type { Json } from './fields/codec.ts'
import { formOf } from './form.ts'
import { lossesOf } from './losses.ts'
import { missingFrom } from './missing.ts'
import { isObject } from './view.ts'
import { elementOf } from './xml-names.ts'

/**
 * An award as a DECP 2.0.4 file of one record. Unwritable when the record would break the form: an award of version 1
 * lacks what that version did not ask, and nothing is invented for it. Whether the business rules accept it is another
 * question, which examining the file answers.
 */
export function writeDecpJson(award: Award): Written | Unwritable {
  const prepared = prepare(award)
  if ('missing' in prepared) return prepared
  const { record, losses } = prepared
  const marches = {
    marche: award.contract === 'marche' ? [record] : [],
    'contrat-concession': award.contract === 'marche' ? [] : [record],
  }
  return { content: `${JSON.stringify({ marches }, undefined, 2)}\n`, mediaType: 'application/json', losses }
}

/** The same as a DECP 2.0.2 file in XML. A character that XML cannot carry makes it unwritable. */
export function writeDecpXml(award: Award): Written | Unwritable {
  const prepared = prepare(award)
  if ('missing' in prepared) return prepared
  const { record, losses } = prepared
  try {
    const content = writeXml({ name: 'marches', children: [elementsOf(award.contract, record)[0]] })
    return { content, mediaType: 'application/xml', losses }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const fr = 'Un texte contient un caractère de contrôle que XML ne peut pas écrire : retirez-le.'
    const en = 'A text holds a control character that XML cannot write: take it out.'
    return { missing: [{ field: '', message: { fr, en } }] }
  }
}

interface Prepared {
  readonly record: Json
  readonly losses: Written['losses']
}

function prepare(award: Award): Prepared | Unwritable {
  const form = formOf('2.0.4', award.contract)
  const record = form.write(award)
  const missing = missingFrom(award, record, form)
  return missing.length > 0 ? { missing } : { record, losses: lossesOf(award, form.read(record, '2.0.4')) }
}

/** One property as its elements: a list of texts gives several, a list of wrapped items one around them. */
function elementsOf(property: string, value: unknown): XmlElement[] {
  const name = elementOf(property)
  if (isObject(value)) {
    return [{ name, children: Object.entries(value).flatMap(([inner, part]) => elementsOf(inner, part)) }]
  }
  if (!Array.isArray(value)) return [{ name, children: [textOf(value)] }]
  if (!isObject(value[0])) return value.map((item: unknown) => ({ name, children: [textOf(item)] }))
  const items = value.flatMap((item: unknown) =>
    isObject(item) ? Object.entries(item).flatMap(([inner, part]) => elementsOf(inner, part)) : [],
  )
  return [{ name, children: items }]
}

function textOf(value: unknown): string {
  return typeof value === 'number' ? decimal(value) : String(value)
}
