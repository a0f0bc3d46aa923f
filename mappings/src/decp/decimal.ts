/** A finite number in decimal without exponent: the shape of amounts and shares in canonical documents. */
export function decimal(value: number): string {
  if (value === 0) return '0'
  const short = String(value)
  const parts = !short.includes('e') ? null : /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(short)
  if (parts === null) return short
  const [, sign = '', lead = '', rest = '', exponent = ''] = parts
  const digits = lead + rest
  const point = 1 + Number(exponent)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return sign + digits.padEnd(point, '0')
}
