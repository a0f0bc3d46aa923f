import type { DecpContract } from '../decp/view.ts'

/** An open container whose members or items are looked at: the rest is passed over. */
export interface Frame {
  /** `document`: an object that may be a record or hold lists of them; `lists`: the value of `marches`; `list`: records. */
  readonly role: 'document' | 'lists' | 'list'
  readonly contract: DecpContract | undefined
}

/** The container that a member opens, when it is one of those that hold records. */
export function innerFrame(role: Frame['role'], name: string, byte: number): Frame | undefined {
  const contract = name === 'marche' || name === 'contrat-concession' ? name : undefined
  if (contract !== undefined && byte === 0x5b) return { role: 'list', contract }
  if (name !== 'marches' || role !== 'document') return undefined
  if (byte === 0x5b) return { role: 'list', contract: undefined }
  return byte === 0x7b ? { role: 'lists', contract: undefined } : undefined
}

export function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

/** Between documents: a byte order mark, or the record separator of RFC 7464. */
export function isMark(byte: number): boolean {
  return byte === 0xef || byte === 0xbb || byte === 0xbf || byte === 0x1e
}
