import type { SealCode } from './error-codes.ts'
import { type CatalogueEntry, entry } from './error-entry.ts'

/** Nothing can be sealed, so nothing is recorded. */
export const sealRefusals: Readonly<Record<SealCode, CatalogueEntry>> = {
  SEAL_OUT_OF_DATE: entry(
    503,
    ['Certificat de scellement hors de sa période de validité', 'Seal certificate outside its validity'],
    [
      "Rien n'a été enregistré : l'opérateur doit remplacer le certificat ou remettre l'horloge à l'heure.",
      'Nothing was recorded: the operator must replace the certificate or set the clock right.',
    ],
  ),
  SEAL_REVOKED: entry(
    503,
    ['Certificat de scellement révoqué', 'Seal certificate revoked'],
    [
      "Rien n'a été enregistré : l'opérateur doit mettre en service un autre cachet. Renvoyez ensuite la même requête avec la même clé. L'exploitant est alerté.",
      'Nothing was recorded: the operator must put another seal into service. Then send the same request with the same key. The operator has been alerted.',
    ],
  ),
  SEAL_UNCHECKED: entry(
    503,
    ['Révocation du cachet impossible à vérifier', 'Revocation of the seal cannot be checked'],
    [
      "Rien n'a été enregistré : la liste de révocation de l'autorité du cachet manque ou est périmée. Renvoyez la même requête avec la même clé quand l'opérateur l'aura renouvelée. L'exploitant est alerté.",
      "Nothing was recorded: the revocation list of the seal's authority is missing or too old. Send the same request with the same key once the operator has renewed it. The operator has been alerted.",
    ],
  ),
  SEAL_MISSING: entry(
    503,
    ['Clé de scellement absente de cette réplique', 'Seal key missing on this replica'],
    [
      "Rien n'a été enregistré : le registre annonce une clé de scellement que cette réplique n'a pas. Renvoyez la même requête avec la même clé, une autre réplique répondra. L'exploitant est alerté.",
      'Nothing was recorded: the log announces a seal key that this replica does not have. Send the same request with the same key, another replica will answer. The operator has been alerted.',
    ],
  ),
}
