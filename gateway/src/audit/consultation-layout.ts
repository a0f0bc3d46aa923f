/** An archive of one consultation: a zip of evidence containers, stored one after the other, each checkable alone. */
export const consultationFormat = 'socle-consultation-evidence/v1'

/** The instructions come first and tell the archive apart from a container, the list comes last. */
export const consultationFiles = { readme: 'LISEZMOI-README.txt', index: 'index.json' } as const

/** As many as five digits number. A consultation of more has no archive: it is refused before the first byte. */
export const maxContainers = 99_999

/** @param number counted from 1, in the order of the log */
export function containerPath(number: number, id: string): string {
  return `documents/${String(number).padStart(5, '0')}-${id}.asice`
}

/** One line of the list. Nobody signs the list: each container proves itself. */
export interface IndexedContainer {
  readonly file: string
  readonly id: string
  readonly kind: string
  readonly at: string
  readonly state: 'recorded' | 'erased'
  readonly seal: 'CAdES-B' | 'CAdES-T' | 'none'
  /** Bytes. */
  readonly size: number
  /** Of the container's bytes. */
  readonly sha256: string
}

export interface ConsultationIndex {
  readonly format: typeof consultationFormat
  readonly consultation: string
  readonly documents: readonly IndexedContainer[]
}
