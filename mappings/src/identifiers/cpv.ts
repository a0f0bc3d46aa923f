/** What a CPV code is worth: `form` not 8 digits with an optional key, `zero` no division, `check-digit` the key is wrong. */
export type CpvVerdict = 'valid' | 'form' | 'zero' | 'check-digit'

const weights = [3, 7, 1, 3, 7, 1, 3, 7]

/**
 * Judges the form of a code of the common procurement vocabulary (Regulation (EC) 213/2008), with or without its check
 * digit. It does not tell whether the code is in the list.
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
