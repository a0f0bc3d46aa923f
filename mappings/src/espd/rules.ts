import { type Finding, type RuleId, finding } from '@socle/schemas'
import { judgeSiret } from '../identifiers/siret.ts'
import { type XmlNode, textOf, xpathOf } from '../xml/node.ts'
import { all, first, placeOf, textAt } from '../xml/path.ts'
import { type Place, at } from './paths.ts'
import { claimsSiret, digitsOf } from './read-parties.ts'

type Needed = readonly [place: Place, fr: string, en: string]

/** BR-OTH-04 and the XSD: what every response carries. */
const required: readonly Needed[] = [
  ['ublVersion', 'version UBL', 'UBL version'],
  ['id', 'identifiant du document', 'document id'],
  ['uuid', 'UUID du document', 'document UUID'],
  ['contractFolder', 'référence de la procédure', 'procedure reference'],
  ['issueDate', 'date d’émission', 'issue date'],
  ['contractingParty', 'acheteur', 'buyer'],
  ['criteria', 'critères', 'criteria'],
  ['responses', 'réponses', 'answers'],
]

/** BR-OTH-04-02 and 04-05: version 2.1.1 alone. */
const requiredIn2: readonly Needed[] = [
  ['customizationId', 'identifiant de personnalisation', 'customization id'],
  ['applicationType', 'type de DUME (Basic, Extended)', 'ESPD type (Basic, Extended)'],
]

/** BR-RESP-10-02 to 10-07, below the operator's party. */
const requiredOfOperator: readonly Needed[] = [
  ['partyIds', 'identifiant de l’opérateur', 'operator id'],
  ['partyName', 'nom de l’opérateur', 'operator name'],
  ['country', 'pays de l’opérateur', 'operator country'],
  ['size', 'taille de l’opérateur', 'operator size'],
]

/** The rules that look at what is missing, at counts and at who is who; those on answers are beside their placing. */
export function judgeResponse(root: XmlNode, version: string, found: Finding[]): void {
  const isV2 = version.startsWith('2.')
  for (const needed of isV2 ? [...required, ...requiredIn2] : required)
    requirePart(root, needed, 'ESPD-REQUIRED', found)
  judgeDate(root, found)
  judgeOperator(root, isV2, found)
  judgeLots(root, isV2, found)
  judgeSirets(root, found)
  if (!all(root, at('references')).some((node) => /request/i.test(textAt(node, at('documentType')) ?? ''))) {
    found.push(finding('ESPD-REQUEST-REFERENCE', { xpath: placeOf(root, at('references')) }))
  }
}

/** An element that holds elements counts as given; one that should hold text must hold some. */
function requirePart(node: XmlNode, [place, fr, en]: Needed, rule: RuleId, found: Finding[]): void {
  const target = first(node, at(place))
  if (target !== undefined && (target.children.length > 0 || textOf(target) !== undefined)) return
  found.push(finding(rule, { xpath: placeOf(node, at(place)) }, { label: `${fr} / ${en}` }))
}

function judgeDate(root: XmlNode, found: Finding[]): void {
  const written = textAt(root, at('issueDate'))
  if (written !== undefined && !/^\d{4}-\d{2}-\d{2}/.test(written)) {
    found.push(finding('HUB-DATE', { xpath: placeOf(root, at('issueDate')), value: written }))
  }
}

function judgeOperator(root: XmlNode, isV2: boolean, found: Finding[]): void {
  const party = first(root, at('operatorParty'))
  if (party === undefined) {
    found.push(
      finding(
        'ESPD-OPERATOR',
        { xpath: placeOf(root, at('operatorParty')) },
        { label: 'opérateur économique / economic operator' },
      ),
    )
    return
  }
  for (const needed of requiredOfOperator) requirePart(party, needed, 'ESPD-OPERATOR', found)
  const isBasic = isV2 && textAt(root, at('applicationType'))?.toUpperCase() !== 'EXTENDED'
  if (!isBasic) requirePart(root, ['role', 'rôle de l’opérateur', 'operator role'], 'ESPD-OPERATOR', found)
}

/** BR-LOT-10: from version 3 a response is for one lot. */
function judgeLots(root: XmlNode, isV2: boolean, found: Finding[]): void {
  if (isV2) return
  const count = all(root, at('lots')).length
  if (count !== 1)
    found.push(finding('ESPD-LOT-COUNT', { xpath: placeOf(root, at('lots')), value: String(count), expected: '1' }))
}

const siretRules = { form: 'HUB-SIRET-FORM', siren: 'HUB-SIREN-LUHN', nic: 'HUB-SIRET-NIC' } as const

/** A declaration is the candidate's: a doubtful number is told, the buyer decides. */
function judgeSirets(root: XmlNode, found: Finding[]): void {
  for (const party of [...all(root, at('buyerParty')), ...all(root, at('operatorParty'))]) {
    const country = textAt(party, at('country'))
    for (const id of all(party, at('partyIds'))) {
      if (!claimsSiret(id, country)) continue
      const digits = digitsOf(id)
      const value = textOf(id) ?? ''
      const verdict = judgeSiret(digits)
      const place = { xpath: xpathOf(id), value }
      if (verdict !== 'valid') found.push(finding(siretRules[verdict], { ...place, severity: 'warn' }))
      if (verdict !== 'form' && digits !== value)
        found.push(finding('HUB-SIRET-SPACES', { ...place, expected: digits }))
    }
  }
}
