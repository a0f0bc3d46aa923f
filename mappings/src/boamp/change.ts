import type { Notice, NoticeChange } from '@socle/schemas'
import type { XmlNode } from '../xml/node.ts'
import { textOf } from '../xml/node.ts'
import { choicesIn, isFilled, nodesAt } from './nodes.ts'
import { type Reading, placeBelow, tellAt } from './reading.ts'
import type { Path } from './table.ts'

/** Number of a notice of the gazette: `26-87466`. */
export const noticeNumber: RegExp = /^\d{2}-\d{1,7}$/

/** What kind of notice it is, as the management block says it, else the record. */
export interface NoticeKind {
  readonly nature: string | undefined
  readonly isRectification: boolean
  readonly isCancellation: boolean
}

/** Nature and state of a notice. */
export function kindOf({ roots }: Reading): NoticeKind {
  const said = (...names: readonly string[]): string | undefined => {
    const inGestion = nodesAt(roots, { root: 'G', steps: ['REFERENCE', 'TYPE_AVIS', names[0] ?? ''] })
    const inRecord = nodesAt(roots, { root: 'R', steps: [names[1] ?? ''] })
    return [...inGestion, ...inRecord].flatMap(choicesIn)[0]
  }
  const nature = said('NATURE', 'nature')
  const state = said('STATUT', 'etat')
  const section = roots.B?.name
  return {
    nature,
    isRectification: nature === 'RECTIFICATIF' || state === 'RECTIFICATIF' || section === 'rectificatif',
    isCancellation:
      nature === 'ANNULATION' || state === 'ANNULATION' || state === 'AVIS_ANNULE' || section === 'annulation',
  }
}

const own: Path = { root: 'B', steps: ['avisInitial', 'idWeb'] }
const earlier: readonly Path[] = [
  own,
  { root: 'G', steps: ['REFERENCE', 'ANNONCE_ANTERIEUR', 'IDWEB'] },
  { root: 'G', steps: ['MARCHE', 'ANNONCE_ANTERIEUR', 'REFERENCE', 'IDWEB'] },
  { root: 'R', steps: ['annonce_lie'] },
  { root: 'R', steps: ['annonces_anterieures'] },
]

/** Numbers of the notices that came before, each once. */
export function previousNotices(reading: Reading): readonly string[] {
  const nodes = earlier.flatMap((path) => nodesAt(reading.roots, path))
  const numbers = nodes.flatMap((node) => {
    const text = textOf(node)
    if (text === undefined || !noticeNumber.test(text)) return []
    reading.used.add(node)
    return [text]
  })
  return [...new Set(numbers)]
}

const prosePaths: readonly Path[] = [
  { root: 'B', steps: ['infosRectif'] },
  { root: 'D', steps: ['RECTIFICATIF'] },
  { root: 'D', steps: ['RECTIF'] },
]

/**
 * What a rectifying or cancelling notice says of another. The gazette has it in words: they are kept and told, nothing of
 * them is applied. The other notice is named when its number is given and is the only one.
 */
export function readChange(reading: Reading, kind: NoticeKind, previous: readonly string[]): Notice['change'] {
  if (!kind.isRectification && !kind.isCancellation) return undefined
  const nodes = prosePaths.flatMap((path) => nodesAt(reading.roots, path)).filter(isFilled)
  for (const node of nodes) reading.used.add(node)
  const changedNotice = textOf(nodesAt(reading.roots, own)[0]) ?? (previous.length === 1 ? previous[0] : undefined)
  const place = placeOfChange(reading, nodes[0])
  const texts = nodes.flatMap(changesIn)
  if (changedNotice === undefined) tellAt(reading, 'BOAMP-CHANGED-UNKNOWN', place, { value: previous.join(', ') })
  const said = { value: texts.join('\n'), expected: changedNotice ?? '?' }
  tellAt(reading, kind.isCancellation ? 'BOAMP-CANCELLATION' : 'BOAMP-RECTIFICATION', place, said)
  const change: NoticeChange = {
    ...(changedNotice === undefined ? {} : { changedNotice }),
    ...(kind.isCancellation ? { reason: 'cancel' } : {}),
    ...(texts.length === 0 ? {} : { changes: texts.map((text) => ({ description: { text } })) }),
  }
  return change
}

function placeOfChange(reading: Reading, prose: XmlNode | undefined): ReturnType<Reading['placeOf']> {
  const { B: body, D: form, G: management } = reading.roots
  const node = prose ?? body ?? form ?? management
  return node === undefined ? { pointer: '' } : placeBelow(reading, node, '')
}

/** One text for each change; a change of several named parts is written with their names. */
function changesIn(node: XmlNode): string[] {
  const text = textOf(node)
  if (text !== undefined) return [text]
  const leaves = node.children.filter(({ children }) => children.length === 0)
  const parts = leaves.flatMap((leaf) => {
    const said = textOf(leaf)
    return said === undefined ? [] : [{ name: leaf.name, said }]
  })
  const [sole] = parts
  const isSole = sole !== undefined && parts.length === 1
  const together = isSole ? sole.said : parts.map(({ name, said }) => `${name} : ${said}`).join('\n')
  const deeper = node.children.filter(({ children }) => children.length > 0).flatMap(changesIn)
  return together === '' ? deeper : [together, ...deeper]
}
