import { createHash } from 'node:crypto'
import { checkOrder, parseCertificates, ProofError, type Timestamp, verifyTimestamp } from '@socle/schemas'
import type { Hub } from '../hub.ts'
import { isSerialKnown, readLastTime } from '../store/time-tokens.ts'

/** A token that may be logged. */
export interface GoodToken extends Timestamp {
  /** SHA-256 of the signer's certificate, hexadecimal: which authority spoke. */
  readonly signer: string
}

/**
 * The last gate before the log, whatever the adapter looked at: the token verifies with what this hub publishes, states
 * no earlier time than the one logged before it, and is not one that its signer gave before.
 * @throws ProofError with the reason
 */
export async function judgeToken(
  hub: Pick<Hub, 'store' | 'keys'>,
  note: Uint8Array,
  token: Uint8Array,
): Promise<GoodToken> {
  const { reader } = hub.store
  const stamp = verifyTimestamp(token, note, parseCertificates(hub.keys.trust.tsaCa))
  const last = await readLastTime(reader)
  if (last) checkOrder(last, stamp)
  const signer = createHash('sha256').update(stamp.certificate.raw).digest('hex')
  if (await isSerialKnown(reader, signer, stamp.serial))
    throw new ProofError(`the timestamp has the serial ${stamp.serial}, which its signer gave before`)
  return { ...stamp, signer }
}
