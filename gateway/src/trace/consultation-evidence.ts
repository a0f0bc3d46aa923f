import { createHash } from 'node:crypto'
import { writeContainer } from '../audit/container.ts'
import {
  containerPath,
  consultationFormat,
  consultationFiles,
  type IndexedContainer,
} from '../audit/consultation-layout.ts'
import { consultationReadme } from '../audit/consultation-readme.ts'
import type { ZipMember } from '../audit/zip-writer.ts'
import type { Hub } from '../hub.ts'
import type { SealTokens } from '../record/seal-token-asker.ts'
import type { HappeningDocument } from '../store/happenings.ts'
import { evidenceOf } from './evidence.ts'

export interface WholeConsultation {
  readonly consultation: string
  readonly documents: readonly HappeningDocument[]
}

/**
 * The files of a consultation's archive, each made when it is asked for: the instructions, one container a document in the
 * order of the log, then the list with the digest of each. Memory holds one container.
 * @throws Error when the hub stops meanwhile, or the store does not answer: an archive without its end is seen as such
 */
export async function* consultationMembers(
  hub: Pick<Hub, 'config' | 'store' | 'stopping'>,
  tokens: SealTokens,
  { consultation, documents }: WholeConsultation,
): AsyncGenerator<ZipMember, void> {
  yield { name: consultationFiles.readme, bytes: Buffer.from(consultationReadme) }
  const listed: IndexedContainer[] = []
  for (const [at, document] of documents.entries()) {
    hub.stopping.throwIfAborted()
    const { parts, level } = await evidenceOf(hub, tokens, document)
    const bytes = await writeContainer(parts)
    const file = containerPath(at + 1, document.id)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const { id, kind, at: recordedAt } = document
    const state = level === 'none' ? ('erased' as const) : ('recorded' as const)
    listed.push({ file, id, kind, at: recordedAt, state, seal: level, size: bytes.length, sha256 })
    yield { name: file, bytes }
  }
  const list = { format: consultationFormat, consultation, documents: listed }
  yield { name: consultationFiles.index, bytes: Buffer.from(`${JSON.stringify(list, undefined, 2)}\n`) }
}
