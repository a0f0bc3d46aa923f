import { readFileSync } from 'node:fs'
import { join as path } from 'node:path'
import { Writable } from 'node:stream'
import { createMemoryBus } from '@socle/gateway'
import { examine } from '@socle/mappings'
import { type Finding, type Kind, personalValuesOf, type Receipt } from '@socle/schemas'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { join, type Party } from './party.ts'
import { type Receiver, startReceiver } from './receiver.ts'

const read = (name: string): string =>
  readFileSync(path(import.meta.dirname, '../../../schemas/examples/documents', name), 'utf8')

/** Nobody is called this. */
const mark = 'PLANTED'
/** Nobody has it. */
const number = '199007733'

/** Mails and telephones of a sample become planted ones, and contacts get a planted name. */
function planted(text: string): string {
  let count = 0
  return text
    .replace(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, () => `${mark.toLowerCase()}-${count++}@personne.example`)
    .replace(/(<cbc:Telephone>|<TEL>|"tel(?:Contact)?": ?")[^<"]+/g, `$1+33 ${number}`)
    .replaceAll('<cac:Contact>', `<cac:Contact><cbc:Name>${mark}-NAME-1</cbc:Name>`)
    .replaceAll('Service des marchés', `${mark}-NAME-1`)
}

const buyerContact = `<cac:Contact><cbc:Name>${mark}-NAME-1</cbc:Name><cbc:Telephone>${number}</cbc:Telephone>
  <cbc:ElectronicMail>${mark.toLowerCase()}-name-1@personne.example</cbc:ElectronicMail></cac:Contact>`

/** DECP 1.5.0: the only version that names winners. */
const oldAward = JSON.stringify({
  marches: [
    {
      _type: 'Marché',
      id: '2021-0001',
      uid: `${buyerSiret}2021-0001`,
      acheteur: { id: buyerSiret, nom: 'Commune' },
      nature: 'Marché',
      objet: 'Entretien',
      codeCPV: '77310000-6',
      procedure: 'Procédure adaptée',
      lieuExecution: { code: '69001', typeCode: 'Code postal', nom: 'Lyon' },
      dureeMois: 12,
      dateNotification: '2021-09-01',
      datePublicationDonnees: '2021-09-15',
      montant: 48000,
      formePrix: 'Ferme',
      modifications: [],
      titulaires: [{ typeIdentifiant: 'SIRET', id: '55210055400013', denominationSociale: `${mark}-NAME-1` }],
    },
  ],
})

const faulty = 'eForms, faulty'

const documents: readonly (readonly [name: string, kind: Kind, text: string])[] = [
  ['eForms', 'notice', planted(read('eforms-cn-16.xml'))],
  ['eForms, results', 'notice', planted(read('eforms-can-29.xml'))],
  // A mail that is none, so that a rule says so.
  [faulty, 'notice', planted(read('eforms-pin-4.xml')).replaceAll('@personne.example', ` chez ${mark}`)],
  ['BOAMP JSON', 'notice', planted(read('boamp-mapa.json'))],
  ['BOAMP XML', 'notice', planted(read('boamp-annonce.xml'))],
  [
    'e-DUME request',
    'dume-request',
    read('espd-request-4.1.0.xml').replace('    </cac:Party>', `${buyerContact}</cac:Party>`),
  ],
  [
    'e-DUME response',
    'dume-response',
    read('espd-response-4.1.0.xml').replaceAll('Couverture Exemple SARL', `${mark}-NAME-1`),
  ],
  ['DECP 1.5.0', 'award', oldAward],
]

/** What BOAMP notices do not say. */
const unsaid = { 'hub-buyer': buyerSiret, 'hub-consultation': 'C-1' }

let hub: TestHub
let receiver: Receiver
let sender: Party
let recipient: Party
const logged: string[] = []
const published: string[] = []
const receipts = new Map<string, Receipt>()

beforeAll(async () => {
  receiver = await startReceiver()
  const bus = createMemoryBus()
  for (const subject of ['notices', 'dume-requests', 'dume-responses', 'awards', 'outcomes'])
    bus.subscribe(`tncp.sandbox.${subject}.v1`, async ({ attributes, data, key }) => {
      published.push(JSON.stringify([attributes, key, Buffer.from(data).toString('utf8')]))
      await Promise.resolve()
    })
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged.push(chunk.toString('utf8'))
      done()
    },
  })
  hub = await startHub({ bus, log: pino({ level: 'trace' }, stream) })
  sender = await join(hub, 'profil-a', { buyers: [buyerSiret] })
  recipient = await join(hub, 'gestion-c', { buyers: [buyerSiret] })
  expect((await recipient.post('/v1/subscriptions', { url: receiver.url })).status).toBe(201)
  for (const [name, kind, text] of documents) {
    const answer = await sender.deposit(kind, text, { headers: name.startsWith('BOAMP') ? unsaid : {} })
    const { receipt } = answer.json<{ readonly receipt?: Receipt }>()
    receipts.set(name, receipt ?? answer.json<Receipt>())
  }
  const wanted = [...receipts.values()].filter(({ state }) => state === 'recorded').length
  const end = performance.now() + 20_000
  while ((receiver.pushes.length < wanted || published.length < wanted) && performance.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 50))
}, 120_000)
afterAll(async () => {
  await hub[Symbol.asyncDispose]()
  await receiver[Symbol.asyncDispose]()
})

const holds = (text: string): boolean => text.toLowerCase().includes(mark.toLowerCase()) || text.includes(number)

describe('planted personal values', () => {
  test.each(documents.map(([name, kind, text]) => [name, kind, text] as const))(
    'of %s are read as such',
    (_, kind, text) => {
      const { records } = examine(Buffer.from(text), { now: new Date(), packs: 'none', expect: kind })
      const canonical = records[0]?.canonical
      expect(canonical && personalValuesOf(canonical).filter(holds).length).toBeGreaterThan(0)
    },
  )

  test('of most documents are accepted, and served to whoever may read them', async () => {
    const recorded = [...receipts].filter(([, { state }]) => state === 'recorded')
    expect(recorded.length).toBeGreaterThanOrEqual(6)
    for (const [name, { id }] of recorded)
      expect(holds((await recipient.ask(`/v1/documents/${id}/canonical`)).text), name).toBe(true)
  })

  test('stand in no leaf and no envelope of the log, of refusals neither', async () => {
    const entries = await hub.hub.store.reader.selectFrom('entries').select(['kind', 'leaf', 'envelope']).execute()
    expect(entries.length).toBeGreaterThan(documents.length)
    const found = entries.filter(({ leaf, envelope }) =>
      holds(Buffer.from(leaf).toString('utf8') + Buffer.from(envelope).toString('utf8')),
    )
    expect(found.map(({ envelope }) => Buffer.from(envelope).toString('utf8'))).toEqual([])
  })

  test('stand in no event, by feed, webhook or topic', async () => {
    const { events } = await recipient.feed('?limit=500')
    const recorded = [...receipts.values()].filter(({ state }) => state === 'recorded').length
    expect([events.length, receiver.pushes.length, published.length]).toEqual([recorded, recorded, recorded])
    // Notices, requests and awards travel with their canonical form all the same.
    expect(events.filter(({ data }) => data.canonical !== undefined).length).toBe(recorded - 1)
    expect(events.filter((event) => holds(JSON.stringify(event)))).toEqual([])
    expect(receiver.pushes.filter(({ body }) => holds(body))).toEqual([])
    expect(published.filter(holds)).toEqual([])
  })

  test('stand in no line of the hub’s log at its most talkative', () => {
    expect(logged.length).toBeGreaterThan(documents.length)
    expect(logged.filter(holds)).toEqual([])
  })

  test('come back to their sender in the findings of the answer, which the receipt of the refusal has without them', async () => {
    const [, kind, text] = documents.find(([name]) => name === faulty) ?? ['', 'notice', '']
    const answer = await sender.deposit(kind, text)
    const { errors: findings = [], receipt } = answer.json<{ errors?: readonly Finding[]; receipt?: Receipt }>()
    expect(answer.status).toBe(422)
    const found = findings.filter((finding) => holds(JSON.stringify(finding)))
    expect(found.length).toBeGreaterThan(0)
    const kept = receipt?.envelope.findings ?? []
    expect(kept.map(({ rule, xpath }) => [rule, xpath])).toEqual(findings.map(({ rule, xpath }) => [rule, xpath]))
    expect(kept.filter((finding) => holds(JSON.stringify(finding)))).toEqual([])
  })
})
