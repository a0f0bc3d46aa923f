const mostDigits = 15
const smallestNormal = 2.2250738585072014e-308
const shape = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y

/** End of the JSON number that starts at a place, or undefined when none does. */
export function numberEnd(text: string, start: number): number | undefined {
  shape.lastIndex = start
  return shape.test(text) ? shape.lastIndex : undefined
}

/**
 * The number, or undefined when a double cannot give back what was written: more than 15 significant digits (zeros at
 * either end do not count), too large, or so small that digits are lost.
 */
export function exactNumber(literal: string): number | undefined {
  const value = Number(literal)
  if (literal.length <= mostDigits && !/[eE]/.test(literal)) return value
  const mantissa = literal
    .replace(/[eE].*$/, '')
    .replace('.', '')
    .replace(/^-?0*/, '')
    .replace(/0+$/, '')
  if (mantissa.length > mostDigits || !Number.isFinite(value)) return undefined
  return mantissa !== '' && Math.abs(value) < smallestNormal ? undefined : value
}
