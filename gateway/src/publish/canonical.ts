import type { Canonical } from '@socle/mappings'
import type { Hub } from '../hub.ts'
import { type HappeningDocument, readContent } from '../store/happenings.ts'

/**
 * Canonical forms of recent documents. They are derived, never stored: the received bytes are the truth, and a better
 * mapping tomorrow reads the same bytes again. Losing this memory costs time only.
 */
export interface Canonicals {
  get(id: string): Canonical | undefined
  /** @param bytes of the document, which tell what its canonical form weighs */
  put(id: string, canonical: Canonical, bytes: number): void
  /** Of an erased document nothing stays in memory. */
  forget(id: string): void
}

export interface CanonicalsLimits {
  readonly documents: number
  /** Bytes of their documents together; in memory a canonical form takes a few times as many. */
  readonly bytes: number
}

export function createCanonicals(limits: CanonicalsLimits): Canonicals {
  const recent = new Map<string, { readonly canonical: Canonical; readonly bytes: number }>()
  let held = 0
  const forget = (id: string): void => {
    held -= recent.get(id)?.bytes ?? 0
    recent.delete(id)
  }
  return {
    get: (id) => recent.get(id)?.canonical,
    forget,
    put(id, canonical, bytes) {
      forget(id)
      recent.set(id, { canonical, bytes })
      held += bytes
      while (recent.size > limits.documents || held > limits.bytes) forget(recent.keys().next().value ?? '')
    },
  }
}

/** The canonical form of a stored document; undefined when it is erased or damaged, or today's rules would no longer read it. */
export async function canonicalOf(
  hub: Pick<Hub, 'store' | 'examiner' | 'canonicals'>,
  document: Pick<HappeningDocument, 'id' | 'kind' | 'erased'>,
): Promise<Canonical | undefined> {
  if (document.erased) {
    hub.canonicals.forget(document.id)
    return undefined
  }
  const known = hub.canonicals.get(document.id)
  if (known) return known
  const content = await readContent(hub.store, document.id)
  // Nothing is derived from bytes that nobody sent; whoever asks for them is told (trace/document-routes.ts).
  if (!content?.whole) return undefined
  const { bytes } = content
  const { records } = await hub.examiner.derive(bytes, document.kind)
  const canonical = records[0]?.canonical
  if (canonical) hub.canonicals.put(document.id, canonical, bytes.length)
  return canonical
}
