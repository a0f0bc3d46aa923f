import type { Checkpoint, Message } from '@socle/schemas'

/** What the comparison of two checkpoints says. */
export const historyMessages = {
  earlierGood: ({ origin, size }: Checkpoint): Message => ({
    fr: `ancien point de contrôle signé par la clé du registre ${origin}, ${size} inscriptions.`,
    en: `earlier checkpoint signed by the key of the log ${origin}, ${size} entries.`,
  }),
  earlierUndated: {
    fr: 'aucun jeton d’horodatage à côté de l’ancien point de contrôle : depuis quand rien n’a été réécrit reste à prouver.',
    en: 'no timestamp token beside the earlier checkpoint: since when nothing was rewritten remains to be proved.',
  },
  unchanged: (size: number): Message => ({
    fr: `rien n’a été réécrit : les ${size} premières inscriptions sont celles de l’ancien point de contrôle.`,
    en: `nothing was rewritten: the first ${size} entries are those of the earlier checkpoint.`,
  }),
  unchangedSince: (size: number, time: Date): Message => ({
    fr: `rien n’a été réécrit depuis le ${time.toISOString()} au plus tard : les ${size} premières inscriptions sont celles de l’ancien point de contrôle, qu’une horloge extérieure a daté.`,
    en: `nothing was rewritten since ${time.toISOString()} at the latest: the first ${size} entries are those of the earlier checkpoint, which an outside clock dated.`,
  }),
  rewritten: {
    fr: 'LE REGISTRE A ÉTÉ RÉÉCRIT : sa clé a signé deux états qui s’excluent. Gardez les deux points de contrôle, ils le prouvent.',
    en: 'THE LOG WAS REWRITTEN: its key signed two states that exclude each other. Keep both checkpoints, they prove it.',
  },
  shorter: {
    fr: 'l’état présenté comme le plus récent a moins d’inscriptions que l’ancien : le registre a été coupé, ou les deux sont intervertis.',
    en: 'the state given as the later one has fewer entries than the earlier: the log was cut, or the two are exchanged.',
  },
  proofFails: {
    fr: 'la preuve de cohérence ne relie pas les deux points de contrôle : rien ne montre que l’ancien est le début du nouveau.',
    en: 'the consistency proof does not link the two checkpoints: nothing shows that the earlier is the beginning of the later.',
  },
  notCompared: {
    fr: 'les tuiles ne prouvent pas le point de contrôle du registre : l’ancien n’a pas pu y être comparé.',
    en: 'the tiles do not prove the checkpoint of the log: the earlier one could not be compared with them.',
  },
  otherLog: {
    fr: 'les deux points de contrôle sont de deux registres : ils ne se comparent pas.',
    en: 'the two checkpoints are of two logs: they cannot be compared.',
  },
  otherProof: {
    fr: 'cette preuve de cohérence part d’une autre taille que celle de l’ancien point de contrôle.',
    en: 'this consistency proof begins at another size than that of the earlier checkpoint.',
  },
  proofMissing: {
    fr: 'deux points de contrôle de tailles différentes ne se comparent qu’avec les tuiles du registre, ou avec une preuve de cohérence (« old TAILLE », les empreintes, une ligne vide, le nouveau point de contrôle).',
    en: 'two checkpoints of different sizes can only be compared with the tiles of the log, or with a consistency proof (“old SIZE”, the hashes, a blank line, the later checkpoint).',
  },
  withLog: {
    fr: '--from compare avec un registre exporté ou un point de contrôle, non avec un reçu ou un conteneur.',
    en: '--from compares with an exported log or a checkpoint, not with a receipt or a container.',
  },
} as const
