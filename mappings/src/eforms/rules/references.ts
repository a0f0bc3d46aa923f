import { finding } from '@socle/schemas'
import { mostFindings } from '../../xml/bounds.ts'
import { type XmlNode, textOf, xpathOf } from '../../xml/node.ts'
import type { Judging } from '../judging.ts'

/** What the technical ids of a notice name. */
type Kind = 'party' | 'part' | 'result' | 'tender' | 'tendering-party' | 'contract'

/** Elements whose cbc:ID declares an id, by the element above the ID and the one above that. */
const declaring: Readonly<Record<string, Kind>> = {
  'Company/PartyIdentification': 'party',
  'TouchPoint/PartyIdentification': 'party',
  'NoticeResult/LotResult': 'result',
  'NoticeResult/LotTender': 'tender',
  'NoticeResult/TenderingParty': 'tendering-party',
  'NoticeResult/SettledContract': 'contract',
}

/** The same for elements that cite one. */
const citing: Readonly<Record<string, Kind>> = {
  'LotResult/TenderLot': 'part',
  'LotTender/TenderLot': 'part',
  'GroupFramework/TenderLot': 'part',
  'LotResult/LotTender': 'tender',
  'SettledContract/LotTender': 'tender',
  'LotResult/SettledContract': 'contract',
  'LotTender/TenderingParty': 'tendering-party',
  'TenderingParty/Tenderer': 'party',
  'TenderingParty/SubContractor': 'party',
  'SubContractor/MainContractor': 'party',
}

interface Ids {
  readonly declared: Readonly<Record<Kind, Set<string>>>
  readonly cited: { readonly kind: Kind; readonly node: XmlNode; readonly id: string }[]
}

/** Technical ids live inside one notice: each is given once, and each one cited is given. */
export function judgeReferences({ root, found }: Judging): void {
  const ids: Ids = {
    declared: {
      party: new Set(),
      part: new Set(),
      result: new Set(),
      tender: new Set(),
      'tendering-party': new Set(),
      contract: new Set(),
    },
    cited: [],
  }
  collect(root, ids, found)
  judgeCited(ids, found)
}

function collect(node: XmlNode, ids: Ids, found: Judging['found']): void {
  for (const child of node.children) {
    if (child.children.length > 0) collect(child, ids, found)
    else if (child.name === 'ID') collectId(child, ids, found)
  }
}

function collectId(node: XmlNode, { declared, cited }: Ids, found: Judging['found']): void {
  const id = textOf(node)
  if (id === undefined || found.length > mostFindings) return
  const declares = declaredBy(node)
  if (declares === undefined) {
    const kind = citedBy(node)
    if (kind !== undefined) cited.push({ kind, node, id })
  } else if (declared[declares].has(id)) {
    found.push(finding('EFORMS-DUPLICATE-ID', { xpath: xpathOf(node), value: id }))
  } else declared[declares].add(id)
}

function judgeCited({ declared, cited }: Ids, found: Judging['found']): void {
  const listed = new Map<Kind, string>()
  for (const { kind, node, id } of cited) {
    if (declared[kind].has(id)) continue
    if (found.length > mostFindings) return
    const expected = listed.get(kind) ?? [...declared[kind]].slice(0, 10).join(', ')
    listed.set(kind, expected)
    const place = { xpath: xpathOf(node), value: id, ...(expected === '' ? {} : { expected }) }
    const listedIn = { declaredFr: expected || 'aucun', declaredEn: expected || 'none' }
    found.push(finding('EFORMS-REFERENCE', place, listedIn))
  }
}

function declaredBy({ parent }: XmlNode): Kind | undefined {
  if (parent?.name === 'ProcurementProjectLot') return 'part'
  return parent === undefined ? undefined : declaring[`${parent.parent?.name ?? ''}/${parent.name}`]
}

function citedBy({ parent }: XmlNode): Kind | undefined {
  if (parent === undefined) return undefined
  if (parent.name === 'ProcurementProjectLotReference') return 'part'
  if (parent.name === 'PartyIdentification') return 'party'
  return citing[`${parent.parent?.name ?? ''}/${parent.name}`]
}
