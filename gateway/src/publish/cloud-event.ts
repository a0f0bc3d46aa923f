import { isConfidential, withoutPersonalData } from '@socle/schemas'
import type { Canonical } from '@socle/mappings'
import type { Hub } from '../hub.ts'
import type { Happening, HappeningDocument } from '../store/happenings.ts'
import { canonicalOf } from './canonical.ts'

/** CloudEvents 1.0: structured JSON in feed and webhooks, binary on Kafka. `source` + `id` are given once; a repetition keeps both. */
export interface CloudEvent {
  readonly specversion: '1.0'
  readonly id: string
  readonly source: string
  readonly type: string
  readonly subject: string
  readonly time: string
  readonly datacontenttype: 'application/json'
  /** Kafka key and unit of order: the consultation. */
  readonly partitionkey: string
  /** Number in the hub's ledger, whichever half-year's log goes on: a consumer deduplicates and orders with this one integer. */
  readonly hubseq: number
  readonly hubenvironment: string
  readonly data: EventData
}

export interface EventData {
  readonly document: {
    readonly id: string
    readonly kind: string
    readonly buyer: string
    readonly consultation: string
    /** Gone, like `content`, once the document is erased. */
    readonly sourceKey?: string
    readonly sender: string
    readonly format: { readonly name: string; readonly version: string }
    readonly content?: {
      readonly href: string
      readonly mediaType: string
      readonly size: number
      readonly sha256: string
    }
  }
  /** The canonical form without personal data; absent for confidential kinds and above 256 KiB: fetch it with your own rights. */
  readonly canonical?: Canonical
  /** The document is erased: whoever holds a copy erases it too. */
  readonly erased?: { readonly at: string; readonly decision: string }
  readonly outcome?: {
    readonly id: string
    readonly by: string
    readonly result: string
    readonly url?: string
    readonly reason?: string
  }
}

/** Larger canonical forms travel as a reference. */
const largestInlineBytes = 262_144

/** The event that subscribers get, the same by topic, webhook and feed. */
export async function eventOf(
  hub: Pick<Hub, 'config' | 'store' | 'ledger' | 'examiner' | 'canonicals'>,
  happening: Happening,
): Promise<CloudEvent> {
  const { environment, publicUrl } = hub.config
  const document = happening.what === 'document' ? happening : happening.document
  const canonical = happening.what === 'document' ? await inlineCanonical(hub, document) : undefined
  const shared = {
    specversion: '1.0' as const,
    source: `//${hub.ledger.name}`,
    subject: document.consultation,
    time: happening.at,
    datacontenttype: 'application/json' as const,
    partitionkey: document.consultation,
    hubseq: happening.index,
    hubenvironment: environment,
  }
  const data = {
    document: describe(document, publicUrl),
    ...(canonical ? { canonical } : {}),
    ...(document.erased ? { erased: document.erased } : {}),
  }
  if (happening.what === 'document')
    return { ...shared, id: document.id, type: `fr.tncp.${document.kind}.recorded.v1`, data }
  if (happening.what === 'erasure') return { ...shared, id: happening.id, type: 'fr.tncp.document.erased.v1', data }
  const { id, account, result, url, reason } = happening.outcome
  const outcome = { id, by: account, result, ...(url ? { url } : {}), ...(reason ? { reason } : {}) }
  return { ...shared, id, type: 'fr.tncp.outcome.recorded.v1', data: { ...data, outcome } }
}

async function inlineCanonical(
  hub: Pick<Hub, 'store' | 'examiner' | 'canonicals'>,
  document: HappeningDocument,
): Promise<Canonical | undefined> {
  if (isConfidential(document.kind)) return undefined
  const whole = await canonicalOf(hub, document)
  const canonical = whole && withoutPersonalData(whole)
  return canonical && Buffer.byteLength(JSON.stringify(canonical)) <= largestInlineBytes ? canonical : undefined
}

function describe(document: HappeningDocument, publicUrl: string): EventData['document'] {
  const { id, kind, buyer, consultation, sourceKey, account, format, version, mediaType, size, sha256 } = document
  const known = { id, kind, buyer, consultation, sender: account, format: { name: format, version } }
  if (document.erased) return known
  return { ...known, sourceKey, content: { href: `${publicUrl}/v1/documents/${id}/content`, mediaType, size, sha256 } }
}
