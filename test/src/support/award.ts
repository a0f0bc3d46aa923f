/** A DECP 2.0.4 file with one contract, about 3 KB, of fictitious parties whose SIRET pass their check digit. */
export interface AwardChoices {
  readonly id?: string
  readonly buyer?: string
  readonly objet?: string
  readonly montant?: number
}

export const buyerSiret = '21690123100011'
export const otherBuyerSiret = '21750001600019'

/** JSON text of the file. Everything not chosen is the same each time. */
export function anAward({
  id = '2026-0001',
  buyer = buyerSiret,
  objet = 'Entretien des espaces verts',
  montant = 125000.5,
}: AwardChoices = {}): string {
  const marche = {
    id,
    acheteur: { id: buyer },
    nature: 'Marché',
    objet: `${objet}. ${'Prestations de tonte, de taille et de désherbage sans produit de synthèse. '.repeat(8)}`.slice(
      0,
      900,
    ),
    codeCPV: '77310000-6',
    techniques: { technique: ['Accord-cadre'] },
    modalitesExecution: { modaliteExecution: ['Bons de commande'] },
    marcheInnovant: false,
    ccag: 'Fournitures courantes et services',
    offresRecues: 4,
    attributionAvance: true,
    tauxAvance: 0.2,
    typeGroupementOperateurs: 'Pas de groupement',
    sousTraitanceDeclaree: false,
    procedure: "Appel d'offres ouvert",
    lieuExecution: { code: '75001', typeCode: 'Code postal' },
    dureeMois: 48,
    dateNotification: '2026-09-01',
    datePublicationDonnees: '2026-09-15',
    montant,
    typesPrix: { typePrix: ['Définitif révisable'] },
    formePrix: 'Unitaire',
    titulaires: [{ titulaire: { typeIdentifiant: 'SIRET', id: '55210055400013' } }],
    considerationsSociales: { considerationSociale: ['Clause sociale', 'Critère social'] },
    considerationsEnvironnementales: { considerationEnvironnementale: ['Clause environnementale'] },
    modifications: Array.from({ length: 4 }, (_, i) => ({
      modification: {
        id: i + 1,
        dateNotificationModification: `2026-10-0${i + 1}`,
        datePublicationDonneesModification: `2026-10-1${i + 1}`,
        dureeMois: 49 + i,
        montant: montant + 1000 * (i + 1),
      },
    })),
  }
  return JSON.stringify({ marches: { marche: [marche], 'contrat-concession': [] } }, undefined, 1)
}
