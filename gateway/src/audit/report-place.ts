import { ProofError, reasonOf, type Timestamp } from '@socle/schemas'
import type { ContainerCheck } from './container-check.ts'
import { proofFiles } from './container-layout.ts'
import { messages } from './messages.ts'
import type { Place } from './place-judge.ts'

/** A place, and when an outside clock saw it. */
export interface StampedPlace extends Place {
  readonly stamp: Timestamp | undefined
}

/**
 * Checks the place of the document in the log, and the outside time over it.
 * @param fits throws a ProofError when the place is not that of the document
 * @returns the place, when it is proved
 */
export function reportPlace(
  { files, trust, judge, placeOf, report }: ContainerCheck,
  leaf: string,
  fits: (place: Place) => void,
): StampedPlace | undefined {
  let found: Place
  let stamp: Timestamp | undefined
  try {
    found = judge.place(leaf, textOf(files.get(proofFiles.tlogProof)))
    fits(found)
    report.proved(placeOf(proofFiles.tlogProof), messages.proofGood(found.head))
  } catch (error) {
    report.failed(placeOf(proofFiles.tlogProof), messages.proofBad, reasonOf(error))
    return undefined
  }
  const token = files.get(proofFiles.checkpointTsr)
  const place = placeOf(proofFiles.checkpointTsr)
  if (token === undefined) report.skipped(place, messages.tokenAbsent)
  else if (trust.timestampAuthorities.length === 0) report.skipped(place, messages.tokenUntrusted)
  else {
    try {
      stamp = judge.stamp(found, token)
      report.proved(place, messages.tokenGood(stamp.time))
    } catch (error) {
      report.failed(place, messages.tokenBad, reasonOf(error))
    }
  }
  try {
    judge.requireKey(found, stamp)
  } catch (error) {
    report.failed(placeOf(proofFiles.tlogProof), messages.logKeyBad, reasonOf(error))
    return undefined
  }
  return { ...found, stamp }
}

/** @throws ProofError unless the bytes are UTF-8: what reads as another text proves another text */
export function textOf(bytes: Buffer | undefined): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new ProofError('the file is not UTF-8')
  }
}
