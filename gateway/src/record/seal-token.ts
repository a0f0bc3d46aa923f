import { createHash } from 'node:crypto'
import {
  checkOrder,
  createLeafClock,
  parseCertificates,
  ProofError,
  signatureValueOf,
  type Timestamp,
  verifyTimestamp,
} from '@socle/schemas'
import type { Hub } from '../hub.ts'
import { withSignatureTimestamp } from '../keys/cms-timestamp.ts'
import { keepSealToken, readSeal, readSealToken } from '../store/seal-tokens.ts'
import { isSerialKnown, readLastTime } from '../store/time-tokens.ts'

/** The fault is in the seal itself: no authority was asked, and none could help. */
export class SealDamagedError extends Error {
  constructor(index: number, cause: unknown) {
    super(`the seal of entry ${index} is damaged: it gets no timestamp`, { cause })
    this.name = 'SealDamagedError'
  }
}

/**
 * The timestamp over the seal of an entry (CAdES-T): the one that is kept, else a new one, which is then kept for good. A
 * crash before it is kept asks again; two replicas that ask at once keep one.
 * @returns undefined when the entry has no seal
 * @throws SealDamagedError; Error when no good token can be had
 */
export async function stampSeal(
  hub: Pick<Hub, 'store' | 'keys' | 'timestamps'>,
  index: number,
): Promise<Uint8Array | undefined> {
  const { reader, writer } = hub.store
  const known = await readSealToken(reader, index)
  const sealed = known ? undefined : await readSeal(reader, index)
  if (!sealed) return known
  const value = valueOf(index, sealed.seal)
  // Read before the question: the stamper may log a later time while this one is on its way.
  const before = await readLastTime(reader)
  const judge = async (token: Uint8Array): Promise<Timestamp> => {
    const stamp = verifyTimestamp(token, value, parseCertificates(hub.keys.trust.tsaCa))
    if (before) checkOrder(before, stamp)
    const reason = createLeafClock([{ ...stamp, index: index + 1, size: index + 1 }]).check(
      index,
      Date.parse(sealed.at),
    )
    if (reason !== undefined) throw new ProofError(reason)
    if (await isSerialKnown(reader, signerOf(stamp), stamp.serial))
      throw new ProofError(`the timestamp has the serial ${stamp.serial}, which its signer gave before`)
    return stamp
  }
  const token = await hub.timestamps.stamp(value, async (one) => void (await judge(one)))
  const stamp = await judge(token)
  await keepSealToken(writer, { idx: index, token, signer: signerOf(stamp), serial: stamp.serial })
  return await readSealToken(reader, index)
}

function valueOf(index: number, seal: Uint8Array): Buffer {
  try {
    return signatureValueOf(seal)
  } catch (error) {
    throw new SealDamagedError(index, error)
  }
}

/** The seal with its timestamp (CAdES-T), as a container holds it. @param token as it was kept */
export function timedSeal(seal: Uint8Array, token: Uint8Array): Buffer {
  return withSignatureTimestamp(seal, token)
}

/** As `judge-token.ts` names an authority. */
function signerOf({ certificate }: Timestamp): string {
  return createHash('sha256').update(certificate.raw).digest('hex')
}
