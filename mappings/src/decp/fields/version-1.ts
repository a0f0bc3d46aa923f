import type { AwardModification, AwardParty, AwardPlace, AwardYearlyFigures, Money } from '@socle/schemas'
import { type FieldsOf, type Json, at, constant, day, euros, integer, listOf, object, text } from './codec.ts'
import { type AwardFields, type Tariff, concession as concession2, marche as marche2 } from './version-2.ts'

const holder: FieldsOf<AwardParty> = {
  scheme: at<AwardParty['scheme']>('typeIdentifiant', {
    read: (source) => source as AwardParty['scheme'],
    write: (scheme) => scheme,
  }),
  value: at('id', text),
  name: at('denominationSociale', text),
}

const buyer: FieldsOf<AwardParty> = {
  scheme: constant<AwardParty['scheme']>('SIRET'),
  value: at('id', text),
  name: at('nom', text),
}

const place: FieldsOf<AwardPlace> = { code: at('code', text), codeType: at('typeCode', text), name: at('nom', text) }

const modifications: FieldsOf<AwardModification> = {
  id: undefined,
  purpose: at('objetModification', text),
  durationMonths: at('dureeMois', integer),
  amount: at('montant', euros('new-total')),
  winners: at('titulaires', listOf(holder)),
  notificationDate: at('dateNotificationModification', day),
  publicationDate: at('datePublicationDonneesModification', day),
}

function amountMeaning({ nature }: Json): Money['meaning'] {
  return nature === 'Accord-cadre' ? 'framework-maximum' : 'awarded'
}

/** Asked by version 2 alone: in an older record nobody said them, and nobody may guess them. */
const unknown = {
  techniques: undefined,
  modalitesExecution: undefined,
  frameworkId: undefined,
  innovative: undefined,
  ccag: undefined,
  tendersReceived: undefined,
  advanceGranted: undefined,
  advanceRate: undefined,
  groupement: undefined,
  subcontractingDeclared: undefined,
  subcontracts: undefined,
  subcontractChanges: undefined,
  priceTypes: undefined,
  priceForm: undefined,
  shareEU: undefined,
  shareFrance: undefined,
  considerationsSociales: undefined,
  considerationsEnvironnementales: undefined,
} as const

/** DECP 1.5.0 `marche`: arrêté of 22 March 2019. `formePrix` says there how the price varies. */
export const marche: AwardFields = {
  ...marche2,
  ...unknown,
  uid: at('uid', text),
  buyer: at('acheteur', object(buyer)),
  place: at('lieuExecution', object(place)),
  amount: at('montant', euros(amountMeaning)),
  priceVariation: at('formePrix', text),
  winners: at('titulaires', listOf(holder)),
  modifications: at('modifications', listOf(modifications)),
}

const concessionModifications: FieldsOf<AwardModification> = {
  id: undefined,
  purpose: at('objetModification', text),
  durationMonths: at('dureeMois', integer),
  amount: at('valeurGlobale', euros('new-total')),
  winners: undefined,
  notificationDate: at('dateSignatureModification', day),
  publicationDate: at('datePublicationDonneesModification', day),
}

const tariff: FieldsOf<Tariff> = { title: at('intituleTarif', text), amount: at('tarif', euros('tariff')) }

const yearlyFigures: FieldsOf<AwardYearlyFigures> = {
  publicationDate: at('datePublicationDonneesExecution', day),
  investment: at('depensesInvestissement', euros('investment')),
  tariffs: at('tarifs', listOf(tariff)),
}

/** DECP 1.5.0 `contrat-concession`. */
export const concession: AwardFields = {
  ...concession2,
  ...unknown,
  uid: at('uid', text),
  buyer: at('autoriteConcedante', object(buyer)),
  place: at('lieuExecution', object(place)),
  winners: at('concessionnaires', listOf(holder)),
  yearlyFigures: at('donneesExecution', listOf(yearlyFigures)),
  modifications: at('modifications', listOf(concessionModifications)),
}
