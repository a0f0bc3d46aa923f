import type { Checkpoint, Cosignature, Message } from '@socle/schemas'

/** What the offline verification says, beyond the checks of a receipt. */
export const messages = {
  checkpointGood: ({ origin, size }: Checkpoint): Message => ({
    fr: `signé par la clé du registre ${origin}, ${size} inscriptions.`,
    en: `signed by the key of the log ${origin}, ${size} entries.`,
  }),
  witnessed: (by: readonly Cosignature[]): Message => ({
    fr: `cosigné par les témoins ${namesOf(by)} : ils n’ont pas vu d’autre état du registre.`,
    en: `cosigned by the witnesses ${namesOf(by)}: they saw no other state of the log.`,
  }),
  notWitnessed: {
    fr: 'les témoins demandés (fichier witnesses) ne l’ont pas cosigné : d’autres ont peut-être reçu un autre registre.',
    en: 'the witnesses asked for (file witnesses) did not cosign it: others may have been shown another log.',
  },
  checkpointBad: {
    fr: 'le point de contrôle n’est pas signé par une clé de registre de confiance, ou a été modifié.',
    en: 'the checkpoint is not signed by a trusted log key, or was altered.',
  },
  logKeyBad: {
    fr: 'la liste signée des clés (keys.note) révoque la clé de registre qui a signé ce point de contrôle, ou ne la connaît pas, et aucun horodatage ne prouve qu’il existait avant.',
    en: 'the signed list of keys (keys.note) revokes the log key that signed this checkpoint, or does not know it, and no timestamp proves that it was there before.',
  },
  treeGood: (size: number, tiles: number): Message => ({
    fr: `${size} inscriptions relues, ${tiles} tuiles et la racine recalculées : identiques.`,
    en: `${size} entries read again, ${tiles} tiles and the root computed again: identical.`,
  }),
  tileBad: {
    fr: 'la tuile ne correspond pas aux inscriptions : elle a été modifiée ou manque.',
    en: 'the tile does not match the entries: it was altered or is missing.',
  },
  bundleBad: {
    fr: 'le lot d’inscriptions ne peut pas être relu : il a été modifié ou manque.',
    en: 'the bundle of entries cannot be read: it was altered or is missing.',
  },
  entryBad: {
    fr: 'une inscription n’a pas l’empreinte que porte sa tuile.',
    en: 'an entry does not have the hash that its tile holds.',
  },
  leafBad: {
    fr: 'une inscription n’est pas sous sa forme exacte.',
    en: 'an entry is not in its exact form.',
  },
  rootBad: {
    fr: 'la racine recalculée n’est pas celle du point de contrôle.',
    en: 'the root computed again is not that of the checkpoint.',
  },
  rootUnknown: {
    fr: 'la racine n’a pas pu être recalculée : un lot d’inscriptions est illisible.',
    en: 'the root could not be computed again: a bundle of entries is unreadable.',
  },
  tokenGood: (time: Date): Message => ({
    fr: `point de contrôle horodaté par l’autorité de confiance, ${time.toISOString()}.`,
    en: `checkpoint timestamped by the trusted authority, ${time.toISOString()}.`,
  }),
  tokenBad: {
    fr: 'le jeton d’horodatage ne prouve pas la date de ce point de contrôle.',
    en: 'the timestamp token does not prove the time of this checkpoint.',
  },
  tokenAbsent: {
    fr: 'aucun jeton d’horodatage : aucune horloge extérieure ne date ce point de contrôle.',
    en: 'no timestamp token: no outside clock dates this checkpoint.',
  },
  tokenUntrusted: {
    fr: 'jeton non vérifié : donnez tsa-ca.pem, l’autorité d’horodatage.',
    en: 'token not checked: give tsa-ca.pem, the timestamp authority.',
  },
  timesGood: (tokens: number): Message => ({
    fr: `${tokens} jetons d’horodatage vérifiés, chacun sur l’état du registre qu’il date, dans l’ordre du temps.`,
    en: `${tokens} timestamp tokens verified, each over the state of the log that it dates, in the order of time.`,
  }),
  timesBad: {
    fr: 'un jeton d’horodatage du registre ne prouve pas ce que dit son inscription.',
    en: 'a timestamp token of the log does not prove what its entry says.',
  },
  timesAbsent: {
    fr: 'jetons antérieurs absents : les dates des inscriptions ne sont comparées qu’au dernier jeton.',
    en: 'no earlier tokens: the times of entries are held against the last token only.',
  },
  timeMissing: {
    fr: 'une inscription d’horodatage n’a pas son jeton dans le fichier des jetons.',
    en: 'a timestamp entry has no token in the file of tokens.',
  },
  leafTimeBad: {
    fr: 'une horloge extérieure contredit la date d’une inscription.',
    en: 'an outside clock contradicts the time of an entry.',
  },
  trustFromPlace: {
    fr: 'clés trouvées à côté de ce qui est vérifié. Comparez-les à celles que publie l’exploitant, ou donnez-les par --trust.',
    en: 'keys found beside what is verified. Compare them with those the operator publishes, or give them with --trust.',
  },
  trustMissing: {
    fr: 'aucune clé de confiance. Donnez avec --trust un dossier contenant log.vkey, seal-ca.pem et tsa-ca.pem.',
    en: 'no trusted key. Give with --trust a directory holding log.vkey, seal-ca.pem and tsa-ca.pem.',
  },
  trustUnreadable: {
    fr: 'les fichiers de confiance ne peuvent pas être lus : vérifiez log.vkey, seal-ca.pem et tsa-ca.pem.',
    en: 'the trust files cannot be read: check log.vkey, seal-ca.pem and tsa-ca.pem.',
  },
  pathUnreadable: {
    fr: 'chemin absent ou illisible. Donnez un reçu (.json), un conteneur (.asice), un registre exporté ou leur dossier.',
    en: 'path missing or unreadable. Give a receipt (.json), a container (.asice), an exported log or their directory.',
  },
  fileUnreadable: {
    fr: 'ce fichier ne peut pas être lu : ce n’est pas un fichier ordinaire, ou il est trop grand.',
    en: 'this file cannot be read: it is no regular file, or too large.',
  },
  folderUnreadable: {
    fr: 'un dossier ne peut pas être lu en entier : vérifiez-le par parties.',
    en: 'a folder cannot be read whole: verify it in parts.',
  },
  logTooLarge: {
    fr: 'ce registre dit avoir plus d’inscriptions que cette vérification n’en lit.',
    en: 'this log says it has more entries than this verification reads.',
  },
  contentWithReceipt: {
    fr: '--content accompagne un reçu ; un conteneur ou un dossier porte ses propres documents.',
    en: '--content goes with a receipt; a container or a directory holds its own documents.',
  },
  nothingHere: {
    fr: 'ni registre exporté, ni reçus, ni conteneurs dans ce dossier.',
    en: 'no exported log, receipts or containers in this directory.',
  },
  containerBad: {
    fr: 'le conteneur ne peut pas être lu : il a été modifié ou n’est pas un ASiC-E.',
    en: 'the container cannot be read: it was altered or is no ASiC-E.',
  },
  containerGood: {
    fr: 'les fichiers du conteneur sont ceux que le reçu et le cachet désignent.',
    en: 'the files of the container are those that the receipt and the seal name.',
  },
  memberBad: {
    fr: 'ce fichier du conteneur ne correspond pas au reçu, manque, ou est de trop.',
    en: 'this file of the container does not match the receipt, is missing, or should not be there.',
  },
  proofBad: {
    fr: 'la preuve d’inscription du conteneur n’est pas valable.',
    en: 'the inclusion proof of the container does not hold.',
  },
  receiptInLog: {
    fr: 'le registre exporté porte la même inscription au même rang et prolonge le point de contrôle du reçu.',
    en: "the exported log has the same entry at the same index and extends the receipt's checkpoint.",
  },
  receiptNotInLog: {
    fr: 'le registre exporté contredit ce reçu.',
    en: 'the exported log contradicts this receipt.',
  },
  receiptBeyondLog: {
    fr: 'non comparé au registre exporté : ce reçu est plus récent, ou vient d’un autre registre.',
    en: 'not compared with the exported log: this receipt is newer, or comes from another log.',
  },
  receiptGood: {
    fr: 'reçu prouvé : enveloppe, cachet, place au registre et signatures.',
    en: 'receipt proved: envelope, seal, place in the log and signatures.',
  },
  contentGood: {
    fr: 'document identique, à l’octet près, à celui qui a été reçu.',
    en: 'document identical, byte for byte, to the one that was received.',
  },
  contentAbsent: {
    fr: 'document absent : son empreinte n’a pas pu être comparée.',
    en: 'document absent: its digest could not be compared.',
  },
  proofGood: ({ size }: Checkpoint): Message => ({
    fr: `inscription prouvée dans le registre de ${size} inscriptions.`,
    en: `entry proved in the log of ${size} entries.`,
  }),
  readmeOther: {
    fr: 'instructions d’une autre version ou modifiées : ne les suivez pas sans les relire.',
    en: 'instructions of another version, or altered: read them before following them.',
  },
  documentUnclaimed: {
    fr: 'aucun reçu valable ne couvre ce document : il a été modifié, ajouté ou renommé.',
    en: 'no valid receipt covers this document: it was altered, added or renamed.',
  },
} as const

function namesOf(by: readonly Cosignature[]): string {
  return by.length === 0 ? '–' : by.map(({ witness }) => witness.name).join(', ')
}
