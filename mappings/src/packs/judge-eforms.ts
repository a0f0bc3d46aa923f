import { type Finding, finding } from '@socle/schemas'
import { formKindOf } from '../eforms/forms.ts'
import type { Failure } from '../schematron/failure.ts'
import type { DetectedXml } from '../xml/detect.ts'
import type { Passed } from '../xml/gate.ts'
import { type XmlNode, textOf } from '../xml/node.ts'
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
  const declared = /^eforms-sdk-(\d+\.\d+)$/.exec(detected.version ?? '')?.[1]
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
  else found.push(...judgeSchemaFaults(faults, schema))
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
function findingOf({ id, role, xpath, see, node }: Failure, { texts, version }: SdkPack): Finding {
  const en = texts.textOf(id, 'en') ?? id
  const field = see?.find((subject) => subject.startsWith('field:'))?.slice('field:'.length)
  const value = 'place' in node ? textOf(node) : node.stringValue
  return {
    rule: id,
    severity: role === 'WARN' ? 'warn' : 'reject',
    xpath: xpath.slice(0, 400),
    ...(field === undefined ? {} : { field }),
    ...(value === undefined ? {} : { value: value.slice(0, 200) }),
    message: { fr: texts.textOf(id, 'fr') ?? en, en },
    source: `SDK eForms ${version}, ${id}`,
  }
}
