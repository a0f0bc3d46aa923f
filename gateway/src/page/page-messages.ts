import type { Message } from '@socle/schemas'

/** What the page says of files that no check was made of. */
export const pageMessages = {
  tooLarge: (limit: number): Message => ({
    fr: `fichier de plus de ${Math.floor(limit / 1_048_576)} Mio : trop grand pour un reçu, un conteneur ou un document.`,
    en: `file of more than ${Math.floor(limit / 1_048_576)} MiB: too large for a receipt, a container or a document.`,
  }),
  tooMany: (limit: number): Message => ({
    fr: `plus de ${limit} fichiers : seuls les premiers ont été regardés. Donnez-en moins à la fois.`,
    en: `more than ${limit} files: only the first ones were looked at. Give fewer at a time.`,
  }),
  twoKeys: {
    fr: 'deux fichiers de clés de ce nom et de contenus différents : rien n’est vérifié tant que vous n’en avez pas choisi un.',
    en: 'two key files of this name with different contents: nothing is verified until you choose one of them.',
  },
  documentAlone: {
    fr: 'document sans reçu : ajoutez le reçu ou le conteneur qui le prouve.',
    en: 'document without a receipt: add the receipt or the container that proves it.',
  },
  tokenAlone: {
    fr: 'jeton d’horodatage sans son point de contrôle : ajoutez le fichier « checkpoint ».',
    en: 'timestamp token without its checkpoint: add the file “checkpoint”.',
  },
  proofAlone: {
    fr: 'preuve d’inscription seule : tout vérificateur C2SP la lit ; ici, donnez le reçu ou le conteneur.',
    en: 'inclusion proof on its own: any C2SP verifier reads it; here, give the receipt or the container.',
  },
  keysMissing: {
    fr: 'aucune clé de confiance : ajoutez log.vkey, seal-ca.pem et tsa-ca.pem, tels que l’exploitant du hub les publie.',
    en: 'no trusted key: add log.vkey, seal-ca.pem and tsa-ca.pem, as the operator of the hub publishes them.',
  },
  unreadable: {
    fr: 'le fichier ne peut pas être lu : il a été déplacé ou modifié depuis que vous l’avez donné.',
    en: 'the file cannot be read: it was moved or changed since you gave it.',
  },
} as const
