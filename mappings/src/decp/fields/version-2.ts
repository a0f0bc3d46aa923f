import type {
  Award,
  AwardModification,
  AwardParty,
  AwardPlace,
  AwardSubcontract,
  AwardSubcontractChange,
  AwardYearlyFigures,
  Money,
  OrganisationId,
} from '@socle/schemas'
import {
  type FieldsOf,
  type Json,
  at,
  constant,
  day,
  euros,
  flag,
  integer,
  listOf,
  object,
  share,
  text,
  texts,
} from './codec.ts'
import { isObject } from '../view.ts'

/** What a record says of an award; kind, contract and version are not said but seen. */
export type AwardFields = FieldsOf<Omit<Award, 'kind' | 'contract' | 'version'>>

const holder: FieldsOf<AwardParty> = {
  scheme: at<AwardParty['scheme']>('typeIdentifiant', { read: asScheme, write: (scheme) => scheme }),
  value: at('id', text),
  name: undefined,
}

const subcontractor: FieldsOf<OrganisationId> = { scheme: holder.scheme, value: holder.value }

function asScheme(source: unknown): AwardParty['scheme'] {
  return source as AwardParty['scheme']
}

const buyer: FieldsOf<AwardParty> = {
  scheme: constant<AwardParty['scheme']>('SIRET'),
  value: at('id', text),
  name: undefined,
}

const place: FieldsOf<AwardPlace> = { code: at('code', text), codeType: at('typeCode', text), name: undefined }

const subcontracts: FieldsOf<AwardSubcontract> = {
  id: at('id', integer),
  subcontractor: at('sousTraitant', object(subcontractor)),
  durationMonths: at('dureeMois', integer),
  notificationDate: at('dateNotification', day),
  publicationDate: at('datePublicationDonnees', day),
  amount: at('montant', euros('subcontract')),
  priceVariation: at('variationPrix', text),
}

const subcontractChanges: FieldsOf<AwardSubcontractChange> = {
  subcontract: at('id', integer),
  durationMonths: at('dureeMois', integer),
  amount: at('montant', euros('new-total')),
  notificationDate: at('dateNotificationModificationSousTraitance', day),
  publicationDate: at('datePublicationDonnees', day),
}

const modifications: FieldsOf<AwardModification> = {
  id: at('id', integer),
  purpose: undefined,
  durationMonths: at('dureeMois', integer),
  amount: at('montant', euros('new-total')),
  winners: at('titulaires', listOf(holder, 'titulaire')),
  notificationDate: at('dateNotificationModification', day),
  publicationDate: at('datePublicationDonneesModification', day),
}

/** The form has one amount for two things: the price of a contract, or the most a framework agreement may cost. */
function amountMeaning({ techniques, modalitesExecution }: Json): Money['meaning'] {
  const holds = (holder: unknown, name: string, word: string): boolean => {
    const list = isObject(holder) ? holder[name] : undefined
    return Array.isArray(list) && list.includes(word)
  }
  const isFramework =
    holds(techniques, 'technique', 'Accord-cadre') || holds(modalitesExecution, 'modaliteExecution', 'Bons de commande')
  return isFramework ? 'framework-maximum' : 'awarded'
}

/** DECP 2.0.4 `marche`: arrêté of 22 December 2022 (NOR ECOM2235715A). */
export const marche: AwardFields = {
  internalId: at('id', text),
  buyer: at('acheteur', object(buyer)),
  nature: at('nature', text),
  title: at('objet', text),
  cpv: at('codeCPV', text),
  techniques: at('techniques/technique', texts),
  modalitesExecution: at('modalitesExecution/modaliteExecution', texts),
  frameworkId: at('idAccordCadre', text),
  innovative: at('marcheInnovant', flag),
  ccag: at('ccag', text),
  tendersReceived: at('offresRecues', integer),
  advanceGranted: at('attributionAvance', flag),
  advanceRate: at('tauxAvance', share),
  groupement: at('typeGroupementOperateurs', text),
  subcontractingDeclared: at('sousTraitanceDeclaree', flag),
  subcontracts: at('actesSousTraitance', listOf(subcontracts, 'acteSousTraitance')),
  procedure: at('procedure', text),
  place: at('lieuExecution', object(place)),
  durationMonths: at('dureeMois', integer),
  notificationDate: at('dateNotification', day),
  publicationDate: at('datePublicationDonnees', day),
  amount: at('montant', euros(amountMeaning)),
  priceTypes: at('typesPrix/typePrix', texts),
  priceForm: at('formePrix', text),
  shareEU: at('origineUE', share),
  shareFrance: at('origineFrance', share),
  winners: at('titulaires', listOf(holder, 'titulaire')),
  considerationsSociales: at('considerationsSociales/considerationSociale', texts),
  considerationsEnvironnementales: at('considerationsEnvironnementales/considerationEnvironnementale', texts),
  modifications: at('modifications', listOf(modifications, 'modification')),
  subcontractChanges: at(
    'modificationsActesSousTraitance',
    listOf(subcontractChanges, 'modificationActeSousTraitance'),
  ),
  uid: undefined,
  priceVariation: undefined,
  signatureDate: undefined,
  startDate: undefined,
  subsidy: undefined,
  yearlyFigures: undefined,
}

const concessionModifications: FieldsOf<AwardModification> = {
  id: at('id', integer),
  purpose: undefined,
  durationMonths: at('dureeMois', integer),
  amount: at('valeurGlobale', euros('new-total')),
  winners: undefined,
  notificationDate: at('dateSignatureModification', day),
  publicationDate: at('datePublicationDonneesModification', day),
}

export type Tariff = NonNullable<AwardYearlyFigures['tariffs']>[number]

const tariff: FieldsOf<Tariff> = { title: at('intituleTarif', text), amount: at('tarif', euros('tariff')) }

const yearlyFigures: FieldsOf<AwardYearlyFigures> = {
  publicationDate: at('datePublicationDonneesExecution', day),
  investment: at('depensesInvestissement', euros('investment')),
  tariffs: at('tarifs', listOf(tariff, 'tarif')),
}

/** DECP 2.0.4 `contrat-concession`: arrêté of 22 December 2022 (NOR ECOM2235716A). */
export const concession: AwardFields = {
  internalId: at('id', text),
  buyer: at('autoriteConcedante', object(buyer)),
  nature: at('nature', text),
  title: at('objet', text),
  procedure: at('procedure', text),
  durationMonths: at('dureeMois', integer),
  signatureDate: at('dateSignature', day),
  startDate: at('dateDebutExecution', day),
  publicationDate: at('datePublicationDonnees', day),
  amount: at('valeurGlobale', euros('concession-value')),
  subsidy: at('montantSubventionPublique', euros('subsidy')),
  winners: at('concessionnaires', listOf(holder, 'concessionnaire')),
  considerationsSociales: at('considerationsSociales/considerationSociale', texts),
  considerationsEnvironnementales: at('considerationsEnvironnementales/considerationEnvironnementale', texts),
  yearlyFigures: at('donneesExecution', listOf(yearlyFigures, 'donneesAnnuelles')),
  modifications: at('modifications', listOf(concessionModifications, 'modification')),
  uid: undefined,
  cpv: undefined,
  techniques: undefined,
  modalitesExecution: undefined,
  frameworkId: undefined,
  innovative: undefined,
  ccag: undefined,
  tendersReceived: undefined,
  advanceGranted: undefined,
  advanceRate: undefined,
  groupement: undefined,
  place: undefined,
  notificationDate: undefined,
  priceTypes: undefined,
  priceForm: undefined,
  priceVariation: undefined,
  shareEU: undefined,
  shareFrance: undefined,
  subcontractingDeclared: undefined,
  subcontracts: undefined,
  subcontractChanges: undefined,
}
