import { xpathOf } from '../xml/node.ts'
import type { AttributeNode, ElementNode } from '../xml/tree.ts'
import { type Traits, messageOf } from './rule-set.ts'
import type { ErrorCode } from './xpath/errors.ts'

/** An assert that does not hold at a place, or that could not be asked there. */
export interface Failure {
  readonly id: string
  readonly role?: string
  readonly flag?: string
  /** Ids of the diagnostics, as written. */
  readonly diagnostics?: string
  /** What the diagnostics are about (`field:BT-01-notice`). */
  readonly see?: readonly string[]
  /** The message as the schema has it: in eForms a key of the translations. */
  readonly text: string
  readonly test: string
  readonly node: ElementNode | AttributeNode
  /** Where it is, with the prefixes of the file: `/ContractNotice/cac:ProcurementProjectLot[2]/cbc:ID/@schemeName`. */
  readonly xpath: string
  /**
   * The test could not be evaluated: a date that is none, two texts where one is expected. Other implementations stop
   * the whole validation here; for us it is a failure of this assert, and the others are judged.
   */
  readonly error?: ErrorCode
}

interface Asserted {
  readonly id: string
  readonly source: string
  readonly traits: Traits
}

export function failureOf({ id, source, traits }: Asserted, node: Failure['node'], error?: ErrorCode): Failure {
  return {
    id,
    ...traits,
    text: messageOf(id, traits),
    test: source,
    node,
    xpath: 'place' in node ? xpathOf(node) : `${xpathOf(node.parent)}/@${node.tag.qname}`,
    ...(error === undefined ? {} : { error }),
  }
}
