/** A finite number in decimal without exponent: the shape of amounts and shares in canonical documents. */
export function decimal(value: number): string {
  const short = String(value)
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(short)
  if (parts === null) return Object.is(value, -0) ? '0' : short
  const [, sign = '', lead = '', rest = '', exponent = ''] = parts
  const digits = lead + rest
  const point = 1 + Number(exponent)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return sign + digits.padEnd(point, '0')
}
