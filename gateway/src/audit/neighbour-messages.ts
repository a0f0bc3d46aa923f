import type { Message } from '@socle/schemas'

/** What the comparison of two half-year logs says. */
export const neighbourMessages = {
  follows: (older: string, newer: string): Message => ({
    fr: `le registre ${newer} suit sans lacune ${older} : la dernière inscription de l’ancien nomme le nouveau et sa clé, la première du nouveau nomme le dernier point de contrôle de l’ancien.`,
    en: `the log ${newer} follows ${older} without a gap: the last entry of the older one names the newer and its key, the first of the newer one names the last checkpoint of the older.`,
  }),
  doesNotFollow: {
    fr: 'rien ne montre que ce registre est la suite de l’autre : il y manque la passation, ou elle dit autre chose.',
    en: 'nothing shows that this log goes on from the other: the hand-over is not there, or says something else.',
  },
} as const
