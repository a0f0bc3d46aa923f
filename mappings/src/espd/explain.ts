import type { FieldExplanation } from '../translation.ts'
import type { DetectedXml } from '../xml/detect.ts'
import { type XmlNode, xpathOf } from '../xml/node.ts'
import { newReading } from './examine.ts'
import { type Trace, unusedTexts } from './fields.ts'
import type { TreeReading } from './groups.ts'
import { placeAnswers } from './place-answers.ts'
import { readRequest } from './read-request.ts'
import { readResponse } from './read-response.ts'

/** Where each field of a canonical response stands in its document. Nothing is judged: a faulty document is explained too. */
export function explainResponse(root: XmlNode, detected: DetectedXml): readonly FieldExplanation[] {
  return explain(root, detected, readAnswered)
}

/** The same for a request. */
export function explainRequest(root: XmlNode, detected: DetectedXml): readonly FieldExplanation[] {
  return explain(root, detected, readRequest)
}

/** XPaths of the texts of a request or response that no field carries. */
export function unreadIn(root: XmlNode, { format, version = '' }: DetectedXml): readonly string[] {
  const reading = newReading(version)
  if (format === 'espd-request') readRequest(root, reading)
  else readAnswered(root, reading)
  return unusedTexts(root, reading).map(xpathOf)
}

function readAnswered(root: XmlNode, reading: TreeReading): void {
  const { evidences } = readResponse(root, reading)
  placeAnswers(root, { reading, evidences: new Set(evidences.map(({ id }) => id)), found: [] })
}

type Read = (root: XmlNode, reading: TreeReading) => unknown

function explain(root: XmlNode, { version = '' }: DetectedXml, read: Read): readonly FieldExplanation[] {
  const found: FieldExplanation[] = []
  const trace = ({ pointer, state, source, value }: Trace): void => {
    found.push({ field: pointer, state, source, ...(value === undefined ? {} : { value }) })
  }
  read(root, { ...newReading(version), trace, pointers: new Map() })
  return found
}
