import { finding } from '@socle/schemas'
import { mostFindings } from '../../xml/bounds.ts'
import { type XmlNode, textOf, walk, xpathOf } from '../../xml/node.ts'
import { all, placeOf, textAt } from '../../xml/path.ts'
import { findCriterion } from '../codes.ts'
import { at } from '../paths.ts'
import { type Judging, type Needed, isV2, isV4, requireAll } from './judging.ts'

/** BR-TC-02-01, 03, 05 and 06. */
const requiredOfCriterion: readonly Needed[] = [
  ['id', 'identifiant du critère', 'criterion id'],
  ['criterionCode', 'code du critère', 'criterion code'],
]
/** Texts that official samples leave empty. */
const textsOfCriterion: readonly Needed[] = [
  ['name', 'nom du critère', 'criterion name'],
  ['description', 'description du critère', 'criterion description'],
]
const textsOfProperty: readonly Needed[] = [['description', 'texte de la question', 'question text']]
/** BR-TC-12 and 14. */
const requiredOfGroup: readonly Needed[] = [
  ['id', 'identifiant du groupe', 'group id'],
  ['groupType', 'type du groupe', 'group type'],
]
/** BR-TC-18 to 21-01. */
const requiredOfProperty: readonly Needed[] = [
  ['id', 'identifiant de la question', 'question id'],
  ['elementType', 'nature (question, exigence, libellé)', 'kind (question, requirement, caption)'],
  ['dataType', 'type de la réponse attendue', 'type of the expected answer'],
]
const rule = 'ESPD-CRITERION-PART'

/** BR-TC-02 to 21: criteria are those of the taxonomy, whole. Counts of groups and questions are compared with the request. */
export function judgeCriteria(judging: Judging): void {
  const { root, found } = judging
  const seen = new Set<string>()
  for (const criterion of all(root, at('criteria'))) {
    judgeTwice(criterion, seen, found)
    if (found.length > mostFindings) return
    requireAll(criterion, requiredOfCriterion, found, { rule })
    requireAll(criterion, textsOfCriterion, found, { rule, empty: 'accepted' })
    judgeIdentity(criterion, judging)
    judgeTree(criterion, judging)
  }
}

/** A criterion may come back for other questions (2.1.1 asks one again by lot); with the same ones it is a copy. */
function judgeTwice(criterion: XmlNode, seen: Set<string>, found: Judging['found']): void {
  const id = textAt(criterion, at('id'))
  if (id === undefined) return
  const ids: string[] = []
  for (const node of walk(criterion)) if (node.name === 'ID') ids.push(textOf(node) ?? '')
  const all = ids.join(' ')
  if (seen.has(all)) found.push(finding('ESPD-CRITERION-TWICE', { xpath: xpathOf(criterion), value: id }))
  seen.add(all)
}

/** BR-TC-02-02 and 04. */
function judgeIdentity(criterion: XmlNode, { reading, found }: Judging): void {
  const id = textAt(criterion, at('id'))
  const code = textAt(criterion, at('criterionCode'))
  if (id === undefined || (isV2(reading) && isAllSelection(criterion))) return
  const known = findCriterion(id, undefined)
  const xpath = placeOf(criterion, at('id'))
  if (known === undefined || (isV4(reading) && known.v4Prefix === undefined)) {
    found.push(finding('ESPD-CRITERION-UNKNOWN', { xpath, value: id }, { version: reading.version }))
    return
  }
  const expected = isV2(reading) ? `CRITERION.${known.v2Code}` : known.code
  if (code !== undefined && code !== expected)
    found.push(
      finding('ESPD-CRITERION-CODE', { xpath: placeOf(criterion, at('criterionCode')), value: code, expected }),
    )
}

function judgeTree(node: XmlNode, judging: Judging): void {
  const { found } = judging
  for (const child of node.children) {
    switch (child.name) {
      case 'TenderingCriterionPropertyGroup':
      case 'SubsidiaryTenderingCriterionPropertyGroup':
        requireAll(child, requiredOfGroup, found, { rule })
        judgeTree(child, judging)
        break
      case 'SubTenderingCriterion':
        judgeTree(child, judging)
        break
      case 'TenderingCriterionProperty':
        requireAll(child, requiredOfProperty, found, { rule })
        requireAll(child, textsOfProperty, found, { rule, empty: 'accepted' })
        break
      case 'Legislation':
        judgeLaw(child, judging)
        break
      default:
    }
  }
}

/** BR-TC-09 to 11. */
function judgeLaw(law: XmlNode, { found }: Judging): void {
  requireAll(law, [['title', 'titre du texte de loi', 'title of the law']], found, { rule: 'ESPD-LAW' })
  const wanted: readonly Needed[] = [
    ['description', 'extrait du texte de loi', 'extract of the law'],
    ['article', 'article du texte de loi', 'article of the law'],
  ]
  requireAll(law, wanted, found, { rule: 'ESPD-LAW', severity: 'warn' })
}

/** True for the criterion that stands for all selection criteria at once (the “alpha” of versions 1 and 2). */
export function isAllSelection(criterion: XmlNode): boolean {
  return textOf(all(criterion, at('criterionCode'))[0])?.startsWith('CRITERION.SELECTION.ALL') === true
}
