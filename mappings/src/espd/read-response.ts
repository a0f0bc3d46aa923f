import type { DumeResponse, DumeResponseOperator } from '@socle/schemas'
import { compact } from '../compact.ts'
import type { XmlNode } from '../xml/node.ts'
import { all, first, path } from '../xml/path.ts'
import { plain } from './codecs.ts'
import { readCommon, readRequestRef } from './document.ts'
import { readFields, tableOf } from './fields.ts'
import type { TreeReading } from './groups.ts'
import { operatorFields } from './parties.ts'
import { evidenceCodec } from './references.ts'

/** A response before its rules: the buyer's reference may still be missing. Answers are not on their questions yet. */
export type ReadResponse = Omit<DumeResponse, 'procedureRef'> & Partial<Pick<DumeResponse, 'procedureRef'>>

const operatorPath = path('cac:EconomicOperatorParty')
const evidencePath = path('cac:Evidence')
const groupName = tableOf<DumeResponseOperator>().one('groupName', 'cbc:EconomicOperatorGroupName', plain)

/** Reads everything of a response but its answers; `reading.properties` receives the questions they will be put on. */
export function readResponse(root: XmlNode, reading: TreeReading): ReadResponse {
  const at = reading.trace === undefined ? undefined : ''
  const requestRef = readRequestRef(root, reading)
  return {
    kind: 'dume-response',
    ...readCommon(root, reading),
    ...compact<{ requestRef?: NonNullable<DumeResponse['requestRef']> }>({ requestRef }),
    operator: readOperator(root, reading, at),
    evidences: all(root, evidencePath).flatMap(
      (node, index) => evidenceCodec.read(node, reading, at === undefined ? at : `/evidences/${index}`) ?? [],
    ),
  }
}

/** The name of the group stands in the root, far from the operator it belongs to. */
function readOperator(root: XmlNode, reading: TreeReading, at: string | undefined): DumeResponseOperator {
  const pointer = at === undefined ? at : '/operator'
  const node = first(root, operatorPath)
  const operator = node === undefined ? undefined : readFields(operatorFields, node, reading, pointer)
  return { ids: [], ...operator, ...readFields([groupName], root, reading, pointer) }
}
