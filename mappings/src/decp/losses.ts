import type { Award } from '@socle/schemas'
import { escapeStep } from '../json/pointer.ts'
import type { Loss } from '../translation.ts'
import { isObject } from './view.ts'

/**
 * What a written record does not say of an award, found by reading it back: whatever differs is a loss, so that none can
 * be forgotten. The version is that of the file, not of the award.
 */
export function lossesOf(award: Award, readBack: Award): Loss[] {
  const losses: Loss[] = []
  compare({ ...award, version: undefined }, { ...readBack, version: undefined }, '', losses)
  return losses
}

function compare(before: unknown, after: unknown, pointer: string, losses: Loss[]): void {
  if (before === undefined) return
  if (Array.isArray(before)) {
    const list: readonly unknown[] = Array.isArray(after) ? after : []
    for (const [place, item] of before.entries()) compare(item, list[place], `${pointer}/${place}`, losses)
    return
  }
  if (isObject(before)) {
    const inside = isObject(after) ? after : {}
    for (const [key, value] of Object.entries(before)) {
      compare(value, inside[key], `${pointer}/${escapeStep(key)}`, losses)
    }
    return
  }
  if (before !== after && shortest(before) !== shortest(after)) losses.push(lossOf(pointer, before, after))
}

/** A number is the same with fewer zeros after its point. */
function shortest(value: unknown): unknown {
  if (typeof value !== 'string' || !/^-?\d+\.\d+$/.test(value)) return value
  return value.replace(/\.?0+$/, '')
}

function lossOf(field: string, before: unknown, after: unknown): Loss {
  const [from, to] = [String(before).slice(0, 80), String(after).slice(0, 80)]
  if (after === undefined) {
    const fr = `« ${from} » n’a pas de place dans la version 2 des DECP.`
    return { field, message: { fr, en: `“${from}” has no place in version 2 of the DECP.` } }
  }
  const fr = `« ${from} » devient « ${to} ».`
  return { field, message: { fr, en: `“${from}” becomes “${to}”.` } }
}
