import { cpvDistances } from './generated/cpv-2008.ts'

/** What a CPV code is worth: `form` not 8 digits with an optional key, `zero` no division, `check-digit` the key is wrong. */
export type CpvVerdict = 'valid' | 'form' | 'zero' | 'check-digit'

const weights = [3, 7, 1, 3, 7, 1, 3, 7]

/**
 * Judges the form of a code of the common procurement vocabulary (Regulation (EC) 213/2008), with or without its check
 * digit. Whether the code is in the list is another question: see isKnownCpv.
 */
export function judgeCpv(code: string): CpvVerdict {
  if (!/^\d{8}(-\d)?$/.test(code)) return 'form'
  // Divisions go from 03 to 98: nothing is bought under 00.
  if (code.startsWith('00')) return 'zero'
  return code.length === 8 || code.slice(9) === cpvCheckDigit(code) ? 'valid' : 'check-digit'
}

/** Check digit of the first 8 digits of a code: weighted sum 3-7-1 modulo 10 (45000000 gives 7). */
export function cpvCheckDigit(code: string): string {
  let sum = 0
  for (const [place, weight] of weights.entries()) sum += (code.charCodeAt(place) - 48) * weight
  return String(sum % 10)
}

let codes: ReadonlySet<number> | undefined

/** True for a code of the list of 2008, by its first 8 digits. */
export function isKnownCpv(code: string): boolean {
  codes ??= decodeCodes()
  return codes.has(Number(code.slice(0, 8)))
}

/** The nearest code of the list above an unknown one (45261910 is below 45261900), written with 8 digits. */
export function knownCpvAncestor(code: string): string | undefined {
  for (let kept = 7; kept >= 2; kept--) {
    const above = code.slice(0, kept).padEnd(8, '0')
    if (isKnownCpv(above)) return above
  }
  return undefined
}

function decodeCodes(): ReadonlySet<number> {
  let code = 0
  return new Set(cpvDistances.split(' ').map((distance) => (code += Number.parseInt(distance, 36))))
}
