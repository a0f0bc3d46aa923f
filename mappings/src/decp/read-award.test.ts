// oxlint-disable-next-line no-restricted-imports -- tests read the example documents; the code under test reads nothing
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Award, schemas } from '@socle/schemas'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { examine } from '../examine.ts'

const ajv = new Ajv2020({ strict: true, strictRequired: false })
for (const schema of Object.values(schemas)) ajv.addSchema(schema)
const isAward = ajv.getSchema('https://socle.example/schemas/v1/award.schema.json')

const now = new Date('2026-06-01T00:00:00Z')
const bothKinds = readFileSync(
  join(import.meta.dirname, '../../../schemas/examples/rules/DECP-WRAPPER/pass-both-kinds.json'),
)

function awardsOf(bytes: Uint8Array): Award[] {
  const { records, findings } = examine(bytes, { now })
  return records.map(({ canonical }) => {
    if (canonical === undefined || !('contract' in canonical)) throw new Error(JSON.stringify(findings))
    return canonical
  })
}

const euros = (amount: string, meaning: string) => ({ amount, currency: 'EUR', meaning })
const winner = { scheme: 'SIRET', value: '73282932000074' }

test('every property of a contract is carried over, and none is invented', () => {
  const [contract] = awardsOf(bothKinds)
  expect(contract).toEqual({
    kind: 'award',
    contract: 'marche',
    version: '2.0.4',
    buyer: { scheme: 'SIRET', value: '21690123100011' },
    internalId: '2026TVX014',
    nature: 'Marché',
    title: 'Réfection de la toiture du gymnase',
    cpv: '45261910-6',
    procedure: 'Procédure adaptée',
    techniques: ['Sans objet'],
    modalitesExecution: ['Tranches'],
    innovative: false,
    ccag: 'Travaux',
    tendersReceived: 3,
    advanceGranted: true,
    advanceRate: '0.2',
    groupement: 'Pas de groupement',
    place: { code: '69123', codeType: 'Code commune' },
    durationMonths: 8,
    notificationDate: '2026-02-20',
    publicationDate: '2026-03-01',
    amount: euros('184500.5', 'awarded'),
    priceTypes: ['Définitif révisable'],
    priceForm: 'Forfaitaire',
    winners: [winner],
    considerationsSociales: ['Clause sociale'],
    considerationsEnvironnementales: ['Pas de considération environnementale'],
    subcontractingDeclared: true,
    subcontracts: [
      {
        id: 1,
        subcontractor: { scheme: 'SIRET', value: '35600000000048' },
        durationMonths: 2,
        notificationDate: '2026-02-25',
        publicationDate: '2026-03-01',
        amount: euros('20000', 'subcontract'),
        priceVariation: 'Ferme',
      },
    ],
    subcontractChanges: [
      {
        subcontract: 1,
        amount: euros('21000', 'new-total'),
        notificationDate: '2026-05-04',
        publicationDate: '2026-05-10',
      },
    ],
    modifications: [
      {
        id: 1,
        durationMonths: 9,
        amount: euros('190000', 'new-total'),
        notificationDate: '2026-05-04',
        publicationDate: '2026-05-10',
      },
    ],
  })
})

test('a concession is carried over with its yearly figures', () => {
  const [, concession] = awardsOf(bothKinds)
  expect(concession).toMatchObject({
    contract: 'contrat-concession',
    signatureDate: '2026-01-12',
    startDate: '2026-04-01',
    amount: euros('41000000', 'concession-value'),
    subsidy: euros('0', 'subsidy'),
    winners: [winner],
    yearlyFigures: [
      {
        publicationDate: '2026-05-02',
        investment: euros('1250000.75', 'investment'),
        tariffs: [{ title: 'Abonnement annuel', amount: euros('120.4', 'tariff') }],
      },
    ],
    modifications: [
      { id: 1, durationMonths: 252, amount: euros('43000000', 'new-total'), notificationDate: '2026-05-01' },
    ],
  })
})

test('what is read is a valid canonical award', () => {
  for (const award of awardsOf(bothKinds)) expect(isAward?.(award), JSON.stringify(isAward?.errors)).toBe(true)
})

test('the amount of a framework agreement is its maximum', () => {
  const framework = bothKinds.toString().replace('"Sans objet"', '"Accord-cadre"')
  const [contract] = awardsOf(Buffer.from(framework))
  expect(contract?.amount).toEqual(euros('184500.5', 'framework-maximum'))
})
