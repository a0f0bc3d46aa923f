import { UnsupportedXPath } from './ast.ts'

const pictureShape = /^(#*)(0*)(?:\.(0*)(#*))?$/

/**
 * Compiles `fn:format-number` for pictures of `#`, `0` and one point, in the default format. Half goes to the even
 * digit (functions, 16.4). Throws UnsupportedXPath on any other picture.
 */
export function formatNumber(picture: string): (value: number) => string {
  const [, optional, required, fraction = '', extra = ''] = pictureShape.exec(picture) ?? []
  if (optional === undefined || required === undefined) throw new UnsupportedXPath(`the picture ${picture}`)
  const most = fraction.length + extra.length
  const isBare = required.length === 0 && fraction.length === 0
  return (value) => {
    if (Number.isNaN(value)) return 'NaN'
    if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
    const { whole, decimals } = round(Math.abs(value), most)
    const kept = decimals.slice(0, fraction.length) + decimals.slice(fraction.length).replace(/0+$/, '')
    const digits = whole === '0' && required.length === 0 ? '' : whole.padStart(required.length, '0')
    const text = kept === '' ? digits : `${digits}.${kept}`
    const shown = text === '' && isBare ? '0' : text
    return value < 0 && /[1-9]/.test(shown) ? `-${shown}` : shown
  }
}

/** The digits of the shortest decimal that is this double, cut at `most` decimals. */
function round(value: number, most: number): { readonly whole: string; readonly decimals: string } {
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e')
  const digits = mantissa.replace('.', '')
  const point = Number(exponent) + 1
  const whole = point <= 0 ? '' : digits.slice(0, point).padEnd(point, '0')
  const decimals = point <= 0 ? '0'.repeat(-point) + digits : digits.slice(point)
  const units = BigInt(`${whole}${decimals.slice(0, most).padEnd(most, '0')}` || '0')
  const rest = decimals.slice(most)
  const half = compareToHalf(rest)
  const up = half > 0 || (half === 0 && units % 2n === 1n) ? 1n : 0n
  const all = (units + up).toString().padStart(most + 1, '0')
  return { whole: all.slice(0, all.length - most), decimals: all.slice(all.length - most) }
}

function compareToHalf(rest: string): number {
  if (rest === '' || rest < '5') return -1
  return /^50*$/.test(rest) ? 0 : 1
}
