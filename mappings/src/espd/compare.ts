import {
  type DumeRequest,
  type DumeResponse,
  type DumeResponseCriterion,
  type DumeResponseGroup,
  type DumeResponseItem,
  type Finding,
  type RuleId,
  finding,
} from '@socle/schemas'
import { mostFindings } from '../xml/bounds.ts'
import { pairCriteria } from './pair-criteria.ts'
import { type Parts, matcher, partsOf } from './parts.ts'

/**
 * What a response changed of the request it answers. A candidate copies the buyer's criteria and answers them: it must not
 * drop, weaken or change any. Parts are matched by their id where both documents give it, else by their place, so that
 * groups repeated for several answers do not shift the rest.
 */
export function compareWithRequest(response: DumeResponse, request: DumeRequest): Finding[] {
  const found: Finding[] = []
  if (response.procedureRef !== request.procedureRef) {
    const place = { xpath: '/*/cbc:ContractFolderID', value: response.procedureRef, expected: request.procedureRef }
    found.push(finding('ESPD-ASKED-PROCEDURE', place))
  }
  compareLots(response, request, found)
  const sameModel = modelOf(response) === modelOf(request)
  if (!sameModel) {
    const place = { xpath: '/*', value: response.edm.version, expected: request.edm.version }
    found.push(finding('ESPD-ASKED-OTHER-VERSION', place))
  }
  const comparing = { sameModel, found }
  const { pairs, added } = pairCriteria(request.criteria, response.criteria)
  for (const [asked, own] of pairs) {
    if (found.length > mostFindings) break
    if (own !== undefined) compareCriterion(asked, own, comparing)
    else if (concerns(asked, response)) tellCriterion('ESPD-ASKED-CRITERION', asked, found)
  }
  for (const [own, asked] of added) {
    if (found.length > mostFindings) break
    tellCriterion('ESPD-ASKED-ADDED', own, found)
    // A second copy of a criterion must not be a weaker one.
    if (asked !== undefined) compareCriterion(asked, own, comparing)
  }
  return found
}

/** Groups and questions have the same places within a minor version only. */
function modelOf({ edm: { version } }: Pick<DumeRequest, 'edm'>): string {
  return version.split('.').slice(0, 2).join('.')
}

const wholeProcedure = 'LOT-0000'

function compareLots(response: DumeResponse, { lots = [] }: DumeRequest, found: Finding[]): void {
  if (lots.length === 0) return
  for (const lot of response.lots ?? []) {
    if (lots.includes(lot)) continue
    const place = { xpath: '/*/cac:ProcurementProjectLot/cbc:ID', value: lot, expected: lots.join(', ') }
    found.push(finding('ESPD-ASKED-LOT', place))
  }
}

/** A criterion tied to other lots only need not be in a response for one lot. */
function concerns({ lots = [] }: DumeResponseCriterion, response: DumeResponse): boolean {
  const own = response.lots ?? []
  if (lots.length === 0 || own.length === 0 || lots.includes(wholeProcedure)) return true
  return own.some((lot) => lots.includes(lot) || lot === wholeProcedure)
}

function tellCriterion(rule: RuleId, { uuid, code, name = code }: DumeResponseCriterion, found: Finding[]): void {
  const xpath = uuid === undefined ? '/*' : `/*/cac:TenderingCriterion[cbc:ID='${uuid}']`
  found.push(finding(rule, { xpath, value: code }, { name }))
}

interface Comparing {
  readonly sameModel: boolean
  readonly found: Finding[]
}

function compareCriterion(asked: DumeResponseCriterion, own: DumeResponseCriterion, comparing: Comparing): void {
  const { found } = comparing
  const { lots = [] } = asked
  for (const lot of own.lots ?? []) {
    if (lots.length === 0 || lots.includes(lot)) continue
    found.push(finding('ESPD-ASKED-LOT', { xpath: xpathOf(own), value: lot, expected: lots.join(', ') }))
  }
  if (asked.weight !== own.weight || asked.evaluation !== own.evaluation) {
    const value = `${own.evaluation ?? '-'} ${own.weight ?? '-'}`
    const expected = `${asked.evaluation ?? '-'} ${asked.weight ?? '-'}`
    found.push(
      finding('ESPD-ASKED-VALUE', { xpath: xpathOf(own), value, expected }, { name: asked.name ?? asked.code }),
    )
  }
  tellWording(asked.description, own.description, xpathOf(own), comparing)
  if (comparing.sameModel) compareParts(partsOf(asked), partsOf(own), comparing)
}

function xpathOf({ sourceId, uuid = '' }: DumeResponseCriterion): string {
  return `/*/cac:TenderingCriterion[cbc:ID='${sourceId ?? uuid}']`
}

function compareParts(asked: Parts, own: Parts, comparing: Comparing): void {
  const { found } = comparing
  const groupsLike = matcher(own.groups, asked.groups)
  const itemsLike = matcher(own.items, asked.items)
  for (const group of asked.groups) {
    if (found.length > mostFindings) return
    const [answered] = groupsLike(group)
    if (answered === undefined) {
      found.push(finding('ESPD-ASKED-GROUP', placeOfGroup(group)))
      continue
    }
    if (group.when !== answered.when || group.sourceType !== answered.sourceType) {
      const place = { ...placeOfGroup(answered), value: answered.sourceType ?? answered.when }
      found.push(finding('ESPD-ASKED-CONDITION', { ...place, expected: group.sourceType ?? group.when }))
    }
    for (const item of group.items) {
      const likes = itemsLike(item)
      if (likes.length === 0)
        found.push(finding('ESPD-ASKED-QUESTION', placeOf(item), { name: item.label ?? item.key }))
      for (const each of likes) compareItem(item, each, comparing)
    }
  }
}

function placeOfGroup({ sourceId, key }: DumeResponseGroup): { xpath: string; value: string } {
  const xpath = sourceId === undefined ? '/*' : `//*[cbc:PropertyGroupTypeCode][cbc:ID='${sourceId}']`
  return { xpath, value: sourceId ?? key }
}

function placeOf({ sourceId, key }: DumeResponseItem): { xpath: string; value: string } {
  const xpath = sourceId === undefined ? '/*' : `//cac:TenderingCriterionProperty[cbc:ID='${sourceId}']`
  return { xpath, value: sourceId ?? key }
}

/** What the buyer fixed in a question or requirement; its answers are the candidate's. */
const bounds = [
  'expected',
  'minimum',
  'maximum',
  'unit',
  'currency',
  'translation',
  'certification',
  'copyQuality',
] as const

function compareItem(asked: DumeResponseItem, own: DumeResponseItem, comparing: Comparing): void {
  const { found } = comparing
  const place = placeOf(own)
  const name = asked.label ?? asked.key
  if (asked.kind !== own.kind || asked.type !== own.type) {
    const value = `${own.kind} ${own.type}`
    found.push(finding('ESPD-ASKED-KIND', { ...place, value, expected: `${asked.kind} ${asked.type}` }, { name }))
  }
  for (const bound of bounds) {
    if (keyed(asked[bound]) === keyed(own[bound])) continue
    const values = { value: shown(own[bound]), expected: shown(asked[bound]) }
    found.push(finding('ESPD-ASKED-VALUE', { ...place, ...values }, { name }))
  }
  if (asked.kind === 'requirement') tellWording(asked.label, own.label, place.xpath, comparing)
}

/** The same text for the same value, in whatever order its properties were set. */
function keyed(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

/** A value as a person reads it: `4000000.00 EUR`. */
function shown(value: unknown): string {
  if (value === undefined) return '-'
  if (typeof value === 'object' && value !== null) return Object.values(value).map(shown).join(' ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Another wording may be a translation, or another request: a person looks. */
function tellWording(asked: string | undefined, own: string | undefined, xpath: string, { found }: Comparing): void {
  if (asked === own) return
  found.push(finding('ESPD-ASKED-WORDING', { xpath, value: own ?? '-', expected: asked ?? '-' }))
}
