import { ProofError } from '@socle/schemas'
import { jsonText } from './container-layout.ts'
import {
  consultationFormat,
  type ConsultationIndex,
  type IndexedContainer,
  maxContainers,
} from './consultation-layout.ts'

/** Reads the list of an archive. Unknown members are refused, and so is any other text than the one that is written. @throws ProofError */
export function parseConsultationIndex(bytes: Buffer): ConsultationIndex {
  const { format, consultation, documents, ...others } = objectOf(parseJson(bytes))
  if (format !== consultationFormat) throw new ProofError(`the format is not ${consultationFormat}`)
  if (Object.keys(others).length > 0) throw new ProofError('the list has unknown members')
  if (!Array.isArray(documents) || documents.length > maxContainers)
    throw new ProofError('the list names no containers')
  return { format: consultationFormat, consultation: text(consultation, 200), documents: documents.map(lineOf) }
}

function lineOf(value: unknown): IndexedContainer {
  const { file, id, kind, at, state, seal, size, sha256, ...others } = objectOf(value)
  if (Object.keys(others).length > 0) throw new ProofError('a line of the list has unknown members')
  if (state !== 'recorded' && state !== 'erased') throw new ProofError('a line of the list has another state')
  if (seal !== 'CAdES-B' && seal !== 'CAdES-T' && seal !== 'none')
    throw new ProofError('a line of the list has another seal')
  if (typeof size !== 'number' || !Number.isSafeInteger(size)) throw new ProofError('a line of the list has no size')
  return {
    file: text(file, 200),
    id: text(id, 36),
    kind: text(kind, 64),
    at: text(at, 24),
    state,
    seal,
    size,
    sha256: text(sha256, 64),
  }
}

function parseJson(bytes: Buffer): unknown {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new ProofError('the list is not JSON')
  }
  // A member that stands twice would be read one way here and another way elsewhere.
  if (!Buffer.from(jsonText(objectOf(value))).equals(bytes)) throw new ProofError('the list is not as it was written')
  return value
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ProofError('an object is expected')
  return { ...value }
}

function text(value: unknown, limit: number): string {
  if (typeof value !== 'string' || value.length > limit)
    throw new ProofError('a text of the list is missing or too long')
  return value
}
