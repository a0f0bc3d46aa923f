import type { Leaf, Trust } from '@socle/schemas'
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
  readonly leaf: Leaf
  readonly seal: 'CAdES-B' | 'CAdES-T' | 'none'
  /** Undefined when it was erased with the rest, or there was none. */
  readonly consultation: string | undefined
}

/** Text that a file gives, for a report: on one line, without what moves a terminal's cursor. */
export function printable(value: unknown): string {
  return typeof value === 'string' ? value.replaceAll(/[^\x20-\x7e\u00a0-\ud7ff]/g, '?').slice(0, 200) : '?'
}
