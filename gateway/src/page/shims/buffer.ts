import { Buffer as Portable } from 'buffer/index.js'

/**
 * Buffer for the page, from the package that every bundler uses, made to answer as Node's where the two differ and the
 * verifier would notice: `equals` takes any bytes; UTF-8 is decoded as everywhere else in a browser.
 */
interface Patched {
  equals(other: Uint8Array): boolean
  toString(encoding?: string, start?: number, end?: number): string
}

const own = Portable.prototype as unknown as Patched
// eslint-disable-next-line typescript/unbound-method -- it is called with the buffer below
const decode = own.toString
const isUtf8 = /^utf-?8$/i

own.equals = function equals(this: Uint8Array, other: Uint8Array): boolean {
  if (!(other instanceof Uint8Array)) throw new TypeError('Argument must be a Uint8Array')
  return this.length === other.length && this.every((byte, at) => byte === other[at])
}

own.toString = function toString(this: Uint8Array, encoding = 'utf8', start?: number, end?: number): string {
  if (!isUtf8.test(encoding)) return decode.call(this, encoding, start, end)
  const [from, to] = [Math.max(start ?? 0, 0), Math.max(end ?? this.length, 0)]
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.subarray(from, Math.max(from, to)))
}

export { Portable as Buffer }
