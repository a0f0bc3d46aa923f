import { type NewEntry, readContent, type Store } from '@socle/gateway'
import { anEntry, documentEffect } from './entries.ts'

/** What each of them refers to. */
export const decision = '2026-17'

/** An `era` entry about a document. */
export function eraEntry(document: string): NewEntry {
  return anEntry({ kind: 'era', effects: [{ write: 'erasure', document, decision }] })
}

/** A document, with its rows. */
export function aDocument(content: string, consultation: string, key?: string): NewEntry {
  const effects = [documentEffect(content, consultation)]
  return anEntry({ kind: 'doc', effects, ...(key === undefined ? {} : { key }) })
}

/** The bytes of a document as text; undefined: there is none. */
export async function bytesOf(store: Store, id: string): Promise<string | undefined> {
  const content = await readContent(store, id)
  return content && Buffer.from(content.bytes).toString()
}
