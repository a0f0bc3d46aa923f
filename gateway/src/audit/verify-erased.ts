import { ProofError, reasonOf } from '@socle/schemas'
import { checkEntryProof } from './check-entry-proof.ts'
import { type ContainerCheck, type ContainerFacts, printable, requireAfter } from './container-check.ts'
import { containerType, proofFiles, readmeFile } from './container-layout.ts'
import { containerMessages } from './container-messages.ts'
import { messages } from './messages.ts'
import { reportDocumentTime } from './report-document-time.ts'
import type { Place } from './place-judge.ts'
import { reportPlace, textOf } from './report-place.ts'

const allowed = [
  'mimetype',
  proofFiles.leaf,
  proofFiles.tlogProof,
  proofFiles.checkpointTsr,
  proofFiles.erasure,
  readmeFile,
]

/**
 * Verifies what is left of an erased document: its entry in the log, and the entry that says when and by which decision it
 * was erased. Nothing else may be there: what the erasure took away must not come back beside its proof.
 */
export function verifyErased(check: ContainerCheck): ContainerFacts | undefined {
  const { files, placeOf, report } = check
  const bad = [...files.keys()].filter((file) => !allowed.includes(file))
  if (files.get('mimetype')?.toString() !== containerType) bad.push('mimetype')
  for (const file of bad) report.failed(placeOf(file), messages.memberBad)
  try {
    const text = textOf(files.get(proofFiles.leaf))
    const document = reportPlace(check, text, ({ leaf: { kind } }) => {
      if (kind !== 'doc' && kind !== 'rej') throw new ProofError(`an entry of kind ${kind} is no document`)
    })
    if (!document) return undefined
    reportErasure(check, document)
    reportDocumentTime(check, document.leaf, document.stamp)
    return { place: document, seal: 'none', consultation: undefined }
  } catch (error) {
    report.failed(placeOf(proofFiles.leaf), messages.leafBad, reasonOf(error))
    return undefined
  }
}

function reportErasure({ files, trust, judge, placeOf, report }: ContainerCheck, document: Place): void {
  const place = placeOf(proofFiles.erasure)
  try {
    const bytes = files.get(proofFiles.erasure) ?? Buffer.alloc(0)
    const entry = checkEntryProof(bytes, judge, trust.timestampAuthorities.length > 0)
    const { leaf, envelope } = entry
    if (leaf.kind !== 'era') throw new ProofError(`an entry of kind ${leaf.kind} erases nothing`)
    if (envelope?.erasure?.document !== document.leaf.id) throw new ProofError('it is about another document')
    requireAfter(entry, document)
    report.proved(place, containerMessages.erased(leaf.at, printable(envelope.erasure.decision)))
  } catch (error) {
    report.failed(place, containerMessages.erasureBad, reasonOf(error))
  }
}
