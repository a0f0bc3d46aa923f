import { appendLeaves, type Edge, emptyEdge, leafHash, signCheckpoint } from '@socle/schemas'
import type { Keys, Store } from '@socle/gateway'

/**
 * A store that forgets documents: it numbers, hashes and signs them as the real one does, in memory, and gives the rest
 * (accounts, mandates) to the real one. What the real store costs beside it is the price of keeping.
 */
export function forgetting(real: Store, keys: Keys): Store & { readonly recorded: () => number } {
  let edge: Edge = emptyEdge()
  const signer = { name: keys.log.origin, privateKey: keys.log.privateKey }
  return {
    dialect: real.dialect,
    reader: real.reader,
    writer: real.writer,
    vault: real.vault,
    recorded: () => edge.size,
    async append(entries) {
      if (entries.some((entry) => entry.kind !== 'doc')) return await real.append(entries)
      const first = edge.size
      const tree = appendLeaves(
        edge,
        entries.map((entry) => leafHash(entry.leaf)),
      )
      edge = tree.edge
      const size = edge.size
      const checkpoint = signCheckpoint(signer, { size, root: tree.root })
      return entries.map((_, i) => ({
        result: 'recorded',
        index: first + i,
        size,
        first: 0,
        path: tree.paths[i] ?? [],
        checkpoint,
      }))
    },
    handOver: async (order) => await real.handOver(order),
    close: async () => await real.close(),
  }
}
