import { finding } from '@socle/schemas'
import { mostFindings } from '../../xml/bounds.ts'
import { type XmlNode, xpathOf } from '../../xml/node.ts'
import { type NoticeFormKind, formKindOf, subtypes } from '../forms.ts'
import { type Judging, missing, rowOf, tell, textAt } from '../judging.ts'
import type { ReadNotice } from '../read-notice.ts'
import { extension, lotKindOf, nodesAt, stepsOf } from '../step.ts'

type Needed = (kind: NoticeFormKind, subtype: string) => boolean

const always: Needed = () => true
const isPurchase: Needed = ({ formType }) => formType !== 'bri'
/** Every form that calls for tenders or follows a call. */
const hasProcedure: Needed = ({ formType }) => !['planning', 'consultation', 'bri'].includes(formType)
/** Forms of BT-105-Procedure with the status mandatory: social services, concessions and E3 to E5 may leave it out. */
const typed = new Set('10 11 16 17 18 23 24 25 26 27 28 29 30 31 36 37 T01 T02'.split(' '))
const isTyped: Needed = (_, subtype) => typed.has(subtype)
const untouchedNature: Needed = ({ formType }) => formType !== 'bri' && formType !== 'cont-modif'

/** What the hub needs of a notice, with its name in both languages. A subset of what the SDK makes mandatory. */
const required: readonly (readonly [field: string, needed: Needed, fr: string, en: string])[] = [
  ['BT-701-notice', always, 'identifiant de l’avis', 'notice id'],
  ['BT-757-notice', always, 'version de l’avis', 'notice version'],
  ['BT-04-notice', hasProcedure, 'identifiant de la procédure', 'procedure id'],
  ['BT-05(a)-notice', always, 'date d’envoi', 'dispatch date'],
  ['BT-05(b)-notice', always, 'heure d’envoi', 'dispatch time'],
  ['BT-702(a)-notice', always, 'langue', 'language'],
  ['BT-105-Procedure', isTyped, 'type de procédure', 'procedure type'],
  ['BT-21-Procedure', isPurchase, 'intitulé', 'title'],
  ['BT-23-Procedure', untouchedNature, 'nature du marché', 'contract nature'],
  ['BT-262-Procedure', isPurchase, 'code CPV principal', 'main CPV code'],
]

/** What must be there: fields of the notice, buyers, names of organisations, lots. An unknown form is told first. */
export function judgeRequired(notice: ReadNotice, judging: Judging): void {
  const { subtype = '' } = notice.form
  const kind = formKindOf(subtype)
  if (kind === undefined || kind.root !== judging.root.name) judgeForm(notice, judging)
  const asked = kind ?? { root: 'ContractNotice', formType: 'competition', noticeType: '' }
  for (const [field, isNeeded, fr, en] of required) {
    if (isNeeded(asked, subtype)) require(judging, notice, [field, fr, en])
  }
  if (asked.formType === 'bri') {
    require(judging, notice, ['BT-500-Business', 'nom de l’entreprise', 'name of the company'], notice.title)
    return
  }
  judgeParties(judging)
  judgeLotIds(judging, asked)
}

const formNumber = { labelFr: 'numéro du formulaire (sous-type de l’avis)', labelEn: 'form number (notice subtype)' }

/** The form number says which root element and which rules apply: a notice without a fitting one cannot be judged. */
function judgeForm(notice: ReadNotice, judging: Judging): void {
  const { subtype } = notice.form
  const field = { at: notice, field: 'OPP-070-notice' }
  const fitting = subtypes.filter((each) => formKindOf(each)?.root === judging.root.name)
  // Without a number there is none to call wrong.
  if (subtype === undefined) missing(judging, 'EFORMS-REQUIRED', field, formNumber)
  else if (formKindOf(subtype) === undefined) tell(judging, 'EFORMS-SUBTYPE', field, { expected: subtypes.join(', ') })
  else tell(judging, 'EFORMS-FORM', field, { expected: fitting.join(', ') })
}

type Label = readonly [field: string, fr: string, en: string]

function require(judging: Judging, at: object, [field, fr, en]: Label, known?: unknown): void {
  if (known !== undefined || textAt(judging, { at, field }) !== undefined) return
  missing(judging, 'EFORMS-REQUIRED', { at, field }, { labelFr: fr, labelEn: en })
}

const lots = stepsOf('cac:ProcurementProjectLot')
const buyers = stepsOf('cac:ContractingParty')
const companies = stepsOf(`${extension}/efac:Organizations/efac:Organization`)
const touchPoints = stepsOf(`${extension}/efac:Organizations/efac:Organization/efac:TouchPoint`)

/** Directive 2014/24/EU annex V: a notice names its buyer. */
function judgeParties(judging: Judging): void {
  const { root } = judging
  const nodes = nodesAt(root, buyers)
  const [first = root] = nodes
  if (nodes.length === 0) {
    const { source } = rowOf('OPT-300-Procedure-Buyer')
    const xpath = `${xpathOf(first)}/cac:ContractingParty/${source}`
    judging.found.push(
      finding(
        'EFORMS-REQUIRED',
        { xpath },
        { field: 'OPT-300-Procedure-Buyer', labelFr: 'acheteur', labelEn: 'buyer' },
      ),
    )
  }
  for (const node of nodes)
    require(judging, node, ['OPT-300-Procedure-Buyer', 'référence de l’acheteur', 'buyer reference'])
  for (const node of nodesAt(root, companies)) judgeParty(judging, node, 'Organization-Company', '200')
  for (const node of nodesAt(root, touchPoints)) judgeParty(judging, node, 'Organization-TouchPoint', '201')
}

function judgeParty(judging: Judging, node: XmlNode, suffix: string, number: string): void {
  require(judging, node, [
    `OPT-${number}-${suffix}`,
    'identifiant technique de l’organisation',
    'organisation technical id',
  ])
  require(judging, node, [`BT-500-${suffix}`, 'nom de l’organisation', 'organisation name'])
}

/** The elements are asked, not the objects: a lot that says nothing became none. */
function judgeLotIds(judging: Judging, { formType }: NoticeFormKind): void {
  const { root, found } = judging
  const nodes = nodesAt(root, lots)
  if (formType !== 'planning' && !nodes.some((node) => lotKindOf(node) === 'Lot')) {
    const xpath = `${xpathOf(root)}/cac:ProcurementProjectLot[cbc:ID/@schemeName='Lot']`
    found.push(
      finding(
        'EFORMS-REQUIRED',
        { xpath },
        { field: 'BT-137-Lot', labelFr: 'au moins un lot', labelEn: 'at least one lot' },
      ),
    )
  }
  for (const node of nodes) {
    if (found.length > mostFindings) return
    require(judging, node, ['BT-137-Lot', 'identifiant du lot', 'lot id'])
    const isTitled = formType !== 'cont-modif' && lotKindOf(node) === 'Lot'
    if (isTitled) require(judging, node, ['BT-21-Lot', 'intitulé du lot', 'lot title'])
  }
}
