import type { Reader } from './database.ts'

/** Documents asked about in one statement. */
const most = 500

/** Which of the documents were delivered to the recipient by that channel already. */
export async function deliveredAmong(
  reader: Reader,
  documents: readonly string[],
  { recipient, channel }: { readonly recipient: string; readonly channel: 'webhook' | 'feed' },
): Promise<ReadonlySet<string>> {
  const known = new Set<string>()
  for (let at = 0; at < documents.length; at += most) {
    const rows = await reader
      .selectFrom('deliveries')
      .select('document')
      .where('document', 'in', documents.slice(at, at + most))
      .where('recipient', '=', recipient)
      .where('channel', '=', channel)
      .execute()
    for (const { document } of rows) known.add(document)
  }
  return known
}
