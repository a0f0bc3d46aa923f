/** What a SIRET is worth: `form` not 14 digits, `siren` its company number fails, `nic` only its establishment number fails. */
export type SiretVerdict = 'valid' | 'form' | 'siren' | 'nic'

const laPoste = '356000000'

/**
 * Judges a SIRET: Luhn key on the first 9 digits (SIREN), then on all 14. The establishments of La Poste beyond its head
 * office do not follow Luhn: the sum of their digits is a multiple of 5. Source: Insee, Sirene directory.
 */
export function judgeSiret(siret: string): SiretVerdict {
  if (!/^\d{14}$/.test(siret)) return 'form'
  const siren = siret.slice(0, 9)
  // A number of zeros satisfies Luhn and belongs to nobody.
  if (siren === '000000000' || !passesLuhn(siren)) return 'siren'
  if (passesLuhn(siret)) return 'valid'
  return siren === laPoste && digitSum(siret) % 5 === 0 ? 'valid' : 'nic'
}

/** True for a SIREN of 9 digits whose Luhn key is right. */
export function isSiren(siren: string): boolean {
  return /^\d{9}$/.test(siren) && siren !== '000000000' && passesLuhn(siren)
}

/** Luhn: from the right, every second digit counts double (its digits added); the sum is a multiple of 10. Digits only. */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let place = 0; place < digits.length; place++) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - 48
    const weighted = place % 2 === 0 ? digit : digit * 2
    sum += weighted > 9 ? weighted - 9 : weighted
  }
  return sum % 10 === 0
}

function digitSum(digits: string): number {
  let sum = 0
  for (let place = 0; place < digits.length; place++) sum += digits.charCodeAt(place) - 48
  return sum
}
