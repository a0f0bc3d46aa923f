/** A record of DECP 2.0.4 without any fault, of fictitious parties: the faults are put into copies of it. */
export type Json = Record<string, unknown>

const contract: Json = {
  id: '2026-TVX-014',
  acheteur: { id: '21690123100011' },
  nature: 'Marché',
  objet: 'Réfection de la toiture du gymnase',
  codeCPV: '45261910-6',
  techniques: { technique: ['Sans objet'] },
  modalitesExecution: { modaliteExecution: ['Tranches'] },
  idAccordCadre: 'AC2025-3',
  marcheInnovant: false,
  ccag: 'Travaux',
  offresRecues: 3,
  attributionAvance: true,
  tauxAvance: 0.2,
  typeGroupementOperateurs: 'Pas de groupement',
  sousTraitanceDeclaree: true,
  actesSousTraitance: [
    {
      acteSousTraitance: {
        id: 1,
        sousTraitant: { typeIdentifiant: 'SIRET', id: '35600000000048' },
        dureeMois: 2,
        dateNotification: '2026-02-25',
        datePublicationDonnees: '2026-03-01',
        montant: 20000,
        variationPrix: 'Ferme',
      },
    },
  ],
  procedure: 'Procédure adaptée',
  lieuExecution: { code: '69123', typeCode: 'Code commune' },
  dureeMois: 8,
  dateNotification: '2026-02-20',
  datePublicationDonnees: '2026-03-01',
  montant: 184500.5,
  typesPrix: { typePrix: ['Définitif révisable'] },
  formePrix: 'Forfaitaire',
  origineUE: 0.8,
  origineFrance: 0.5,
  titulaires: [{ titulaire: { typeIdentifiant: 'SIRET', id: '73282932000074' } }],
  considerationsSociales: { considerationSociale: ['Clause sociale'] },
  considerationsEnvironnementales: { considerationEnvironnementale: ['Pas de considération environnementale'] },
  modifications: [
    {
      modification: {
        id: 1,
        dureeMois: 9,
        montant: 190000,
        dateNotificationModification: '2026-05-04',
        datePublicationDonneesModification: '2026-05-10',
      },
    },
  ],
  modificationsActesSousTraitance: [
    {
      modificationActeSousTraitance: {
        id: 1,
        montant: 21000,
        dateNotificationModificationSousTraitance: '2026-05-04',
        datePublicationDonnees: '2026-05-10',
      },
    },
  ],
}

export function aContract(): Json {
  return structuredClone(contract)
}

export function fileOf(...records: readonly Json[]): string {
  return JSON.stringify({ marches: { marche: records, 'contrat-concession': [] } })
}
