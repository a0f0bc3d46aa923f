import { type Finding, type NoticeMoment, finding } from '@socle/schemas'
import { mostFindings } from '../xml/bounds.ts'
import { textOf, walk, xpathOf } from '../xml/node.ts'
import { all, first } from '../xml/path.ts'
import { type Field, buyers, companies, lotParts, lots, organizations, pathOf, touchPoints } from './paths.ts'
import { type ReadNotice, natures } from './read-notice.ts'
import { type At, below, plain, report } from './reader.ts'

/** What the hub needs of every contract notice, with its name in both languages. A subset of what the SDK makes mandatory. */
const required: readonly (readonly [field: Field, fr: string, en: string])[] = [
  ['BT-701-notice', 'identifiant de l’avis', 'notice id'],
  ['BT-757-notice', 'version de l’avis', 'notice version'],
  ['BT-04-notice', 'identifiant de la procédure', 'procedure id'],
  ['BT-05(a)-notice', 'date d’envoi', 'dispatch date'],
  ['BT-05(b)-notice', 'heure d’envoi', 'dispatch time'],
  ['BT-702(a)-notice', 'langue', 'language'],
  ['BT-105-Procedure', 'type de procédure', 'procedure type'],
  ['BT-21-Procedure', 'intitulé', 'title'],
  ['BT-23-Procedure', 'nature du marché', 'contract nature'],
  ['BT-262-Procedure', 'code CPV principal', 'main CPV code'],
]

/** The rules that look at several fields, or at what is not there. `now` adds the rule on deadlines already past. */
export function judgeNotice(at: At, notice: ReadNotice, now: Date | undefined): void {
  for (const [field, fr, en] of required) require(at, field, fr, en)
  judgeIds(at)
  judgeCodes(at)
  judgeBuyers(at)
  judgeReferences(at)
  judgeLots(at, notice, now)
}

function require(at: At, field: Field, fr: string, en: string): void {
  if (plain(at, field) !== undefined) return
  const source = pathOf(field)
  const target = first(at.node, source)
  const xpath = target === undefined ? `${xpathOf(at.node)}/${source.source}` : xpathOf(target)
  at.found.push(finding('EFORMS-REQUIRED', { xpath }, { field, label: `${fr} / ${en}` }))
}

const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

function judgeIds(at: At): void {
  for (const field of ['BT-701-notice', 'BT-04-notice'] as const) {
    const id = plain(at, field)
    if (id !== undefined && !uuid4.test(id))
      report(at, 'EFORMS-UUID', field, { expected: 'xxxxxxxx-xxxx-4xxx-[89ab]xxx-xxxxxxxxxxxx' })
  }
  const version = plain(at, 'BT-757-notice')
  if (version !== undefined && !/^(0[1-9]|[1-9]\d)$/.test(version)) {
    report(at, 'EFORMS-NOTICE-VERSION', 'BT-757-notice', { expected: '01…99' })
  }
}

const procedures = [
  'comp-dial',
  'comp-tend',
  'exp-int-rail',
  'innovation',
  'neg-w-call',
  'neg-wo-call',
  'open',
  'oth-mult',
  'oth-single',
  'restricted',
]

function judgeCodes(at: At): void {
  const lists = [
    ['BT-105-Procedure', procedures],
    ['BT-23-Procedure', natures],
  ] as const
  for (const [field, list] of lists) {
    const code = plain(at, field)
    if (code !== undefined && !list.some((known) => known === code))
      report(at, 'EFORMS-CODE', field, { expected: list.join(', ') })
  }
}

/** Directive 2014/24/EU annex V part C: a contract notice names its buyer. */
function judgeBuyers(at: At): void {
  const nodes = all(at.node, buyers)
  if (nodes.length === 0) require(at, 'OPT-300-Procedure-Buyer', 'acheteur', 'buyer')
  for (const node of nodes)
    require(below(at, node), 'OPT-300-Procedure-Buyer', 'référence de l’acheteur', 'buyer reference')
  for (const node of [...all(at.node, companies), ...all(at.node, touchPoints)]) {
    require(below(
      at,
      node,
    ), 'OPT-200-Organization-Company', 'identifiant technique de l’organisation', 'organisation technical id')
    require(below(at, node), 'BT-500-Organization-Company', 'nom de l’organisation', 'organisation name')
  }
}

/** Technical ids live inside one notice: each is given once, and each one cited is given. */
function judgeReferences({ node: root, found }: At): void {
  const parties = declared(
    all(root, companies)
      .concat(all(root, touchPoints))
      .map((node) => first(node, pathOf('OPT-200-Organization-Company'))),
    found,
  )
  const parts = declared(
    all(root, lotParts).map((node) => first(node, pathOf('BT-137-Lot'))),
    found,
  )
  const place = first(root, organizations)
  const listed = { parties: list(parties), parts: list(parts) }
  for (const node of walk(root)) {
    if (found.length > mostFindings) return
    if (node.name !== 'ID') continue
    const isParty = node.parent?.name === 'PartyIdentification' && !isInside(node, place)
    const isPart = node.parent?.name === 'ProcurementProjectLotReference'
    const id = textOf(node)
    if (id === undefined || (!isParty && !isPart) || (isParty ? parties : parts).has(id)) continue
    const expected = isParty ? listed.parties : listed.parts
    found.push(finding('EFORMS-REFERENCE', { xpath: xpathOf(node), value: id, expected }))
  }
}

function list(ids: ReadonlySet<string>): string {
  return [...ids].slice(0, 10).join(', ')
}

function declared(ids: readonly (At['node'] | undefined)[], found: Finding[]): Set<string> {
  const seen = new Set<string>()
  for (const node of ids) {
    const id = textOf(node)
    if (node === undefined || id === undefined) continue
    if (seen.has(id)) found.push(finding('EFORMS-DUPLICATE-ID', { xpath: xpathOf(node), value: id }))
    seen.add(id)
  }
  return seen
}

function isInside(node: At['node'], place: At['node'] | undefined): boolean {
  for (let up = node.parent; up !== undefined; up = up.parent) if (up === place) return true
  return false
}

function judgeLots(at: At, notice: ReadNotice, now: Date | undefined): void {
  const nodes = all(at.node, lots)
  if (nodes.length === 0) {
    at.found.push(
      finding(
        'EFORMS-REQUIRED',
        { xpath: `${xpathOf(at.node)}/${lots.source}` },
        { field: 'BT-137-Lot', label: 'au moins un lot / at least one lot' },
      ),
    )
  }
  const told = new Set<string>()
  for (const [index, node] of nodes.entries()) {
    if (at.found.length > mostFindings) return
    const lot = below(at, node)
    require(lot, 'BT-137-Lot', 'identifiant du lot', 'lot id')
    require(lot, 'BT-21-Lot', 'intitulé du lot', 'lot title')
    judgePeriod(lot, notice.lots[index])
    judgeDeadlines(lot, { notice, lot: notice.lots[index], now, told })
  }
}

function judgePeriod(at: At, lot: ReadNotice['lots'][number] | undefined): void {
  if (lot?.startOn === undefined || lot.endOn === undefined || lot.startOn <= lot.endOn) return
  report(at, 'EFORMS-PERIOD', 'BT-537-Lot', { expected: `>= ${lot.startOn}` })
}

interface Timing {
  readonly notice: ReadNotice
  readonly lot: ReadNotice['lots'][number] | undefined
  readonly now: Date | undefined
  /** Deadlines already said to be past: lots mostly share one. */
  readonly told: Set<string>
}

function judgeDeadlines(at: At, timing: Timing): void {
  const { tenders, requests, questions } = timing.lot?.deadlines ?? {}
  const asked = plain(at, 'BT-131(d)-Lot') ?? plain(at, 'BT-1311(d)-Lot')
  if (asked === undefined) report(at, 'EFORMS-DEADLINE-MISSING', 'BT-131(d)-Lot', {})
  if (tenders !== undefined) judgeDeadline(at, 'BT-131(d)-Lot', tenders, timing)
  if (requests !== undefined) judgeDeadline(at, 'BT-1311(d)-Lot', requests, timing)
  if (questions !== undefined && tenders !== undefined && isAfter(questions, tenders)) {
    report(at, 'EFORMS-QUESTIONS-LATE', 'BT-13(d)-Lot', { expected: `<= ${tenders.asWritten}` })
  }
}

function judgeDeadline(at: At, field: Field, deadline: NoticeMoment, { notice, now, told }: Timing): void {
  if (deadline.at === undefined) {
    // A time that was given and refused has its own finding.
    if (!deadline.asWritten.includes(' ')) report(at, 'EFORMS-DEADLINE-TIME', field, { expected: '12:00:00+02:00' })
    return
  }
  const { change, dispatchedAt } = notice
  // A change notice is a copy of its parent with a later dispatch: its deadline may already be past.
  if (change === undefined && dispatchedAt !== undefined && !isBefore(dispatchedAt, deadline.at)) {
    report(at, 'EFORMS-DEADLINE-ORDER', field, { expected: `> ${dispatchedAt}` })
  }
  if (now === undefined || told.has(deadline.at) || Date.parse(deadline.at) > now.getTime()) return
  told.add(deadline.at)
  report(at, 'HUB-DEADLINE-PAST', field, {})
}

function isBefore(first: string, second: string): boolean {
  return Date.parse(first) < Date.parse(second)
}

function isAfter(first: NoticeMoment, second: NoticeMoment): boolean {
  if (first.at !== undefined && second.at !== undefined) return isBefore(second.at, first.at)
  return first.on > second.on
}
