import type { RuleId } from '@socle/schemas'

const streamed = 'only a file read as a stream brings it out'

/** Rules that no document can show, with the reason: each has a test of its own. */
const reasons: Partial<Record<RuleId, string>> = {
  'FORMAT-INTERNAL': 'only a fault in our own code brings it out',
  'XML-UNREADABLE': 'only two readers that disagree on a document bring it out',
  'STREAM-COMPRESSION': streamed,
  'STREAM-CUT': streamed,
  'STREAM-ENCODING': streamed,
  'STREAM-LIMIT': streamed,
}

export const unshowable: readonly string[] = Object.keys(reasons)
