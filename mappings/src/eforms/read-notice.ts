import type { Finding, Notice } from '@socle/schemas'
import { type XmlNode, textOf } from '../xml/node.ts'
import { formKindOf } from './forms.ts'
import { type Seen, type TreeReading, readTree } from './read-tree.ts'
import { flattenOrganisations } from './shape-organisations.ts'
import { noticeTable } from './table.ts'
import { offsetOf } from './values/time-types.ts'

/** A notice before its rules: what the schema requires may still be missing. */
export type ReadNotice = Omit<Notice, 'title'> & Partial<Pick<Notice, 'title'>>

export interface NoticeReading {
  readonly notice: ReadNotice
  /** The element each object of the notice came from. */
  readonly origins: Map<object, XmlNode>
}

interface Wishes {
  /** Given, every element that no field reads is added. */
  readonly unread?: XmlNode[]
  readonly trace?: (seen: Seen) => void
}

/**
 * Reads an eForms notice of any form into the canonical form, by the field tables. Values that cannot be what they claim
 * are left out and reported in `found`. `cac:TenderResult/cbc:AwardDate` is a
 * placeholder UBL asks for: a real day is kept only to be written again.
 */
export function readNotice(root: XmlNode, found: Finding[], wishes: Wishes = {}): NoticeReading {
  const origins = new Map<object, XmlNode>()
  const reading: TreeReading = { language: languageOf(root), found, offset: offsetIn(root), origins, ...wishes }
  const tree = readTree(root, noticeTable, reading)
  const named = flattenOrganisations(tree, reading).filter(({ ref, name }) => ref !== undefined && name !== undefined)
  const buyers = listOf(tree['buyers']).filter(({ organisation }) => organisation !== undefined)
  const { form, ...rest } = tree
  const nature = natures.find((known) => known === rest['nature'])
  const notice = {
    kind: 'notice',
    ...rest,
    form: { format: 'eforms', ...(form as object | undefined) },
    organisations: named,
    buyers,
    lots: listOf(tree['lots']),
    ...titleOfRegistration(tree),
  }
  if (nature === undefined && 'nature' in notice) delete notice.nature
  origins.set(notice, root)
  // The tables and the schema say the same; a test holds every example against both.
  return { notice: notice as unknown as ReadNotice, origins }
}

/** BT-23, the natures of a contract. */
export const natures: readonly NonNullable<Notice['nature']>[] = ['works', 'supplies', 'services']

/** BT-702(a), needed before any text is read. */
function languageOf(root: XmlNode): string | undefined {
  return textOf(root.children.find(({ name }) => name === 'NoticeLanguageCode'))
}

/** The offset that `dispatchedAt` will have, which is the one a writer gives to every day by itself. */
function offsetIn(root: XmlNode): string {
  const time = textOf(root.children.find(({ name }) => name === 'IssueTime'))
  return offsetOf(time ?? '')
}

/** A registration notice has no title: the name registered says what it is about. */
function titleOfRegistration({ form, business }: Readonly<Record<string, unknown>>): object {
  const subtype = isObject(form) && typeof form['subtype'] === 'string' ? form['subtype'] : undefined
  if (formKindOf(subtype)?.formType !== 'bri' || !isObject(business)) return {}
  const name = business['europeanName'] ?? business['name']
  return typeof name === 'string' ? { title: { text: name } } : {}
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function listOf(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? (value as readonly Record<string, unknown>[]) : []
}
