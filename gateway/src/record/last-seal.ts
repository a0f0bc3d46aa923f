import type { X509Certificate } from 'node:crypto'
import { parseCms } from '@socle/schemas'
import type { Reader } from '../store/database.ts'
import { readLastSeal } from '../store/key-entries.ts'

/** Certificate of the newest seal in the ledger; undefined: nothing was sealed yet. @throws ProofError for a seal that was changed */
export async function lastSealCertificate(reader: Reader): Promise<X509Certificate | undefined> {
  const seal = await readLastSeal(reader)
  // Issuers come along; an authority's certificate never seals.
  return seal && parseCms(seal).certificates.find(({ ca }) => !ca)
}
