import type { Award } from '@socle/schemas'
import type { Loss } from '../translation.ts'
import type { AnyFields, Json } from './fields/codec.ts'
import type { DecpForm } from './form.ts'
import { checkStructure } from './structure.ts'

/**
 * What a person must give before an award can be written in a form: every property the form requires and the award does
 * not know, every value the form does not admit. The judge is the structure that any reader of the file would apply.
 */
export function missingFrom(award: Award, record: Json, form: DecpForm): Loss[] {
  const view = { contract: form.contract, version: form.version, record, index: 0, base: '', today: undefined }
  const fromStructure = checkStructure(view).map(({ pointer = '', message }) => ({
    field: fieldAt(pointer.split('/').slice(1), form.fields as AnyFields, ''),
    message,
  }))
  return [...fromStructure, ...currencies(award)]
}

/** Pointer in the canonical form of a pointer in the record; as far as the table knows it. */
function fieldAt(steps: readonly string[], fields: AnyFields, above: string): string {
  for (const [field, place] of Object.entries(fields)) {
    if (place === undefined) continue
    const at = place.at.split('/')
    // A requirement may stop at the first of two steps, where the wrapper itself is missing.
    if (place.at === '' || !at.every((step, index) => steps[index] === undefined || steps[index] === step)) continue
    const here = `${above}/${field}`
    const rest = steps.slice(at.length)
    const { parts } = place.codec
    if (parts === undefined || rest.length === 0) return rest.length === 0 ? here : `${here}/${rest.join('/')}`
    if (!parts.list) return fieldAt(rest, parts.fields, here)
    const [index = '', ...inner] = rest
    const below = inner[0] === parts.wrapper ? inner.slice(1) : inner
    return below.length === 0 ? `${here}/${index}` : fieldAt(below, parts.fields, `${here}/${index}`)
  }
  return above === '' ? `/${steps.join('/')}` : above
}

/** The form has euros and SIRET buyers only. */
function currencies(award: Award): Loss[] {
  const missing: Loss[] = []
  for (const name of ['amount', 'subsidy'] as const) {
    const currency = award[name]?.currency
    if (currency === undefined || currency === 'EUR') continue
    const fr = `Le montant est en ${currency} : donnez-le en euros.`
    missing.push({ field: `/${name}`, message: { fr, en: `The amount is in ${currency}: give it in euros.` } })
  }
  if (award.buyer.scheme !== 'SIRET') {
    const fr = 'L’acheteur doit être désigné par son SIRET.'
    missing.push({ field: '/buyer', message: { fr, en: 'The buyer must be named by its SIRET.' } })
  }
  return missing
}
