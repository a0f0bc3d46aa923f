import type { Notice, NoticeAward, NoticeOrganisation } from '@socle/schemas'
import type { XmlNode } from '../xml/node.ts'
import { textOf } from '../xml/node.ts'
import { choices } from './codes.ts'
import { decisionFields, totalFields, winnerFields, winnerIdFields } from './fields.ts'
import { identifyWinner } from './identify.ts'
import { childAt, childrenAt, isFilled, nodesAt } from './nodes.ts'
import { type Built, readTable } from './read-row.ts'
import { readType } from './types.ts'
import { type Reading, tell, within } from './reading.ts'

/** What an award notice adds to a notice. */
export interface ReadAward {
  readonly award: NoticeAward | undefined
  /** Winners, to be named among the organisations of the notice. */
  readonly winners: readonly NoticeOrganisation[]
  /** The result, where the form has a sentence for it. */
  readonly words: Notice['additionalInformation']
}

interface Awarding {
  readonly results: NonNullable<NoticeAward['results']>[number][]
  readonly tenders: NonNullable<NoticeAward['tenders']>[number][]
  readonly parties: NonNullable<NoticeAward['parties']>[number][]
  readonly contracts: NonNullable<NoticeAward['contracts']>[number][]
  readonly winners: NoticeOrganisation[]
}

/**
 * Decisions, winners and amounts. FNSimple has one sentence for all of them: it is kept as words, and told. Where a
 * decision names several winners the source does not say whether they are a group: each is read by itself, and told.
 */
export function readAward(reading: Reading): ReadAward {
  const { roots } = reading
  const [sentence] = nodesAt(roots, { root: 'B', steps: ['attributionMarche'] }).filter(isFilled)
  const text = textOf(sentence)
  if (sentence !== undefined && text !== undefined) {
    reading.used.add(sentence)
    tell(reading, 'BOAMP-AWARD-PROSE', sentence, { value: text })
  }
  const awarding: Awarding = { results: [], tenders: [], parties: [], contracts: [], winners: [] }
  for (const decision of decisions(reading)) readDecision(decision, awarding, within(reading, { A: decision }))
  const total = readTable(totalFields, reading, '/award')
  const { results, tenders, parties, contracts, winners } = awarding
  const lists = Object.entries({ results, tenders, parties, contracts }).filter(([, list]) => list.length > 0)
  const award: NoticeAward = { ...total, ...Object.fromEntries(lists) }
  return {
    award: Object.keys(award).length === 0 ? undefined : award,
    winners,
    words: text === undefined ? undefined : { text },
  }
}

function decisions({ roots }: Reading): readonly XmlNode[] {
  const paths = [
    { root: 'B', steps: ['attribution', 'resultat'] },
    { root: 'D', steps: ['ATTRIBUTION', 'DECISION'] },
  ] as const
  return paths.flatMap((path) => nodesAt(roots, path)).filter(isFilled)
}

function readDecision(decision: XmlNode, awarding: Awarding, reading: Reading): void {
  const number = awarding.results.length
  const read = readTable(decisionFields, reading, `/award/results/${number}`)
  const { lot, offers, title, reference, decidedOn } = read
  const pairs = winnersOf(decision)
  if (pairs.length > 1) tell(reading, 'BOAMP-SEVERAL-WINNERS', decision, { value: String(pairs.length) })
  const outcome = outcomeOf(decision) ?? (pairs.length > 0 ? 'selec-w' : undefined)
  const tenders = pairs.map((pair) => addTender(pair, { lot, awarding }, reading))
  const contract = `CON-${String(awarding.contracts.length + 1).padStart(4, '0')}`
  const isContract = tenders.length > 0
  awarding.results.push({
    id: `RES-${String(number + 1).padStart(4, '0')}`,
    ...present({ lot, outcome }),
    ...(typeof offers === 'number' ? { submissions: [{ type: 'tenders', count: offers }] } : {}),
    ...(isContract ? { tenders, contracts: [contract] } : {}),
  })
  if (isContract) awarding.contracts.push({ id: contract, ...present({ title, reference, decidedOn }), tenders })
}

function present(values: Built): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

function outcomeOf(decision: XmlNode): string | undefined {
  const known = choices['outcome']?.known ?? {}
  return decision.children.flatMap(({ name }) => known[name.toLowerCase()] ?? [])[0]
}

interface Pair {
  readonly winner: XmlNode
  readonly amount: XmlNode | undefined
}

/** Each winner with its amount: side by side in MAPA, in the element that follows it in the old form. */
function winnersOf(decision: XmlNode): Pair[] {
  const modern = childrenAt(decision, 'attribue').flatMap((each) =>
    childrenAt(each, 'titulaire').map((winner) => ({ winner, amount: childAt(each, 'montant') })),
  )
  const { children } = decision
  const old = children.flatMap((winner, place) => {
    if (winner.name !== 'TITULAIRE') return []
    const next = children[place + 1]
    return [{ winner, amount: next?.name === 'RENSEIGNEMENT' ? childAt(next, 'MONTANT') : undefined }]
  })
  return [...modern, ...old].filter(({ winner }) => isFilled(winner))
}

interface Tendering {
  readonly lot: unknown
  readonly awarding: Awarding
}

function addTender({ winner, amount }: Pair, { lot, awarding }: Tendering, reading: Reading): string {
  const suffix = String(awarding.tenders.length + 1).padStart(4, '0')
  const ref = addWinner(winner, awarding, reading)
  if (amount !== undefined) reading.used.add(amount)
  const value = amount === undefined ? undefined : readType('money:awarded', [amount], reading)
  const party = ref === undefined ? undefined : `TPA-${suffix}`
  if (ref !== undefined) awarding.parties.push({ id: `TPA-${suffix}`, tenderers: [{ organisation: ref }] })
  awarding.tenders.push({ id: `TEN-${suffix}`, ...present({ lot, value, party }) })
  return `TEN-${suffix}`
}

/** Adds a winner to the organisations and gives its reference; one without a name is told and left out. */
function addWinner(winner: XmlNode, { winners }: Awarding, reading: Reading): string | undefined {
  // The buyer is the first organisation of a notice.
  const place = winners.length + 1
  const own = within(reading, { W: winner })
  const { name, ...rest } = readTable(winnerFields, own, `/organisations/${place}`)
  const id = identifyWinner(winnerIdFields, own)
  const person = typeof name === 'string' ? undefined : personName(childAt(winner, 'PersonnePhysique'))
  const known = typeof name === 'string' ? name : person
  if (known === undefined) {
    tell(reading, 'BOAMP-WINNER', winner)
    return undefined
  }
  const ref = `ORG-${String(place + 1).padStart(4, '0')}`
  const natural = person === undefined ? {} : { naturalPerson: true }
  winners.push({ ref, name: known, ...rest, ...present({ id }), ...natural })
  return ref
}

function personName(person: XmlNode | undefined): string | undefined {
  const parts = ['pren', 'nom'].flatMap((name) => textOf(childAt(person, name)) ?? [])
  return parts.length === 0 ? undefined : parts.join(' ')
}
