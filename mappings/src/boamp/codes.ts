/** Natures of a contract, whatever the form writes. */
const natures: Readonly<Record<string, string>> = {
  travaux: 'works',
  fournitures: 'supplies',
  fourniture: 'supplies',
  services: 'services',
  service: 'services',
}

/**
 * Procedures that have an equal in the European list (BT-105). Others keep the word of the gazette: an adapted procedure
 * may be of one stage or of several, and the notice does not say.
 */
const procedures: Readonly<Record<string, string>> = {
  ouvert: 'open',
  procedureouverte: 'open',
  restreint: 'restricted',
  procedurerestreinte: 'restricted',
  dialogue_competitif: 'comp-dial',
  dialoguecompetitif: 'comp-dial',
  partenariat_innovation: 'innovation',
  partenariatinnovation: 'innovation',
  procedureadaptee: 'PROCEDURE_ADAPTE',
}

const outcomes: Readonly<Record<string, string>> = {
  attribue: 'selec-w',
  infructueux: 'clos-nw',
  sans_suite: 'clos-nw',
  sanssuite: 'clos-nw',
}

/** Form type (BT-03) of each nature of notice. */
export const formTypes: Readonly<Record<string, string>> = {
  APPEL_OFFRE: 'competition',
  ATTRIBUTION: 'result',
  RESULTAT_CONCOURS: 'result',
  RECTIFICATIF: 'change',
  ANNULATION: 'change',
  MODIFICATION: 'cont-modif',
  PREINFORMATION: 'planning',
  PERIODIQUE: 'planning',
  QUALIFICATION: 'competition',
  CONCOURS: 'competition',
  CONCESSION: 'competition',
  INTENTION_CONCLURE: 'dir-awa-pre',
}

/** Lists of choices by name; a choice in none of them keeps the word of the source where the list is open. */
export const choices: Readonly<
  Record<string, { readonly known: Readonly<Record<string, string>>; readonly isOpen: boolean }>
> = {
  nature: { known: natures, isOpen: false },
  procedure: { known: procedures, isOpen: true },
  outcome: { known: outcomes, isOpen: false },
}
