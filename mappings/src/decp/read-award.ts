import type {
  Award,
  AwardModification,
  AwardSubcontract,
  AwardSubcontractChange,
  AwardYearlyFigures,
  Decp204ContratConcession,
  Decp204ContratConcessionDonneesAnnuelles,
  Decp204ContratConcessionModification,
  Decp204Marche,
  Decp204MarcheActeSousTraitance,
  Decp204MarcheModification,
  Decp204MarcheModificationActe,
  Money,
  OrganisationId,
} from '@socle/schemas'
import { compact, some } from '../compact.ts'
import { decimal } from './decimal.ts'

/** What a contract may leave out of its form. */
type Optional =
  | 'frameworkId'
  | 'advanceRate'
  | 'shareEU'
  | 'shareFrance'
  | 'subcontracts'
  | 'subcontractChanges'
  | 'modifications'

/** A DECP 2.0.4 contract in canonical form. The record must have passed its schema. */
export function readMarche(record: Decp204Marche): Award {
  return {
    kind: 'award',
    contract: 'marche',
    buyer: { scheme: 'SIRET', value: record.acheteur.id },
    internalId: record.id,
    nature: record.nature,
    title: record.objet,
    cpv: record.codeCPV,
    procedure: record.procedure,
    techniques: record.techniques.technique,
    modalitesExecution: record.modalitesExecution.modaliteExecution,
    innovative: record.marcheInnovant,
    ccag: record.ccag,
    tendersReceived: record.offresRecues,
    advanceGranted: record.attributionAvance,
    groupement: record.typeGroupementOperateurs,
    place: { code: record.lieuExecution.code, codeType: record.lieuExecution.typeCode },
    durationMonths: record.dureeMois,
    notificationDate: record.dateNotification,
    publicationDate: record.datePublicationDonnees,
    amount: euros(record.montant, amountMeaning(record)),
    priceTypes: record.typesPrix.typePrix,
    priceForm: record.formePrix,
    winners: record.titulaires.map(({ titulaire }) => organisation(titulaire)),
    considerationsSociales: record.considerationsSociales.considerationSociale,
    considerationsEnvironnementales: record.considerationsEnvironnementales.considerationEnvironnementale,
    subcontractingDeclared: record.sousTraitanceDeclaree,
    ...compact<Pick<Award, Optional>>({
      frameworkId: record.idAccordCadre,
      advanceRate: optionalDecimal(record.tauxAvance),
      shareEU: optionalDecimal(record.origineUE),
      shareFrance: optionalDecimal(record.origineFrance),
      subcontracts: record.actesSousTraitance?.map(({ acteSousTraitance }) => subcontract(acteSousTraitance)),
      subcontractChanges: record.modificationsActesSousTraitance?.map(({ modificationActeSousTraitance }) =>
        subcontractChange(modificationActeSousTraitance),
      ),
      modifications: record.modifications?.map(({ modification }) => marcheModification(modification)),
    }),
  }
}

/** A DECP 2.0.4 concession in canonical form. The record must have passed its schema. */
export function readConcession(record: Decp204ContratConcession): Award {
  const common: Award = {
    kind: 'award',
    contract: 'contrat-concession',
    buyer: { scheme: 'SIRET', value: record.autoriteConcedante.id },
    internalId: record.id,
    nature: record.nature,
    title: record.objet,
    procedure: record.procedure,
    durationMonths: record.dureeMois,
    signatureDate: record.dateSignature,
    startDate: record.dateDebutExecution,
    publicationDate: record.datePublicationDonnees,
    amount: euros(record.valeurGlobale, 'concession-value'),
    subsidy: euros(record.montantSubventionPublique, 'subsidy'),
    winners: record.concessionnaires.map(({ concessionnaire }) => organisation(concessionnaire)),
    considerationsSociales: record.considerationsSociales.considerationSociale,
    considerationsEnvironnementales: record.considerationsEnvironnementales.considerationEnvironnementale,
  }
  const modifications = record.modifications?.map(({ modification }) => concessionModification(modification))
  const yearlyFigures = some(record.donneesExecution?.map(({ donneesAnnuelles }) => yearly(donneesAnnuelles)) ?? [])
  return {
    ...common,
    ...(modifications === undefined ? {} : { modifications }),
    ...(yearlyFigures === undefined ? {} : { yearlyFigures }),
  }
}

/** The form has one amount for two things: the price of a contract, or the most a framework agreement may cost. */
function amountMeaning({ techniques, modalitesExecution }: Decp204Marche): Money['meaning'] {
  const isFramework =
    techniques.technique.includes('Accord-cadre') || modalitesExecution.modaliteExecution.includes('Bons de commande')
  return isFramework ? 'framework-maximum' : 'awarded'
}

function marcheModification(change: Decp204MarcheModification): AwardModification {
  return compact<AwardModification>({
    id: change.id,
    durationMonths: change.dureeMois,
    amount: change.montant === undefined ? undefined : euros(change.montant, 'new-total'),
    winners: change.titulaires?.map(({ titulaire }) => organisation(titulaire)),
    notificationDate: change.dateNotificationModification,
    publicationDate: change.datePublicationDonneesModification,
  })
}

function concessionModification(change: Decp204ContratConcessionModification): AwardModification {
  return compact<AwardModification>({
    id: change.id,
    durationMonths: change.dureeMois,
    amount: change.valeurGlobale === undefined ? undefined : euros(change.valeurGlobale, 'new-total'),
    winners: undefined,
    notificationDate: change.dateSignatureModification,
    publicationDate: change.datePublicationDonneesModification,
  })
}

function subcontract(act: Decp204MarcheActeSousTraitance): AwardSubcontract {
  return {
    id: act.id,
    subcontractor: organisation(act.sousTraitant),
    durationMonths: act.dureeMois,
    notificationDate: act.dateNotification,
    publicationDate: act.datePublicationDonnees,
    amount: euros(act.montant, 'subcontract'),
    priceVariation: act.variationPrix,
  }
}

function subcontractChange(change: Decp204MarcheModificationActe): AwardSubcontractChange {
  return compact<AwardSubcontractChange>({
    subcontract: change.id,
    durationMonths: change.dureeMois,
    amount: change.montant === undefined ? undefined : euros(change.montant, 'new-total'),
    notificationDate: change.dateNotificationModificationSousTraitance,
    publicationDate: change.datePublicationDonnees,
  })
}

function yearly(figures: Decp204ContratConcessionDonneesAnnuelles): AwardYearlyFigures {
  return {
    publicationDate: figures.datePublicationDonneesExecution,
    investment: euros(figures.depensesInvestissement, 'investment'),
    tariffs: figures.tarifs.map(({ tarif }) => ({ title: tarif.intituleTarif, amount: euros(tarif.tarif, 'tariff') })),
  }
}

function organisation({
  typeIdentifiant,
  id,
}: {
  typeIdentifiant: OrganisationId['scheme']
  id: string
}): OrganisationId {
  return { scheme: typeIdentifiant, value: id }
}

/** DECP amounts are in euros, before tax. */
function euros(amount: number, meaning: Money['meaning']): Money {
  return { amount: decimal(amount), currency: 'EUR', meaning }
}

function optionalDecimal(value: number | undefined): string | undefined {
  return value === undefined ? undefined : decimal(value)
}
