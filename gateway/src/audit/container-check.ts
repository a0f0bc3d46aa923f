import { type Checkpoint, clockToleranceMs, type Leaf, ProofError, type Trust } from '@socle/schemas'
import type { PlaceJudge } from './place-judge.ts'
import type { ReportBuilder } from './report.ts'

/** What every check of one container needs. */
export interface ContainerCheck {
  /** How the report names the container. */
  readonly name: string
  /** One line when all is well, instead of one a check. */
  readonly brief: boolean
  /** By name; all of them, whole and undamaged. */
  readonly files: ReadonlyMap<string, Buffer>
  readonly trust: Trust
  readonly judge: PlaceJudge
  readonly report: ReportBuilder
  /** How the report names a file of the container. */
  readonly placeOf: (file: string) => string
}

/** What a container is about. */
export interface ContainerFacts {
  /** Of its entry. */
  readonly place: LogPlace
  readonly seal: 'CAdES-B' | 'CAdES-T' | 'none'
  /** Undefined when it was erased with the rest, or there was none. */
  readonly consultation: string | undefined
}

/** An entry of a log and its rank there. */
export interface LogPlace {
  readonly leaf: Leaf
  readonly index: number
  readonly head: Pick<Checkpoint, 'origin'>
}

/**
 * What happened to a document was logged after it. Indexes of two logs do not compare; their times do, up to what clocks may
 * differ.
 * @throws ProofError
 */
export function requireAfter(entry: LogPlace, document: LogPlace): void {
  const isBefore =
    (entry.head.origin === document.head.origin && entry.index <= document.index) ||
    Date.parse(entry.leaf.at) < Date.parse(document.leaf.at) - clockToleranceMs
  if (isBefore) throw new ProofError('the entry is older than the document that it is about')
}

/** Text that a file gives, for a report: on one line, without what moves a terminal's cursor. */
export function printable(value: unknown): string {
  return typeof value === 'string' ? value.replaceAll(/[^\x20-\x7e\u00a0-\ud7ff]/g, '?').slice(0, 200) : '?'
}
