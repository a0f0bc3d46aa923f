import { type Finding, type Notice, isAccepted } from '@socle/schemas'
import { detectXml } from '../xml/detect.ts'
import { passGate } from '../xml/gate.ts'
import { readXml } from '../xml/read.ts'
import { examineNotice } from './examine.ts'
import { isRebased, withStandardNamespaces } from './rebase.ts'

/** What our own reading and rules make of a notice, without the official schema and rules. */
export interface Examined {
  readonly verdict: 'accepted' | 'refused'
  readonly findings: readonly Finding[]
  readonly canonical: Notice | undefined
}

/** Examines a notice by our own rules alone: for tests of this folder. Throws when it is not well-formed. */
export function examined(text: string, now?: Date): Examined {
  const root = parsed(text)
  const detected = detectXml(isRebased(root) ? withStandardNamespaces(root) : root)
  const { findings, canonical } = examineNotice(root, detected, now === undefined ? {} : { now })
  const verdict = isAccepted(findings) ? 'accepted' : 'refused'
  return { verdict, findings, canonical: canonical as Notice | undefined }
}

/** The tree of a document. Throws when it is not well-formed. */
export function parsed(text: string): ReturnType<typeof readXml> {
  const gated = passGate(Buffer.from(text))
  if ('findings' in gated) throw new Error(JSON.stringify(gated.findings))
  using passed = gated
  return readXml(passed.text, passed.elements)
}
