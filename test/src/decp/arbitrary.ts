import type { Award, AwardModification, AwardParty, Money } from '@socle/schemas'
import * as fc from 'fast-check'

/** Texts that XML 1.0 and JSON both carry, with the signs that trouble one of them. */
const text = (maxLength: number, minLength = 0): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.oneof(
      fc.constantFrom('&', '<', '>', '"', "'", ']]>', '\n', '\t', '\r', ' ', 'é', '’', '😀'),
      fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }),
    ),
    minLength,
    maxLength: Math.floor(maxLength / 3),
  })

/** Cut at the limit of the form, which counts as its schema does. */
const id: fc.Arbitrary<string> = fc.stringMatching(/^[A-Za-z0-9/\-_.#]{1,16}$/)
const digits = (length: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`))
const day = fc
  .date({ min: new Date('2015-01-01'), max: new Date('2026-11-01'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const months = fc.integer({ min: 1, max: 360 })
const among = (...words: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...words)
const some = (...words: readonly string[]): fc.Arbitrary<readonly string[]> => fc.subarray([...words], { minLength: 1 })

/** Amounts with two decimals at most and digits that a double keeps. */
const amount = (least: number): fc.Arbitrary<string> =>
  fc.integer({ min: least * 100, max: 290_000_000_000 }).map((cents) => String(cents / 100))
const share = fc.integer({ min: 0, max: 1000 }).map((thousandths) => String(thousandths / 1000))
const money = (meaning: Money['meaning'], least = 1): fc.Arbitrary<Money> =>
  amount(least).map((value) => ({ amount: value, currency: 'EUR', meaning }))

const party: fc.Arbitrary<AwardParty> = fc.oneof(
  digits(14).map((value): AwardParty => ({ scheme: 'SIRET', value })),
  fc.record({
    scheme: fc.constantFrom<AwardParty['scheme']>('TVA', 'TAHITI', 'RIDET', 'FRWF', 'IREP', 'HORS-UE'),
    value: text(60, 1).filter((value) => value.trim() !== ''),
  }),
)
const parties = fc.uniqueArray(party, { minLength: 1, maxLength: 4, selector: ({ scheme, value }) => scheme + value })

/** The fields in any combination; those left out are not there at all. */
function optional<T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<Partial<T>> {
  // What the library says of the type is the same, at more length than the compiler follows.
  return fc.record(fields, { requiredKeys: [] }) as unknown as fc.Arbitrary<Partial<T>>
}

const modification = (withWinners: boolean): fc.Arbitrary<AwardModification> =>
  fc
    .tuple(
      fc.record({ id: fc.integer({ min: 1, max: 900 }), notificationDate: day, publicationDate: day }),
      optional({ durationMonths: months, amount: money('new-total') }),
      withWinners ? optional({ winners: parties }) : fc.constant({}),
    )
    .map(([required, changed, winners]) => ({ ...required, ...changed, ...winners }))

const environment = some('Clause environnementale', 'Critère environnemental', 'Pas de considération environnementale')
const common = {
  kind: fc.constant('award' as const),
  version: fc.constant('2.0.4' as const),
  buyer: digits(14).map((value): AwardParty => ({ scheme: 'SIRET', value })),
  internalId: id,
  title: text(1000),
  durationMonths: months,
  publicationDate: day,
  winners: parties,
  considerationsEnvironnementales: environment,
}

const subcontract = fc.record({
  id: fc.integer({ min: 1, max: 900 }),
  subcontractor: party,
  durationMonths: months,
  notificationDate: day,
  publicationDate: day,
  amount: money('subcontract'),
  priceVariation: among('Ferme', 'Actualisable', 'Révisable'),
})
const subcontractChange = fc
  .tuple(
    fc.record({ subcontract: fc.integer({ min: 1, max: 900 }), notificationDate: day, publicationDate: day }),
    optional({ durationMonths: months, amount: money('new-total') }),
  )
  .map(([required, changed]) => ({ ...required, ...changed }))

const marche: fc.Arbitrary<Award> = fc
  .tuple(
    fc.record({
      ...common,
      contract: fc.constant('marche' as const),
      nature: among('Marché', 'Marché de partenariat', 'Marché de défense ou de sécurité'),
      cpv: fc.constantFrom('45261910', '45261910-6', '03000000-1'),
      procedure: among('Procédure adaptée', "Appel d'offres ouvert", 'Dialogue compétitif'),
      techniques: some('Accord-cadre', "Système d'acquisition dynamique", 'Sans objet'),
      modalitesExecution: some('Tranches', 'Bons de commande', 'Sans objet'),
      innovative: fc.boolean(),
      ccag: among("Maitrise d'œuvre", "Techniques de l'information et de la communication", 'Pas de CCAG'),
      tendersReceived: fc.integer({ min: 1, max: 500 }),
      advanceGranted: fc.boolean(),
      groupement: among('Conjoint', 'Solidaire', 'Pas de groupement'),
      place: fc.record({ code: text(20), codeType: among('Code postal', 'Code département', 'Code pays') }),
      notificationDate: day,
      amount: money('awarded'),
      priceTypes: some('Définitif ferme', 'Définitif révisable', 'Provisoire'),
      priceForm: among('Unitaire', 'Forfaitaire', 'Mixte'),
      considerationsSociales: some(
        'Clause sociale',
        'Critère social',
        'Marché réservé',
        'Pas de considération sociale',
      ),
      subcontractingDeclared: fc.boolean(),
    }),
    optional({
      frameworkId: id,
      advanceRate: share,
      shareEU: share,
      shareFrance: share,
      subcontracts: fc.array(subcontract, { minLength: 1, maxLength: 3 }),
      subcontractChanges: fc.array(subcontractChange, { minLength: 1, maxLength: 3 }),
      modifications: fc.array(modification(true), { minLength: 1, maxLength: 3 }),
    }),
  )
  .map(([required, more]) => {
    const isFramework =
      required.techniques.includes('Accord-cadre') || required.modalitesExecution.includes('Bons de commande')
    const meaning = isFramework ? ('framework-maximum' as const) : ('awarded' as const)
    return { ...required, ...more, amount: { ...required.amount, meaning } }
  })

const yearly = fc.record({
  publicationDate: day,
  investment: money('investment', 0),
  tariffs: fc.array(fc.record({ title: text(256), amount: money('tariff', 0) }), { minLength: 1, maxLength: 3 }),
})

const concession: fc.Arbitrary<Award> = fc
  .tuple(
    fc.record({
      ...common,
      contract: fc.constant('contrat-concession' as const),
      nature: among('Concession de travaux', 'Délégation de service public'),
      procedure: among('Procédure négociée ouverte', 'Procédure non négociée restreinte'),
      signatureDate: day,
      startDate: day,
      amount: money('concession-value'),
      subsidy: money('subsidy', 0),
      considerationsSociales: some('Clause sociale', 'Concession réservée', 'Pas de considération sociale'),
    }),
    optional({
      modifications: fc.array(modification(false), { minLength: 1, maxLength: 3 }),
      yearlyFigures: fc.array(yearly, { minLength: 1, maxLength: 2 }),
    }),
  )
  .map(([required, more]) => ({ ...required, ...more }))

/** Any award that version 2 can say, contract or concession. */
export const anyAward: fc.Arbitrary<Award> = fc.oneof(marche, concession)
