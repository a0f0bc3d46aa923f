import { type Finding, finding } from '@socle/schemas'
import { formKindOf } from '../eforms/forms.ts'
import type { Failure } from '../schematron/failure.ts'
import type { DetectedXml } from '../xml/detect.ts'
import type { Passed } from '../xml/gate.ts'
import type { XmlNode } from '../xml/node.ts'
import { judgeSchemaFaults } from './judge-schema.ts'
import type { Packs, SdkPack } from './open.ts'
import { isWithdrawn, lastDayOf, minorOf } from './versions.ts'

/** A notice as libxml2 holds it and as our own tree, with what was detected. */
export interface NoticeToJudge {
  readonly document: Passed['document']
  readonly root: XmlNode
  readonly detected: DetectedXml
}

/**
 * Judges a notice by the official schema and business rules of the SDK version it declares, all findings at once: rules
 * run even on what the schema refuses. `now` is today for the rules that compare with it.
 */
export function judgeBySdk({ document, root, detected }: NoticeToJudge, packs: Packs, now: Date): readonly Finding[] {
  const declared = /^eforms-sdk-(1\.(?:0|[1-9]\d*))$/.exec(detected.version ?? '')?.[1]
  const at = '/*/cbc:CustomizationID'
  // Our own rules say so: without a version there are no official rules to ask.
  if (declared === undefined) return []
  const pack = packs.sdk(declared)
  if (pack === undefined) return [finding('FORMAT-NO-PACK', { xpath: at, value: `eForms SDK ${declared}` })]
  const found: Finding[] = []
  const minor = minorOf(pack.version)
  if (minor !== declared) {
    found.push(finding('EFORMS-SDK-NEAREST', { xpath: at, value: declared, expected: minor }))
  }
  if (isWithdrawn(declared, now)) {
    const until = lastDayOf(declared)
    found.push(finding('EFORMS-SDK-WITHDRAWN', { xpath: at, value: declared }, { until: until ?? '—' }))
  }
  const faults = pack.schemas.validate(document, root.ns)
  const schema = `eForms SDK ${pack.version}`
  if (faults === undefined) found.push(finding('XSD-OTHER', { xpath: '/*' }, { schema, reason: root.name, line: '1' }))
  else found.push(...judgeSchemaFaults(faults, schema, root.qname))
  found.push(...judgeByRules(root, detected.subtype, { pack, now }))
  return found
}

interface Rules {
  readonly pack: SdkPack
  readonly now: Date
}

function judgeByRules(root: XmlNode, subtype: string | undefined, { pack, now }: Rules): readonly Finding[] {
  const phase = `eforms-${subtype ?? ''}`
  const failures = pack.engine.run(phase, root, { now })
  if (failures !== undefined) return failures.map((failure) => findingOf(failure, pack))
  // A form that no SDK has is told by our own rules; this one is of another version of it.
  if (formKindOf(subtype) === undefined) return []
  const expected = pack.engine.phases.map((name) => name.replace('eforms-', '')).join(', ')
  return [finding('EFORMS-SUBTYPE', { xpath: '/*', value: subtype ?? '', expected })]
}

/** A rule of the SDK is told under its own id: it is what the Publications Office answers too. */
function findingOf({ id, role, xpath, see, node, test }: Failure, { texts, version }: SdkPack): Finding {
  const en = texts.textOf(id, 'en') ?? id
  // `field:BT-01-notice`, or `node:ND-Root` for what is about a part of the notice.
  const field = see?.[0]?.replace(/^\w+:/, '')
  const value = valueOf(node)
  const expected = expectedBy(test)
  return {
    rule: id,
    severity: role === 'WARN' ? 'warn' : 'reject',
    xpath: xpath.slice(0, 400),
    ...(field === undefined ? {} : { field }),
    ...(value === undefined ? {} : { value: value.slice(0, 200) }),
    ...(expected === undefined ? {} : { expected: expected.slice(0, 400) }),
    message: { fr: texts.textOf(id, 'fr') ?? en, en },
    source: `SDK eForms ${version}, ${id}`,
  }
}

/** The text as it stands: some rules are about the blanks around it. Nothing for what holds elements. */
function valueOf(node: Failure['node']): string | undefined {
  if (!('place' in node)) return node.stringValue
  return node.children.length > 0 || node.stringValue === '' ? undefined : node.stringValue
}

/** The form or the codes that a test asks for, where it asks for nothing else. */
function expectedBy(test: string): string | undefined {
  const pattern = /^matches\([^,']*, ?'([^']*)'\)$/.exec(test)?.[1]
  const codes = /^\.?[^=]* ?= ?\(((?:'[^']*'(?:, ?)?)+)\)$/.exec(test)?.[1]
  return pattern ?? codes?.replaceAll("'", '')
}
