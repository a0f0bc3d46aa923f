import {
  openTimedSeal,
  parseLeaf,
  ProofError,
  reasonOf,
  type Receipt,
  signatureFile,
  type Timestamp,
  verifyTimedSeal,
} from '@socle/schemas'
import type { ContainerCheck } from './container-check.ts'
import { proofFiles } from './container-layout.ts'
import { containerMessages } from './container-messages.ts'
import { messages } from './messages.ts'
import { checkLeafTime } from './place-judge.ts'

/**
 * Checks the timestamp over the seal: `META-INF/signature.p7s` is the seal as it was logged, or the same with a timestamp
 * that holds. That `seal.p7s` is the receipt's is checked elsewhere.
 * @returns the timestamp, when it holds
 */
export function reportSealTime(
  { files, trust, placeOf, report }: ContainerCheck,
  receipt: Receipt,
): Timestamp | undefined {
  const place = placeOf(signatureFile)
  const signature = files.get(signatureFile)
  const seal = files.get(proofFiles.seal)
  try {
    if (signature === undefined || seal === undefined) throw new ProofError('the signature or the seal is missing')
    if (signature.equals(seal)) {
      report.skipped(place, containerMessages.sealUntimed)
      return undefined
    }
    const opened = openTimedSeal(signature)
    if (!opened.seal.equals(seal)) throw new ProofError('the signature is another one than the seal')
    if (trust.timestampAuthorities.length === 0) {
      report.skipped(place, messages.tokenUntrusted)
      return undefined
    }
    const stamp = verifyTimedSeal(opened, trust.timestampAuthorities)
    checkLeafTime(parseLeaf(receipt.leaf), { index: 0, size: 1 }, stamp)
    report.proved(place, containerMessages.sealTimed(stamp.time))
    return stamp
  } catch (error) {
    report.failed(place, containerMessages.sealTimeBad, reasonOf(error))
    return undefined
  }
}
