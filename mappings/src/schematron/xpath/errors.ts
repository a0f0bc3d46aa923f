/** A dynamic error of XPath 2.0, by its code in the `err` namespace. */
export class XPathError extends Error {
  override readonly name = 'XPathError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

export type ErrorCode = 'XPTY0004' | 'FORG0001' | 'FORG0006' | 'FOAR0001' | 'FODT0001' | 'FODT0002'

/** One object a code: a faulty document may raise an error at each of its nodes, and a stack trace costs microseconds. */
export const errors: Readonly<Record<ErrorCode, XPathError>> = {
  XPTY0004: new XPathError('XPTY0004', 'one value expected, or values of other types'),
  FORG0001: new XPathError('FORG0001', 'the text is no value of the type it is read as'),
  FORG0006: new XPathError('FORG0006', 'neither true nor false can be told of this sequence'),
  FOAR0001: new XPathError('FOAR0001', 'division by zero'),
  FODT0001: new XPathError('FODT0001', 'a date beyond what can be computed'),
  FODT0002: new XPathError('FODT0002', 'a duration beyond what can be computed'),
}
