import { type Finding, type Kind, finding, isAccepted } from '@socle/schemas'
import { examineDecpXml } from '../decp/examine-xml.ts'
import { examineBoampXml } from '../boamp/examine-xml.ts'
import { examineNotice } from '../eforms/examine.ts'
import { toldAsRebased, withStandardBytes } from '../eforms/rebase.ts'
import { examineRequest, examineResponse } from '../espd/examine.ts'
import type { Canonical, Detected, ExaminedRecord, Examination, FormatName } from '../examination.ts'
import { type Official, judgeOfficially } from '../packs/judge.ts'
import { bounded } from './bounds.ts'
import { type DetectedXml, detectXml } from './detect.ts'
import { type Passed, passGate } from './gate.ts'
import type { XmlNode } from './node.ts'
import { readXml } from './read.ts'

export interface ExamineOptions {
  /** Given, deadlines already past are told. */
  readonly now?: Date
  readonly maxBytes?: number
  readonly packs?: Official
}

/** What a reader gives back: every finding, and the canonical form when it could be built. */
export interface Judged {
  readonly kind: Kind
  readonly findings: readonly Finding[]
  readonly canonical: Canonical | undefined
  /** Given by formats of several records a file; then `canonical` is the first of them. */
  readonly records?: readonly ExaminedRecord[]
  /** Version as the records tell it, where the root does not. */
  readonly version?: string | undefined
}

/**
 * Examines an XML document: gate, reading, detection, then the reader and the rules of its format. Pure and total: any
 * bytes give an examination, never an exception.
 */
export function examineXml(bytes: Uint8Array, options: ExamineOptions = {}): Examination {
  const standard = withStandardBytes(bytes)
  if (standard !== bytes) return toldAsRebased(examineXml(standard, options))
  const gated = passGate(bytes, options.maxBytes)
  if ('findings' in gated) return refused({ format: 'unknown', version: undefined }, gated.findings)
  using passed = gated
  return examinePassed(passed, options)
}

function examinePassed(passed: Passed, options: ExamineOptions): Examination {
  let root: XmlNode
  try {
    root = readXml(passed.text, passed.elements)
  } catch (error) {
    const reason = { reason: error instanceof Error ? error.message : String(error) }
    return refused({ format: 'unknown', version: undefined }, [finding('XML-UNREADABLE', {}, reason)])
  }
  const detected = detectXml(root)
  try {
    const official = judgeOfficially({ document: passed.document, root, detected }, options.packs, options.now)
    return judge(root, detected, { ...options, official })
  } catch (error) {
    // A fault of ours must not let a document in, nor stop the hub: it is refused, and says that it is our fault.
    const value = error instanceof Error ? error.message : String(error)
    return refused(detected, [finding('FORMAT-INTERNAL', { value })])
  }
}

const readToday = 'eForms, ESPD 2.1.1 – 4.1.0, DECP XML, BOAMP XML'

interface Judging extends ExamineOptions {
  /** What the official schema and rules hold against the document. */
  readonly official: readonly Finding[]
}

function judge(root: XmlNode, detected: DetectedXml, options: Judging): Examination {
  const judged = readerOf(detected)?.(root, detected, options)
  if (judged === undefined) return refused(detected, [refusal(detected)])
  const { kind } = judged
  const findings = bounded([...options.official, ...judged.findings])
  const canonical = isAccepted(findings) ? judged.canonical : undefined
  const verdict = canonical === undefined ? 'refused' : 'accepted'
  const records = judged.records ?? [{ index: 0, canonical }]
  return {
    format: detected.format,
    version: judged.version ?? detected.version,
    kind,
    verdict,
    findings,
    records,
  }
}

type Reader = (root: XmlNode, detected: DetectedXml, options: ExamineOptions) => Judged | undefined

function readerOf({ format }: DetectedXml): Reader | undefined {
  if (format === 'eforms') return examineNotice
  if (format === 'espd-response') return examineResponse
  if (format === 'espd-request') return examineRequest
  if (format === 'decp-xml') return examineDecpXml
  if (format === 'boamp-xml') return examineBoampXml
  return undefined
}

const descriptions: readonly FormatName[] = ['svrl', 'xsd']

function refusal({ format, label }: DetectedXml): Finding {
  if (format === 'unknown') return finding('FORMAT-UNKNOWN', { xpath: '/*', value: label })
  if (descriptions.includes(format)) return finding('FORMAT-NOT-A-DOCUMENT', { xpath: '/*', value: label })
  return finding('FORMAT-NOT-READ-YET', { xpath: '/*', value: label, expected: readToday })
}

function refused({ format, version }: Detected, findings: readonly Finding[]): Examination {
  return { format, version, kind: undefined, verdict: 'refused', findings, records: [] }
}
