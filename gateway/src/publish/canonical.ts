import type { Canonical } from '@socle/mappings'
import type { Hub } from '../hub.ts'
import { type HappeningDocument, readContent } from '../store/happenings.ts'

/**
 * Canonical forms of recent documents. They are derived, never stored: the received bytes are the truth, and a better
 * mapping tomorrow reads the same bytes again. Losing this memory costs time only.
 */
export interface Canonicals {
  get(id: string): Canonical | undefined
  put(id: string, canonical: Canonical): void
}

export function createCanonicals(limit: number): Canonicals {
  const recent = new Map<string, Canonical>()
  return {
    get: (id) => recent.get(id),
    put(id, canonical) {
      recent.set(id, canonical)
      if (recent.size > limit) recent.delete(recent.keys().next().value ?? '')
    },
  }
}

/** The canonical form of a stored document; undefined when today's rules would no longer read it. */
export async function canonicalOf(
  hub: Pick<Hub, 'store' | 'examiner' | 'canonicals'>,
  document: Pick<HappeningDocument, 'id' | 'kind'>,
): Promise<Canonical | undefined> {
  const known = hub.canonicals.get(document.id)
  if (known) return known
  const content = await readContent(hub.store.reader, document.id)
  if (!content) return undefined
  const { records } = await hub.examiner.derive(content, document.kind)
  const canonical = records[0]?.canonical
  if (canonical) hub.canonicals.put(document.id, canonical)
  return canonical
}
