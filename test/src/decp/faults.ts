import { writeDecpXml, examine } from '@socle/mappings'
import { type Json, aContract, fileOf } from './base.ts'

/** One fault put into a good record: what it is, what the official schema says of it, and the file. */
export interface Fault {
  readonly name: string
  readonly official: 'accepts' | 'refuses'
  readonly file: string
}

type Spoil = (record: Json) => void

function fault(official: Fault['official'], name: string, spoil: Spoil): Fault {
  const record = aContract()
  spoil(record)
  return { name, official, file: fileOf(record) }
}

/** Sets one property; `undefined` takes it out. */
function set(path: string, value: unknown): Spoil {
  return (record) => {
    const steps = path.split('/')
    const last = steps.pop() ?? ''
    let holder: Json = record
    for (const step of steps) holder = holder[step] as Json
    if (value === undefined) delete holder[last]
    else holder[last] = value
  }
}

const all =
  (...spoils: readonly Spoil[]): Spoil =>
  (record) => {
    for (const spoil of spoils) spoil(record)
  }

const siret = (id: string): Json => ({ titulaire: { typeIdentifiant: 'SIRET', id } })
const winner = (id: string): Spoil => set('titulaires', [siret(id)])
const change = (id: number, more: Json = { dureeMois: 9 }): Json => ({
  modification: {
    id,
    dateNotificationModification: '2026-05-04',
    datePublicationDonneesModification: '2026-05-10',
    ...more,
  },
})
const bell = String.fromCharCode(7)

const accepts: readonly (readonly [string, Spoil])[] = [
  ['date 2024-99-99', set('dateNotification', '2024-99-99')],
  ['date with words before and time after', set('dateNotification', 'xx2024-05-15T00:00:00+02:00')],
  ['year 0206', set('dateNotification', '0206-02-20')],
  ['year 2066', set('dateNotification', '2066-02-20')],
  ['publication before notification', set('datePublicationDonnees', '2026-02-19')],
  ['share of the Union below that of France', set('origineUE', 0.2)],
  ['winner SIRET NC', winner('NC')],
  ['winner SIRET empty', winner('')],
  ['winner SIRET of 15 digits', winner('732829320000745')],
  ['buyer SIRET failing Luhn', set('acheteur/id', '21690123100012')],
  ['unknown property inside a winner', set('titulaires/0/titulaire/denomination', 'Toitures')],
  ['amount 1e12', set('montant', 1e12)],
  ['amount 123456789', all(set('montant', 123456789), set('modifications', undefined))],
  ['duration of 9999 months', set('dureeMois', 9999)],
  ['CPV 00000000', set('codeCPV', '00000000')],
  ['CPV with a wrong check digit', set('codeCPV', '45261910-7')],
  ['id with a blank, a comma, a quote and an ampersand', set('id', 'a b,"&')],
  ['empty place code', set('lieuExecution/code', '')],
  ['empty object', set('objet', '')],
  ['control character in the object', set('objet', `Réfection${bell} de la toiture`)],
  [
    'no consideration together with a clause',
    set('considerationsSociales/considerationSociale', ['Clause sociale', 'Pas de considération sociale']),
  ],
  ['modification that changes nothing', set('modifications', [change(1, {})])],
  ['two modifications with one id', set('modifications', [change(1), change(1, { montant: 195000 })])],
  ['modification id 49006', set('modifications', [change(49006)])],
  ['advance without rate', set('tauxAvance', undefined)],
  ['no advance but a rate of 0.5', all(set('attributionAvance', false), set('tauxAvance', 0.5))],
  ['change of an unknown subcontract', set('modificationsActesSousTraitance/0/modificationActeSousTraitance/id', 7)],
  [
    'subcontracting declared without act',
    all(set('actesSousTraitance', undefined), set('modificationsActesSousTraitance', undefined)),
  ],
  ['several winners without a consortium', set('titulaires', [siret('73282932000074'), siret('35600000000048')])],
]

const refuses: readonly (readonly [string, Spoil])[] = [
  ['share null', set('origineUE', null)],
  ['buyer SIRET with blanks', set('acheteur/id', '216 901 231 00011')],
  ['unknown properties of the record (uid, source)', all(set('uid', '1'), set('source', 'profil'))],
  ['winner without wrapper', set('titulaires', [{ typeIdentifiant: 'SIRET', id: '73282932000074' }])],
  ['the same winner twice', set('titulaires', [siret('73282932000074'), siret('73282932000074')])],
  ['amount 0', set('montant', 0)],
  ['amount as text', set('montant', '184500.5')],
  ['no tender received', set('offresRecues', 0)],
  ['tenders NC', set('offresRecues', 'NC')],
  ['CPV of 7 digits', set('codeCPV', '4526191')],
  ['id of 17 characters', set('id', '2026-TVX-01234567')],
  ['CODE DEPARTEMENT', set('lieuExecution', { code: '69', typeCode: 'CODE DEPARTEMENT' })],
  ['flat techniques', set('techniques', ['Sans objet'])],
  ['innovative oui', set('marcheInnovant', 'oui')],
  ['empty list of modifications', set('modifications', [])],
  ['framework id empty', set('idAccordCadre', '')],
  ['framework id null', set('idAccordCadre', null)],
  [
    'XML spelling of the subcontract change',
    (record) => {
      const [{ modificationActeSousTraitance }] = record['modificationsActesSousTraitance'] as [Json]
      record['modificationsActesSousTraitance'] = [{ modificationActesSousTraitance: modificationActeSousTraitance }]
    },
  ],
  ['object of 1001 characters', set('objet', 'x'.repeat(1001))],
]

/** 29 faults that the JSON schema of 2.0.4 accepts, 19 that it refuses. */
export function jsonFaults(): readonly Fault[] {
  return [
    ...accepts.map(([name, spoil]) => fault('accepts', name, spoil)),
    ...refuses.map(([name, spoil]) => fault('refuses', name, spoil)),
  ]
}

/** The good record in XML. */
export function aContractInXml(): string {
  const [record] = examine(Buffer.from(fileOf(aContract()))).records
  const award = record?.canonical
  if (award?.kind !== 'award') throw new Error('the base record is refused')
  const written = writeDecpXml(award)
  if (!('content' in written)) throw new Error('the base record cannot be written')
  return written.content
}

const inXml: readonly (readonly [Fault['official'], string, string, string])[] = [
  ['accepts', 'year 0206', '<dateNotification>2026-02-20<', '<dateNotification>0206-02-20<'],
  ['accepts', 'year 2066', '<dateNotification>2026-02-20<', '<dateNotification>2066-02-20<'],
  ['accepts', 'date with Z', '<dateNotification>2026-02-20<', '<dateNotification>2026-02-20Z<'],
  ['accepts', 'date with +02:00', '<dateNotification>2026-02-20<', '<dateNotification>2026-02-20+02:00<'],
  ['accepts', 'blanks around the amount', '<montant>184500.5<', '<montant> 184500.5 <'],
  ['accepts', 'empty share (legal)', '<origineUE>0.8</origineUE>', '<origineUE/>'],
  ['accepts', 'oui (legal)', '<attributionAvance>true<', '<attributionAvance>oui<'],
  ['accepts', 'CPV 00000000', '<codeCPV>45261910-6<', '<codeCPV>00000000<'],
  [
    'accepts',
    'the same winner twice',
    '<titulaires>',
    '<titulaires><titulaire><typeIdentifiant>SIRET</typeIdentifiant><id>73282932000074</id></titulaire>',
  ],
  ['accepts', 'the same technique twice', '<techniques>', '<techniques><technique>Sans objet</technique>'],
  ['accepts', 'text in the buyer', '<acheteur>', '<acheteur>Commune'],
  ['accepts', 'empty winner id', '<id>73282932000074<', '<id><'],
  ['accepts', 'id with a leading blank', '<id>2026-TVX-014<', '<id> 2026-TVX-014<'],
  ['accepts', 'empty object', '<objet>Réfection de la toiture du gymnase<', '<objet><'],
  ['refuses', 'date 2024-99-99', '<dateNotification>2026-02-20<', '<dateNotification>2024-99-99<'],
  ['refuses', 'date with time', '<dateNotification>2026-02-20<', '<dateNotification>2026-02-20T00:00:00<'],
  ['refuses', 'amount 1e6', '<montant>184500.5<', '<montant>1e6<'],
  ['refuses', 'amount with a comma', '<montant>184500.5<', '<montant>184500,5<'],
  ['refuses', 'True', '<attributionAvance>true<', '<attributionAvance>True<'],
  ['refuses', 'framework id empty', '<idAccordCadre>AC2025-3<', '<idAccordCadre><'],
  ['refuses', 'unknown element inside a winner', '<titulaire>', '<titulaire><nom>Toitures</nom>'],
  [
    'refuses',
    'JSON spelling of the subcontract change',
    'modificationActesSousTraitance>',
    'modificationActeSousTraitance>',
  ],
  ['refuses', 'no buyer', '<id>21690123100011</id>', ''],
]

/** 15 faults that XSD 2.0.2 accepts (two of them legal by intent), 9 that it refuses. */
export function xmlFaults(): readonly Fault[] {
  const good = aContractInXml()
  const empty: Fault = { name: 'empty file', official: 'accepts', file: '<marches/>' }
  const others = inXml.map(([official, name, before, after]) => {
    const file = good.replaceAll(before, () => after)
    if (file === good) throw new Error(`${name}: ${before} is not in the base record`)
    return { name, official, file }
  })
  return [empty, ...others]
}
