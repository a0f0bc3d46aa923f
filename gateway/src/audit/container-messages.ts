import type { Message } from '@socle/schemas'

/** What the verification of containers says beyond that of receipts and logs. */
export const containerMessages = {
  sealTimed: (time: Date): Message => ({
    fr: `cachet horodaté par l’autorité de confiance, ${time.toISOString()} (CAdES-T).`,
    en: `seal timestamped by the trusted authority, ${time.toISOString()} (CAdES-T).`,
  }),
  sealUntimed: {
    fr: 'aucun horodatage sur le cachet (CAdES-B) : aucune autorité extérieure ne le date par lui-même.',
    en: 'no timestamp on the seal (CAdES-B): no outside authority dates it by itself.',
  },
  sealTimeBad: {
    fr: 'la signature n’est pas le cachet inscrit au registre avec un horodatage valable.',
    en: 'the signature is not the seal of the log with a valid timestamp.',
  },
  stepsGood: (deliveries: number, outcomes: number): Message => ({
    fr: `prouvés par le registre : ${deliveries} livraisons, ${outcomes} résultats.`,
    en: `proved by the log: ${deliveries} deliveries, ${outcomes} outcomes.`,
  }),
  stepGood: (what: Message, time: Date | undefined): Message => ({
    fr: `${what.fr} ; prouvé par le registre${time ? `, vu le ${time.toISOString()}` : ', non horodaté'}.`,
    en: `${what.en}; proved by the log${time ? `, seen on ${time.toISOString()}` : ', not timestamped'}.`,
  }),
  stepWithheld: {
    fr: 'le registre porte cette inscription, mais ce qu’elle dit n’est pas montré : rien ne prouve qu’elle concerne ce document plutôt qu’un autre. Ne la comptez pas comme une livraison. Seules des livraisons anciennes, de plusieurs documents à la fois, sont ainsi.',
    en: 'the log holds this entry, but what it says is not shown: nothing proves that it is about this document rather than another. Do not count it as a delivery. Only old deliveries, of several documents at once, are so.',
  },
  stepBad: {
    fr: 'cette livraison ou ce résultat n’est pas prouvé par le registre, ou ne concerne pas ce document.',
    en: 'this delivery or outcome is not proved by the log, or is not about this document.',
  },
  stepsOpen: {
    fr: 'ce conteneur ne peut pas savoir s’il y a eu d’autres livraisons ou d’autres résultats que ceux qu’il montre.',
    en: 'this container cannot know whether there were deliveries or outcomes other than those it shows.',
  },
  existedBy: (at: string, time: Date): Message => ({
    fr: `inscrit le ${at} selon l’horloge de la plateforme ; existait au plus tard le ${time.toISOString()} selon une horloge extérieure.`,
    en: `recorded by the hub's clock at ${at}; existed at the latest at ${time.toISOString()} by an outside clock.`,
  }),
  onlyHubTime: (at: string): Message => ({
    fr: `inscrit le ${at} selon l’horloge de la plateforme ; aucune horloge extérieure ne dit depuis quand il existe.`,
    en: `recorded by the hub's clock at ${at}; no outside clock says since when it exists.`,
  }),
  orderBad: {
    fr: 'les fichiers du conteneur ne sont pas dans leur ordre : il n’a pas été écrit par le registre.',
    en: 'the files of the container are not in their order: it was not written by the hub.',
  },
  erased: (at: string, decision: string): Message => ({
    fr: `document effacé le ${at}, par décision ${decision} : prouvé par le registre. Son inscription reste.`,
    en: `document erased on ${at}, by decision ${decision}: proved by the log. Its entry remains.`,
  }),
  erasureBad: {
    fr: 'l’effacement n’est pas prouvé par le registre, ou concerne un autre document.',
    en: 'the erasure is not proved by the log, or is about another document.',
  },
  containerProved: {
    fr: 'conteneur prouvé : document, cachet, place au registre, et tout ce qu’il contient d’autre.',
    en: 'container proved: document, seal, place in the log, and all else that it holds.',
  },
  erasedElsewhere: {
    fr: 'document effacé : rien ne prouve plus qu’il était de cette consultation. Seule la liste, que personne ne signe, le dit.',
    en: 'document erased: nothing proves any more that it was of this consultation. Only the list says so, which nobody signs.',
  },
  archiveBad: {
    fr: 'l’archive de la consultation ne peut pas être lue : elle a été modifiée ou elle est incomplète.',
    en: 'the archive of the consultation cannot be read: it was altered or is incomplete.',
  },
  archiveListBad: {
    fr: 'la liste des conteneurs ne correspond pas à l’archive.',
    en: 'the list of containers does not match the archive.',
  },
  archiveGood: (documents: number): Message => ({
    fr: `${documents} conteneurs, chacun celui que nomme la liste. La liste n’est pas signée : elle ne prouve pas qu’il n’y en avait pas d’autres.`,
    en: `${documents} containers, each the one that the list names. Nobody signs the list: it does not prove that there were no others.`,
  }),
} as const
