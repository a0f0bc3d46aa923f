import { type Der, encodeDer, isType, sequence, smallIntegerOf } from './der.ts'
import { ProofError } from './proof-error.ts'

/** Reasons an authority gives for a refusal (PKIFailureInfo, RFC 3161 section 2.4.2), by bit. */
const reasons: Readonly<Record<number, string>> = {
  0: 'badAlg',
  2: 'badRequest',
  5: 'badDataFormat',
  14: 'timeNotAvailable',
  15: 'unacceptedPolicy',
  16: 'unacceptedExtension',
  17: 'addInfoNotAvailable',
  25: 'systemFailure',
}

/**
 * The token of a response, or the bare token itself.
 * @throws ProofError when the authority did not grant it, with the reason it gave
 */
export function tokenOf(root: Der): Der {
  const [first, token, ...rest] = sequence(root, 'the timestamp')
  if (isType(first, 'oid')) return root
  const [status, ...details] = sequence(first, 'the timestamp status')
  // 0 granted, 1 granted with modifications (RFC 3161 section 2.4.2)
  if (smallIntegerOf(status, 'the timestamp status') > 1)
    throw new ProofError(`the timestamp was not granted${reasonIn(details)}`)
  if (token === undefined || rest.length > 0) throw new ProofError('the timestamp response holds no token')
  return token
}

/** From the BIT STRING after the status; the free text beside it is left out: it is nobody's word. */
function reasonIn(details: readonly Der[]): string {
  const bits = details.map((node) => encodeDer(node)).find(([tag]) => tag === 0x03) ?? Buffer.alloc(0)
  // Tag, length, count of unused bits, then the bits, the first one highest.
  const names = [...bits.subarray(3)].flatMap((byte, at) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => (byte >> (7 - bit)) & 1).map((bit) => reasons[at * 8 + bit] ?? 'unknown'),
  )
  return names.length === 0 ? '' : `: ${names.slice(0, 4).join(', ')}`
}
