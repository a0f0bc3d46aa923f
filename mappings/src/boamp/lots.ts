import type { NoticeDeadlines, NoticeLot, NoticeMoment } from '@socle/schemas'
import { some } from '../compact.ts'
import type { XmlNode } from '../xml/node.ts'
import { textOf } from '../xml/node.ts'
import { readCriteria } from './criteria.ts'
import { deadlineFields, documentFields, durationInDays, lotFields, lotPlaceFields } from './fields.ts'
import { childAt, isFilled, nodesAt } from './nodes.ts'
import { readTable } from './read-row.ts'
import { type Reading, type RootName, within } from './reading.ts'
import { type DeadlineContext, type DeadlineSources, readDeadline } from './deadline.ts'

type LotPath = readonly [root: RootName, ...steps: string[]]

const lotPaths: readonly LotPath[] = [
  ['B', 'lots', 'lot'],
  ['B', 'natureMarche', 'lotsMarche', 'lot'],
  ['B', 'natureMarche', 'lotsMarche'],
  ['B', 'lotsMarche', 'lot'],
  ['B', 'descriptionMarche', 'lots', 'lot'],
  ['D', 'OBJET', 'LOTS', 'LOT'],
]

const numbers = ['numLot', 'numero', 'num', 'NUM', 'NUM_LOT']

/** A consultation without lots has one of this id, as eForms has it. */
const unnamed = 'LOT-0000'

/** Lots of a notice; what the notice says of all of them, its deadline first, is given to each. */
export function readLots(reading: Reading, context: DeadlineContext): NoticeLot[] {
  const elements = lotElements(reading)
  const deadlines = readDeadlines(reading, context)
  if (elements.length === 0) return [readLot(undefined, { id: unnamed, index: 0, deadlines }, reading)]
  return elements.map((element, index) => {
    const number = numbers.map((name) => childAt(element, name)).find((node) => textOf(node) !== undefined)
    if (number !== undefined) reading.used.add(number)
    const generated = elements.length === 1 ? unnamed : `LOT-${String(index + 1).padStart(4, '0')}`
    return readLot(element, { id: textOf(number)?.slice(0, 400) ?? generated, index, deadlines }, reading)
  })
}

function lotElements({ roots }: Reading): readonly XmlNode[] {
  for (const [root, ...steps] of lotPaths) {
    const nodes = nodesAt(roots, { root, steps }).filter(isFilled)
    const first = nodes[0]
    // A list of lots may stand bare or in a wrapper: a wrapper is no lot.
    if (first !== undefined && childAt(first, 'lot') === undefined) return nodes
  }
  return []
}

interface LotPlace {
  readonly id: string
  readonly index: number
  readonly deadlines: NoticeDeadlines | undefined
}

function readLot(element: XmlNode | undefined, { id, index, deadlines }: LotPlace, reading: Reading): NoticeLot {
  const field = `/lots/${index}`
  const own = element === undefined ? reading : within(reading, { L: element })
  const lot = readTable(lotFields, own, field)
  const days = lot['duration'] === undefined ? readTable(durationInDays, quiet(own), field) : {}
  const place = readTable(lotPlaceFields, own, `${field}/places/0`)
  const documents = readTable(documentFields, own, `${field}/documents/0`)
  return {
    id,
    ...lot,
    ...days,
    ...(Object.keys(place).length === 0 ? {} : { places: [place] }),
    ...(Object.keys(documents).length === 0 ? {} : { documents: [documents] }),
    ...given('awardCriteria', some(readCriteria(own, field))),
    ...given('deadlines', deadlines),
  }
}

/** Lots of a notice that names them only in its decisions: they take the place of the lot without a name. */
export function withAwardedLots(lots: readonly NoticeLot[], awarded: readonly string[]): readonly NoticeLot[] {
  const known = new Set(lots.map(({ id }) => id))
  const missing = [...new Set(awarded)].filter((id) => !known.has(id))
  const [first] = lots
  if (missing.length === 0 || first === undefined) return lots
  if (lots.length === 1 && first.id === unnamed) return missing.map((id) => ({ ...first, id }))
  return [...lots, ...missing.map((id) => ({ id }))]
}

/** The same reading, whose explanations are not kept: a second unit of one field is no second field. */
function quiet(reading: Reading): Reading {
  return { ...reading, told: [] }
}

function given(name: string, value: unknown): object {
  return value === undefined ? {} : { [name]: value }
}

/** Deadlines stand once in a notice, for all its lots. */
function readDeadlines(reading: Reading, context: DeadlineContext): NoticeDeadlines | undefined {
  const found = readTable(deadlineFields, reading, '/lots/0/deadlines')
  const form = (name: string): XmlNode | undefined => found[name] as XmlNode | undefined
  const index = nodesAt(reading.roots, { root: 'G', steps: ['INDEXATION', 'DATE_LIMITE_REPONSE'] }).find(isFilled)
  const served = nodesAt(reading.roots, { root: 'R', steps: ['datelimitereponse'] }).find(isFilled)
  for (const node of [index, served]) if (node !== undefined) reading.used.add(node)
  const corrected = form('tenders') ?? correctedDeadline(reading)
  const requests = form('requests')
  // The index has one deadline: that of the requests when the form asks for requests alone.
  const isForRequests = corrected === undefined && requests !== undefined
  const moments: Record<string, NoticeMoment> = {}
  const read = (name: string, sources: DeadlineSources): void => {
    const moment = readDeadline(sources, context, reading)
    if (moment !== undefined) moments[name] = moment
  }
  const none = { index: undefined, served: undefined }
  const both = { index, served }
  read('tenders', { form: corrected, ...(isForRequests ? none : both) })
  read('requests', { form: requests, ...(isForRequests ? both : none) })
  return Object.keys(moments).length === 0 ? undefined : moments
}

/** The new deadline, where a rectifying notice gives it in a field and not in words. */
function correctedDeadline({ roots, used }: Reading): XmlNode | undefined {
  const sections = nodesAt(roots, { root: 'B', steps: ['infosRectif'] })
  for (const node of sections.flatMap((section) => [section, ...section.children])) {
    const isTenders = textOf(childAt(node, 'rubDelais')) === 'ReceptionOffres'
    const date = isTenders ? childAt(node, 'lireDate') : undefined
    if (date === undefined) continue
    used.add(date)
    return date
  }
  return undefined
}
