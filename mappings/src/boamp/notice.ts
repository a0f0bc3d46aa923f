import type { Notice, NoticeOrganisation } from '@socle/schemas'
import { textOf } from '../xml/node.ts'
import { type ReadAward, readAward } from './award.ts'
import { type NoticeKind, kindOf, noticeNumber, previousNotices, readChange } from './change.ts'
import { formTypes } from './codes.ts'
import {
  buyerFields,
  buyerIdFields,
  natureFields,
  noticeFields,
  placeFields,
  profileFields,
  summaryFields,
  titleFields,
} from './fields.ts'
import { identifyBuyer } from './identify.ts'
import { readLots, withAwardedLots } from './lots.ts'
import { choicesIn, nodesAt } from './nodes.ts'
import { type Built, readTable } from './read-row.ts'
import { type Reading, type RootName, placeBelow, tellAt } from './reading.ts'

/** Longest summary of the index: one of that length may be cut. */
const longestSummary = 200

/** A form of notice, as its element tells it. */
export interface FormName {
  readonly format: string
  readonly version: string | undefined
}

/**
 * Reads one notice into the canonical form, and tells all that is wrong with it. Undefined when it has no title or no
 * number: those have a finding.
 */
export function readBoampNotice(reading: Reading, { format, version }: FormName): Notice | undefined {
  const kind = kindOf(reading)
  const read = readTable(noticeFields, reading, '')
  const title = readTitle(reading)
  judgeNumber(reading, read['id'])
  const buyer = readBuyer(reading)
  const lots = readLots(reading, { publishedOn: publishedOn(read), isOverseas: isOverseas(reading) })
  judgeDeadlines(reading, kind, lots)
  const previous = previousNotices(reading)
  const change = readChange(reading, kind, previous)
  const awarded = readAward(reading)
  const { winners } = awarded
  const { procedure, publication, description, ...rest } = read as Built & Partial<Notice>
  if (title === undefined) return undefined
  return {
    kind: 'notice',
    form: { format, ...given({ version, subtype: perimeterOf(reading), ...typesOf(reading, kind) }) },
    ...rest,
    ...readNatures(reading),
    title,
    ...given({
      procedure: withPrevious(procedure, previous),
      publication: { ...publication, gazette: 'BOAMP' },
      change,
      // The old form may have one text for both.
      description: description?.text === title.text ? undefined : description,
      additionalInformation: read['additionalInformation'] ?? awarded.words,
      places: readPlaces(reading),
    }),
    organisations: [buyer.organisation, ...winners],
    buyers: [{ organisation: buyer.organisation.ref, ...buyer.profile }],
    ...withAwards(lots, awarded),
  }
}

/** An award names lots by their numbers; one that names none is about the only lot. */
function withAwards(lots: Notice['lots'], { award }: ReadAward): Pick<Notice, 'lots' | 'award'> {
  if (award === undefined) return { lots }
  const named = withAwardedLots(lots, award.results?.flatMap(({ lot }) => lot ?? []) ?? [])
  const [sole, ...others] = named
  if (sole === undefined || others.length > 0) return { lots: named, award }
  const { results, tenders } = award
  const about = { lot: sole.id }
  return {
    lots: named,
    award: {
      ...award,
      ...given({
        results: results?.map((result) => ({ ...about, ...result })),
        tenders: tenders?.map((tender) => ({ ...about, ...tender })),
      }),
    },
  }
}

function given(values: Built): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

function withPrevious(procedure: Notice['procedure'], previous: readonly string[]): Notice['procedure'] {
  return previous.length === 0 ? procedure : { ...procedure, previousNotices: previous }
}

function publishedOn({ publication }: Built): string | undefined {
  const { on } = (publication ?? {}) as { readonly on?: string }
  return on
}

/** The title of the form, else the summary of the index when it is short enough to be whole. */
function readTitle(reading: Reading): Notice['title'] | undefined {
  const own = readTable(titleFields, reading, '')['title'] as Notice['title'] | undefined
  if (own !== undefined) return own
  const summary = readTable(summaryFields, { ...reading, told: [] }, '')['title'] as Notice['title'] | undefined
  const place = placeOfForm(reading)
  const isWhole = summary !== undefined && summary.text.length < longestSummary
  const value = summary?.text ?? ''
  tellAt(reading, isWhole ? 'BOAMP-TITLE-SUMMARY' : 'BOAMP-TITLE', place, { value })
  return isWhole ? summary : undefined
}

function placeOfForm(reading: Reading): ReturnType<Reading['placeOf']> {
  const { B: body, D: form } = reading.roots
  const node = body ?? form
  return node === undefined ? { pointer: '' } : placeBelow(reading, node, '')
}

function judgeNumber(reading: Reading, id: unknown): void {
  if (typeof id === 'string' && noticeNumber.test(id)) return
  const value = typeof id === 'string' ? id : ''
  tellAt(reading, 'BOAMP-NUMBER', placeOfForm(reading), { value, expected: '26-87466' })
}

interface Buyer {
  readonly organisation: NoticeOrganisation
  readonly profile: object
}

function readBuyer(reading: Reading): Buyer {
  const { name, ...rest } = readTable(buyerFields, reading, '/organisations/0')
  if (typeof name !== 'string') tellAt(reading, 'BOAMP-BUYER', placeOfForm(reading))
  const id = identifyBuyer(buyerIdFields, reading)
  readTable(buyerIdFields, reading, '/organisations/0')
  return {
    organisation: { ref: 'ORG-0001', name: typeof name === 'string' ? name : '?', ...rest, ...given({ id }) },
    profile: readTable(profileFields, reading, '/buyers/0'),
  }
}

/** One nature is the nature; of several, none is said to be the main one. */
function readNatures(reading: Reading): Pick<Notice, 'nature' | 'additionalNatures'> {
  const natures = readTable(natureFields, reading, '')['nature'] as readonly string[] | undefined
  if (natures === undefined) return {}
  const [nature, ...others] = natures
  return others.length === 0 ? { nature: nature as NonNullable<Notice['nature']> } : { additionalNatures: natures }
}

function readPlaces(reading: Reading): Notice['places'] {
  const place = readTable(placeFields, reading, '/places/0')
  return Object.keys(place).length === 0 ? undefined : [place]
}

function first(reading: Reading, root: RootName, ...steps: readonly string[]): string | undefined {
  return nodesAt(reading.roots, { root, steps }).flatMap(choicesIn)[0]
}

function perimeterOf(reading: Reading): string | undefined {
  return first(reading, 'G', 'REFERENCE', 'TYPE_AVIS', 'PERIMETRE') ?? first(reading, 'R', 'perimetre')
}

function typesOf(reading: Reading, { nature }: NoticeKind): Built {
  const formType = nature === undefined ? undefined : formTypes[nature]
  if (formType === undefined) {
    tellAt(reading, 'BOAMP-NATURE', placeOfForm(reading), { value: nature ?? '' })
  }
  return { noticeType: nature, formType }
}

/** Departments and territories that do not live by the clock of Paris: 971 to 989. */
function isOverseas({ roots }: Reading): boolean {
  const nodes = [
    ...nodesAt(roots, { root: 'G', steps: ['INDEXATION', 'DEP_PUBLICATION'] }),
    ...nodesAt(roots, { root: 'G', steps: ['INDEXATION', 'DEP_PRESTATION'] }),
    ...nodesAt(roots, { root: 'R', steps: ['code_departement'] }),
    ...nodesAt(roots, { root: 'R', steps: ['code_departement_prestation'] }),
  ]
  return nodes.some((node) => /^9[78]\d?/.test(textOf(node) ?? ''))
}

function judgeDeadlines(reading: Reading, { nature, isCancellation }: NoticeKind, lots: Notice['lots']): void {
  const { deadlines } = lots[0] ?? {}
  const moments = [deadlines?.tenders, deadlines?.requests].filter((moment) => moment !== undefined)
  const isCall = nature !== undefined && formTypes[nature] === 'competition' && !isCancellation
  const wasRefused = reading.found.some(({ rule }) => rule === 'BOAMP-DEADLINE-FORM')
  if (moments.length === 0 && isCall && !wasRefused) {
    tellAt(reading, 'BOAMP-DEADLINE-MISSING', placeOfForm(reading))
  }
  const { now } = reading
  for (const { at, asWritten } of moments) {
    if (now === undefined || at === undefined || Date.parse(at) > now.getTime()) continue
    tellAt(reading, 'HUB-DEADLINE-PAST', placeOfForm(reading), { value: asWritten })
  }
}
