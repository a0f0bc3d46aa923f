/** Names of the checks, in the order in which they are made. */
export type CheckName =
  | 'shape'
  | 'state'
  | 'envelope'
  | 'leaf'
  | 'inclusion'
  | 'checkpoint'
  | 'manifest'
  | 'seal-hash'
  | 'seal'
  | 'seal-authority'
  | 'key-list'
  | 'witnesses'
  | 'content'

export interface Message {
  readonly fr: string
  readonly en: string
}

export interface CheckMessages {
  readonly proved: Message
  readonly failed: Message
  readonly skipped: Message
}

const afterShape: Message = {
  fr: "Non vérifié : le reçu n'a pas pu être lu.",
  en: 'Not checked: the receipt could not be read.',
}

/** What each check says to a person, and what to do when it fails. */
export const checkMessages: Readonly<Record<CheckName, CheckMessages>> = {
  shape: {
    proved: { fr: 'Le reçu est complet et bien formé.', en: 'The receipt is complete and well formed.' },
    failed: {
      fr: 'Le fichier n’est pas un reçu lisible. Redemandez le reçu à la plateforme qui vous l’a remis.',
      en: 'The file is not a readable receipt. Ask again for the receipt where you got it.',
    },
    skipped: afterShape,
  },
  state: {
    proved: {
      fr: 'L’état annoncé, l’identifiant et l’environnement sont ceux de l’enveloppe.',
      en: 'The stated outcome, id and environment are those of the envelope.',
    },
    failed: {
      fr: 'L’état, l’identifiant ou l’environnement annoncé contredit l’enveloppe. N’acceptez pas ce reçu.',
      en: 'The stated outcome, id or environment contradicts the envelope. Do not accept this receipt.',
    },
    skipped: afterShape,
  },
  envelope: {
    proved: {
      fr: 'L’enveloppe est celle que le registre a engagée (empreinte salée identique).',
      en: 'The envelope is the one the log committed to (same salted digest).',
    },
    failed: {
      fr: 'L’enveloppe a été modifiée : son empreinte n’est pas celle inscrite au registre.',
      en: 'The envelope was altered: its digest is not the one in the log.',
    },
    skipped: afterShape,
  },
  leaf: {
    proved: {
      fr: 'L’inscription au registre porte le même identifiant, la même date et le même type que l’enveloppe.',
      en: 'The log entry has the same id, time and type as the envelope.',
    },
    failed: {
      fr: 'L’inscription au registre ne correspond pas à l’enveloppe, ou n’est pas sous sa forme exacte.',
      en: 'The log entry does not match the envelope, or is not in its exact form.',
    },
    skipped: afterShape,
  },
  inclusion: {
    proved: {
      fr: 'L’inscription est à sa place dans l’arbre du registre.',
      en: 'The entry is at its place in the tree of the log.',
    },
    failed: {
      fr: 'Le chemin de preuve ne mène pas à la racine du registre : l’inscription, sa place ou le point de contrôle a été modifié.',
      en: 'The proof path does not lead to the root of the log: the entry, its place or the checkpoint was altered.',
    },
    skipped: afterShape,
  },
  checkpoint: {
    proved: {
      fr: 'Le point de contrôle est signé par la clé du registre en qui vous avez confiance.',
      en: 'The checkpoint is signed by the log key that you trust.',
    },
    failed: {
      fr: 'Le point de contrôle n’est pas signé par une clé de registre de confiance. Vérifiez que log.vkey est bien celui publié par le registre.',
      en: 'The checkpoint is not signed by a trusted log key. Check that log.vkey is the one the log publishes.',
    },
    skipped: afterShape,
  },
  manifest: {
    proved: {
      fr: 'Le manifeste scellé énumère exactement cette enveloppe et ce document.',
      en: 'The sealed manifest lists exactly this envelope and this document.',
    },
    failed: {
      fr: 'Le manifeste scellé ne correspond pas à l’enveloppe.',
      en: 'The sealed manifest does not match the envelope.',
    },
    skipped: afterShape,
  },
  'seal-hash': {
    proved: {
      fr: 'Le cachet est celui inscrit au registre.',
      en: 'The seal is the one the log entry names.',
    },
    failed: {
      fr: 'Le cachet n’est pas celui inscrit au registre : il a été modifié ou remplacé.',
      en: 'The seal is not the one the log entry names: it was altered or replaced.',
    },
    skipped: afterShape,
  },
  seal: {
    proved: {
      fr: 'La signature du cachet est valide pour ce manifeste.',
      en: 'The seal is a valid signature of this manifest.',
    },
    failed: {
      fr: 'La signature du cachet n’est pas valide pour ce manifeste.',
      en: 'The seal is not a valid signature of this manifest.',
    },
    skipped: afterShape,
  },
  'seal-authority': {
    proved: {
      fr: 'Le certificat du cachet vient de l’autorité de confiance et était valide à la date du cachet (révocation non consultée).',
      en: 'The seal certificate comes from the trusted authority and was valid when sealing (revocation not looked up).',
    },
    failed: {
      fr: 'Le certificat du cachet ne remonte pas à l’autorité de confiance, ou n’était pas valide à la date du cachet. Vérifiez seal-ca.pem.',
      en: 'The seal certificate does not lead to the trusted authority, or was not valid when sealing. Check seal-ca.pem.',
    },
    skipped: { fr: 'Non vérifié : le cachet n’a pas pu être lu.', en: 'Not checked: the seal could not be read.' },
  },
  'key-list': {
    proved: {
      fr: 'La liste signée des clés ne révoque ni le certificat du cachet ni la clé du registre, ou l’horodatage prouve une date antérieure.',
      en: 'The signed list of keys revokes neither the seal certificate nor the log key, or a timestamp proves an earlier date.',
    },
    failed: {
      fr: 'La liste signée des clés contredit ce cachet ou cette clé de registre : révoqué, inconnu d’elle, ou hors de sa période. Vérifiez que keys.note est la dernière publiée, et donnez l’horodatage du point de contrôle.',
      en: 'The signed list of keys speaks against this seal or log key: revoked, unknown to it, or outside its time. Check that keys.note is the last one published, and give the timestamp of the checkpoint.',
    },
    skipped: {
      fr: 'Non vérifié : la liste signée des clés (keys.note) n’a pas été fournie, ou le cachet n’a pas pu être lu.',
      en: 'Not checked: the signed list of keys (keys.note) was not given, or the seal could not be read.',
    },
  },
  witnesses: {
    proved: {
      fr: 'Le point de contrôle est cosigné par les témoins demandés : ils n’ont pas vu d’autre état du registre.',
      en: 'The checkpoint is cosigned by the witnesses asked for: they saw no other state of the log.',
    },
    failed: {
      fr: 'Les témoins demandés (fichier witnesses) n’ont pas cosigné ce point de contrôle. Redemandez le reçu un peu plus tard ; si cela dure, prévenez l’exploitant et les témoins.',
      en: 'The witnesses asked for (file witnesses) did not cosign this checkpoint. Ask for the receipt again a little later; if it lasts, tell the operator and the witnesses.',
    },
    skipped: afterShape,
  },
  content: {
    proved: {
      fr: 'Le document fourni est, à l’octet près, celui qui a été reçu.',
      en: 'The document given is, byte for byte, the one that was received.',
    },
    failed: {
      fr: 'Le document fourni n’est pas celui qui a été reçu : sa taille ou son empreinte diffère.',
      en: 'The document given is not the one that was received: its size or digest differs.',
    },
    skipped: {
      fr: 'Non vérifié : le document n’a pas été fourni. Donnez-le pour comparer ses octets à l’empreinte.',
      en: 'Not checked: the document was not given. Give it to compare its bytes with the digest.',
    },
  },
}
