import type { DumeRequest } from '@socle/schemas'
import type { XmlNode } from '../xml/node.ts'
import { readCommon } from './document.ts'
import type { TreeReading } from './groups.ts'

/** A request before its rules: the buyer's reference may still be missing. */
export type ReadRequest = Omit<DumeRequest, 'procedureRef'> & Partial<Pick<DumeRequest, 'procedureRef'>>

export function readRequest(root: XmlNode, reading: TreeReading): ReadRequest {
  return { kind: 'dume-request', ...readCommon(root, reading) }
}
