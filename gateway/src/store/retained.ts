import { sql } from 'kysely'
import type { Reader } from './database.ts'

/** A document that is kept, of a consultation that has had nothing new since. */
export interface Retained {
  readonly id: string
  readonly kind: string
  readonly consultation: string
  /** When the newest document of the consultation was recorded, erased ones included. */
  readonly newest: string
}

/**
 * Documents that are not erased, of consultations whose newest document is older than that instant; consultation by
 * consultation. Reads every document's row, without its bytes: for operators' commands.
 * @param before RFC 3339, UTC with milliseconds
 */
export async function retainedBefore(reader: Reader, before: string, kind?: string): Promise<readonly Retained[]> {
  const ofKind = kind === undefined ? sql`` : sql`and d.kind = ${kind}`
  const query = sql<Retained>`select d.id, d.kind, d.consultation, n.newest from documents d join
    (select c.consultation, max(e.at) as newest from documents c join entries e on e.idx = c.idx group by c.consultation) n
    on n.consultation = d.consultation
    where d.stored_as <> 'erased' and n.newest < ${before} ${ofKind} order by n.newest, d.consultation, d.idx`
  return (await query.execute(reader)).rows
}
