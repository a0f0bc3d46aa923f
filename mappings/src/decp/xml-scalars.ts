import type { RuleId } from '@socle/schemas'
import { exactNumber } from '../json/number.ts'

/** A value as JSON has it, and what had to be done to read it so. */
export interface Scalar {
  readonly value: unknown
  readonly repairs: readonly { readonly rule: RuleId; readonly expected: string }[]
}

const asItIs = (value: unknown): Scalar => ({ value, repairs: [] })

/** Words of XSD 2.0.2; `True` and any with blanks around are not among them. */
const words: Readonly<Record<string, boolean>> = {
  true: true,
  false: false,
  oui: true,
  non: false,
  '1': true,
  '0': false,
}

export function readFlag(text: string): Scalar {
  const value = Object.hasOwn(words, text) ? words[text] : undefined
  if (value === undefined) return asItIs(text)
  if (text === String(value)) return asItIs(value)
  return { value, repairs: [{ rule: 'DECP-XML-BOOLEAN', expected: String(value) }] }
}

/**
 * A number of XML Schema: sign, zeros and a point at either end are allowed, an exponent is not. What is none is left as
 * text, which the structure then refuses by name; so is one with more digits than a double keeps.
 */
export function readNumber(text: string): Scalar {
  return readAs(/^[+-]?(?:\d+\.?\d*|\.\d+)$/, text)
}

/** The same without a point: XML Schema takes `48.0` for no integer, whatever its value. */
export function readInteger(text: string): Scalar {
  return readAs(/^[+-]?\d+$/, text)
}

function readAs(form: RegExp, text: string): Scalar {
  const bare = trimmed(text)
  const value = form.test(bare) ? exactNumber(bare.replace(/^\+/, '')) : undefined
  if (value === undefined) return asItIs(text)
  return { value, repairs: bare === text ? [] : [{ rule: 'DECP-XML-BLANKS', expected: bare }] }
}

const zoned = /^(\d{4}-\d{2}-\d{2})(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/

/** A day of XML Schema may have an offset, which says nothing of a day without time. */
export function readDay(text: string): Scalar {
  const bare = trimmed(text)
  const day = zoned.exec(bare)?.[1]
  const repairs: { rule: RuleId; expected: string }[] = []
  if (bare !== text) repairs.push({ rule: 'DECP-XML-BLANKS', expected: bare })
  if (day !== undefined) repairs.push({ rule: 'DECP-DATE-ZONE', expected: day })
  return { value: day ?? bare, repairs }
}

/** Blanks that XML Schema takes away around numbers and dates (whiteSpace collapse): not the others. */
function trimmed(text: string): string {
  return text.replace(/^[ \t\n\r]+/, '').replace(/[ \t\n\r]+$/, '')
}
