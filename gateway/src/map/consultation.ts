import { finding, type Finding } from '@socle/schemas'
import type { Reader } from '../store/database.ts'
import type { Routing } from './routing.ts'

/**
 * A document may join a consultation that another buyer opened: members of a joint procurement do. It may also be a slip,
 * or somebody putting his paper in another's file, so it never goes unsaid.
 */
export async function consultationFindings(
  reader: Reader,
  { buyer, consultation, sourceKey }: Routing,
): Promise<readonly Finding[]> {
  // A document that stands for itself joins nobody.
  if (buyer === '' || consultation === sourceKey) return []
  const documents = reader.selectFrom('documents').select('buyer').where('consultation', '=', consultation)
  const first = await documents.orderBy('idx').limit(1).executeTakeFirst()
  return joinFindings({ buyer, consultation }, first?.buyer)
}

/** `opener` is the buyer whose document was first under the consultation, if any. */
export function joinFindings(
  { buyer, consultation }: Pick<Routing, 'buyer' | 'consultation'>,
  opener: string | undefined,
): readonly Finding[] {
  if (opener === undefined || opener === buyer) return []
  return [finding('DEPOSIT-CONSULTATION-OTHER-BUYER', { value: consultation, expected: opener })]
}
