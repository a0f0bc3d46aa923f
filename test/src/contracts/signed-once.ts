import { type NoteVerifier, openCheckpoint } from '@socle/schemas'
import type { Appended, Store } from '@socle/gateway'
import { expect } from 'vitest'
import { createTree } from '../support/rebuilt-tree.ts'

/** One note a size, the same for everybody who was given it, and its root that of the leaves before it. */
export async function signedOnce(
  store: Store,
  logKey: NoteVerifier,
  given: readonly (Appended & { result: 'recorded' })[],
): Promise<void> {
  const notes = new Map(given.map(({ size, checkpoint }) => [size, checkpoint]))
  for (const { size, checkpoint } of given) expect(checkpoint).toBe(notes.get(size))
  const kept = await store.reader.selectFrom('checkpoints').select(['size', 'note']).orderBy('size').execute()
  expect(kept.map(({ size }) => size)).toEqual([...notes.keys()].toSorted((a, b) => a - b))
  const leaves = await store.reader.selectFrom('entries').select('leaf').orderBy('idx').execute()
  const tree = createTree()
  for (const { size, note } of kept) {
    expect(note).toBe(notes.get(size))
    while (tree.size < size) tree.add(leaves[tree.size]?.leaf ?? Buffer.alloc(0))
    expect(Buffer.from(openCheckpoint(note, [logKey]).root)).toEqual(tree.root())
  }
}
