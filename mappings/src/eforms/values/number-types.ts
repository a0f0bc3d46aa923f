import type { Money, NoticeDuration } from '@socle/schemas'
import { attribute } from '../../xml/node.ts'
import { isReasonable, parseDecimal } from '../../xml/values.ts'
import { type Source, type ValueType, type Reading, leafOf, placeIn, report, textIn } from './value-type.ts'

/** An amount with its currency and what it is. A wrong one is reported and left out, a zero reported and kept. */
export function money(meaning: Money['meaning']): ValueType {
  return {
    read(source, reading): Money | undefined {
      const read = readAmount(source, reading)
      return read === undefined ? undefined : { ...read, meaning }
    },
    write: writeAmount,
  }
}

/** An amount whose property says what it is. */
export const amount: ValueType = { read: readAmount, write: writeAmount }

function readAmount(source: Source, { found }: Reading): { amount: string; currency: string } | undefined {
  const text = textIn(source)
  if (text === undefined) return undefined
  const value = parseDecimal(text)
  const currency = attribute(source.nodes[0], 'currencyID')
  if (value === undefined || value.startsWith('-') || currency === undefined || !/^[A-Z]{3}$/.test(currency)) {
    report(found, 'EFORMS-AMOUNT', placeIn(source), { expected: '12345.67, currencyID="EUR"' })
    return undefined
  }
  if (/^[0.]+$/.test(value)) report(found, 'EFORMS-AMOUNT-ZERO', placeIn(source))
  return { amount: value, currency }
}

function writeAmount(value: unknown): ReturnType<ValueType['write']> {
  if (typeof value !== 'object' || value === null || !('amount' in value) || !('currency' in value)) return []
  return typeof value.currency === 'string' ? leafOf(value.amount, { currencyID: value.currency }) : []
}

const units: readonly NoticeDuration['unit'][] = ['DAY', 'WEEK', 'MONTH', 'YEAR']

/** A length of time with its unit. */
export const duration: ValueType = {
  read(source, { found }): NoticeDuration | undefined {
    const text = textIn(source)
    if (text === undefined) return undefined
    const value = parseDecimal(text)
    const unit = units.find((known) => known === attribute(source.nodes[0], 'unitCode'))
    if (value !== undefined && unit !== undefined && isReasonable(value, unit)) return { value, unit }
    report(found, 'EFORMS-DURATION', placeIn(source), { expected: 'DAY, WEEK, MONTH, YEAR' })
    return undefined
  },
  write(value) {
    if (typeof value !== 'object' || value === null || !('value' in value) || !('unit' in value)) return []
    return leafOf(value.value, { unitCode: String(value.unit) })
  },
}

/** A whole number, zero included, as long as JSON carries it exactly. */
export const count: ValueType = {
  read(source, { found }) {
    const text = textIn(source)
    if (text === undefined) return undefined
    if (/^\d{1,15}$/.test(text)) return Number(text)
    report(found, 'EFORMS-CODE', placeIn(source), { expected: '0, 1, 2…' })
    return undefined
  },
  write: (value) => (typeof value === 'number' ? leafOf(String(value)) : []),
}

/** A number as text. */
export const decimal: ValueType = {
  read(source, { found }) {
    const text = textIn(source)
    const value = text === undefined ? undefined : parseDecimal(text)
    if (text !== undefined && value === undefined)
      report(found, 'EFORMS-CODE', placeIn(source), { expected: '0, 12.5…' })
    return value
  },
  write: (value) => leafOf(value),
}
