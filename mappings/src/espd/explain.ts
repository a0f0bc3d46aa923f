import type { FieldExplanation } from '../translation.ts'
import type { DetectedXml } from '../xml/detect.ts'
import type { XmlNode } from '../xml/node.ts'
import { newReading } from './examine.ts'
import type { Trace } from './fields.ts'
import type { TreeReading } from './groups.ts'
import { placeAnswers } from './place-answers.ts'
import { readRequest } from './read-request.ts'
import { readResponse } from './read-response.ts'

/** Where each field of a canonical response stands in its document. Nothing is judged: a faulty document is explained too. */
export function explainResponse(root: XmlNode, detected: DetectedXml): readonly FieldExplanation[] {
  return explain(detected, (reading) => {
    const { evidences } = readResponse(root, reading)
    placeAnswers(root, { reading, evidences: new Set(evidences.map(({ id }) => id)), found: [] })
  })
}

/** The same for a request. */
export function explainRequest(root: XmlNode, detected: DetectedXml): readonly FieldExplanation[] {
  return explain(detected, (reading) => readRequest(root, reading))
}

function explain({ version = '' }: DetectedXml, read: (reading: TreeReading) => void): readonly FieldExplanation[] {
  const found: FieldExplanation[] = []
  const trace = ({ pointer, state, source, value }: Trace): void => {
    found.push({ field: pointer, state, source, ...(value === undefined ? {} : { value }) })
  }
  read({ ...newReading(version), trace, pointers: new Map() })
  return found
}
