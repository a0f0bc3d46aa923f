/** An exact decimal number, `units / 10^scale`: XPath compares hundredths as hundredths. */
export class Decimal {
  readonly units: bigint
  readonly scale: number

  constructor(units: bigint, scale: number) {
    this.units = units
    this.scale = scale
  }

  static parse(text: string): Decimal {
    const [whole = '', fraction = ''] = text.split('.')
    return new Decimal(BigInt(`${whole}${fraction}` || '0'), fraction.length)
  }

  plus(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale)
    return new Decimal(this.at(scale) + other.at(scale), scale)
  }

  minus(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale)
    return new Decimal(this.at(scale) - other.at(scale), scale)
  }

  times(other: Decimal): Decimal {
    return new Decimal(this.units * other.units, this.scale + other.scale)
  }

  /** The nearest double: read from the digits, so that it is the one the digits are written for. */
  toNumber(): number {
    const digits = (this.units < 0n ? -this.units : this.units).toString().padStart(this.scale + 1, '0')
    const cut = digits.length - this.scale
    return Number(`${this.units < 0n ? '-' : ''}${digits.slice(0, cut)}.${digits.slice(cut)}`)
  }

  private at(scale: number): bigint {
    return this.units * 10n ** BigInt(scale - this.scale)
  }
}
