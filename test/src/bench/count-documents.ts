import type { WiredHub } from '@socle/gateway'

/** What the ledger holds, to be compared with what was acknowledged: documents, and how many of them differ. */
export interface DocumentCount {
  readonly recorded: number
  readonly distinct: number
}

export async function countDocuments({ store: { reader } }: Pick<WiredHub, 'store'>): Promise<DocumentCount> {
  const count = reader.fn
  return await reader
    .selectFrom('documents')
    .select([count.countAll<number>().as('recorded'), count.count<number>('sha256').distinct().as('distinct')])
    .executeTakeFirstOrThrow()
}
