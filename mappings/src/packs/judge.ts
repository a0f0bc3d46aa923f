import { type Finding, finding } from '@socle/schemas'
import { judgeBySdk, type NoticeToJudge } from './judge-eforms.ts'
import { judgeSchemaFaults } from './judge-schema.ts'
import type { Packs } from './open.ts'

/**
 * Official schemas and rules to judge by. `none` is for callers that want our own rules only, and is said in the
 * examination; without packs the formats that need them are refused, never judged by half in silence.
 */
export type Official = Packs | 'none'

/** Only the lengths of periods depend on it: a fixed day judges them where the caller gives none. */
const someDay = new Date('2026-01-01T00:00:00Z')

/** What the official schema and rules of a format hold against a document; nothing for formats that have none. */
export function judgeOfficially(
  judged: NoticeToJudge,
  official: Official | undefined,
  now: Date | undefined,
): readonly Finding[] {
  const { detected } = judged
  const isNotice = detected.format === 'eforms'
  const ubl = ublVersionOf(judged)
  if (!isNotice && ubl === undefined) return []
  const value = isNotice ? detected.label : `${detected.label} (UBL ${ubl ?? ''})`
  if (official === 'none') return [finding('FORMAT-OWN-RULES-ONLY', { xpath: '/*', value })]
  if (official === undefined) return [finding('FORMAT-NO-PACK', { xpath: '/*', value })]
  if (isNotice) return judgeBySdk(judged, official, now ?? someDay)
  const schemas = official.ubl(ubl ?? '')
  const faults = schemas?.validate(judged.document, judged.root.ns)
  if (faults === undefined) return [finding('FORMAT-NO-PACK', { xpath: '/*', value })]
  return judgeSchemaFaults(faults, `UBL ${ubl ?? ''}`, judged.root.qname)
}

/** ESPD 2.x is written in UBL 2.2, 3.x and 4.x in UBL 2.3; other versions are not read at all. */
function ublVersionOf({ detected: { format, version } }: NoticeToJudge): '2.2' | '2.3' | undefined {
  if (format !== 'espd-request' && format !== 'espd-response') return undefined
  if (version?.startsWith('2.') === true) return '2.2'
  return version !== undefined && /^[34]\./.test(version) ? '2.3' : undefined
}
