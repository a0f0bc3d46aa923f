import type { X509Certificate } from 'node:crypto'
import {
  type CoveredFile,
  envelopeFile,
  evidenceManifestOf,
  type EvidenceTimes,
  manifestFile,
  type Message,
  ProofError,
  reasonOf,
  signatureFile,
  verifyEvidenceRecord,
} from '@socle/schemas'
import { evidenceRecordFiles } from './container-layout.ts'
import type { ReportBuilder } from './report.ts'

export interface EvidenceRecordCheck {
  /** Of the container, by name. */
  readonly files: ReadonlyMap<string, Buffer>
  /** Name of the document in it. */
  readonly documentName: string | undefined
  readonly authorities: readonly X509Certificate[]
  readonly placeOf: (file: string) => string
  readonly now: Date
}

/**
 * Checks the evidence record of a container (RFC 4998) over exactly its document, envelope, manifest and signature. A
 * container without one is as good: its day is not archived yet.
 */
export function reportEvidenceRecord(check: EvidenceRecordCheck, report: ReportBuilder): void {
  const { files, authorities, placeOf, now } = check
  const record = files.get(evidenceRecordFiles.record)
  const manifest = files.get(evidenceRecordFiles.manifest)
  if (record === undefined && manifest === undefined) return
  const place = placeOf(evidenceRecordFiles.record)
  if (authorities.length === 0) return report.skipped(place, texts.untrusted)
  try {
    const covered = coveredFiles(check)
    if (record === undefined || manifest?.equals(Buffer.from(evidenceManifestOf(covered))) !== true)
      throw new ProofError('the record or its manifest is missing, or names other files')
    const objects = covered.map(({ bytes }) => bytes)
    const times = verifyEvidenceRecord(record, objects, authorities)
    if (times.until < now) return report.skipped(place, texts.ended(times))
    report.proved(place, texts.good(times))
  } catch (error) {
    report.failed(place, texts.bad, reasonOf(error))
  }
}

function coveredFiles({ files, documentName }: EvidenceRecordCheck): readonly CoveredFile[] {
  return [documentName, envelopeFile, manifestFile, signatureFile].map((name = '') => {
    const bytes = files.get(name)
    if (bytes === undefined) throw new ProofError('a file that the record is over is missing')
    return { name, bytes }
  })
}

const dayOf = (date: Date | undefined): string => date?.toISOString().slice(0, 10) ?? ''

const texts = {
  good: ({ times, until }: EvidenceTimes): Message => ({
    fr: `conservation : ces fichiers existaient le ${dayOf(times[0])}, preuve renouvelée ${times.length - 1} fois, à renouveler avant le ${dayOf(until)}`,
    en: `long term: these files existed on ${dayOf(times[0])}, evidence renewed ${times.length - 1} times, to be renewed before ${dayOf(until)}`,
  }),
  ended: ({ times, until }: EvidenceTimes): Message => ({
    fr: `conservation : preuve du ${dayOf(times[0])} intacte, mais non renouvelée avant le ${dayOf(until)}, fin d’un certificat d’horodatage`,
    en: `long term: evidence of ${dayOf(times[0])} is intact, but was not renewed before ${dayOf(until)}, the end of a timestamp certificate`,
  }),
  bad: {
    fr: 'conservation : la preuve (RFC 4998) ne porte pas sur ces fichiers, ou n’est pas valable',
    en: 'long term: the evidence record (RFC 4998) is not over these files, or is not valid',
  },
  untrusted: {
    fr: 'conservation : autorité d’horodatage de confiance non fournie',
    en: 'long term: no trusted timestamp authority was given',
  },
} satisfies Record<string, Message | ((times: EvidenceTimes) => Message)>
