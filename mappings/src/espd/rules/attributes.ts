import { finding } from '@socle/schemas'
import { namespaces } from '../../xml/namespaces.ts'
import { mostFindings } from '../../xml/bounds.ts'
import { type XmlNode, attribute, xpathOf } from '../../xml/node.ts'
import { isEspdVersionGuessed } from '../../xml/detect.ts'
import { listedSchemes } from '../codecs.ts'
import { unusedTexts } from '../fields.ts'
import { judgeCode, judgeCurrency } from './code-values.ts'
import { type Judging, isV2 } from './judging.ts'

/** BR-OTH-01-10 to 01-31: codes that must name their list. */
const mustNameList = new Set(
  (
    'ExpectedCode IdentificationCode ValueCurrencyCode ProcedureCode ProcurementTypeCode ProcurementSubTypeCode ' +
    'ConfidentialityLevelCode TypeCode DocumentTypeCode IndustryClassificationCode RoleCode PropertyGroupTypeCode ' +
    'QualificationApplicationTypeCode ValueDataTypeCode CriterionTypeCode'
  ).split(' '),
)
/** BR-OTH-01-40: lists that are published with the model, so that their version is the model's. From 3.1 the others are not. */
const versionedLists = new Set('TypeCode DocumentTypeCode PropertyGroupTypeCode ValueDataTypeCode'.split(' '))
const versionedListsBefore = new Set([
  ...versionedLists,
  ...'ConfidentialityLevelCode IndustryClassificationCode RoleCode QualificationApplicationTypeCode CriterionTypeCode'.split(
    ' ',
  ),
])

/**
 * Looks once at every element: attributes that codes and ids must carry, values of code lists, and texts that the
 * canonical form does not carry.
 */
export function judgeElements(judging: Judging): void {
  const versioned = versionedListsOf(judging)
  const open: XmlNode[] = [judging.root]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (judging.found.length > mostFindings) return
    if (node.ns === namespaces['cbc']) judgeBasic(node, judging, versioned)
    for (let index = node.children.length - 1; index >= 0; index--) {
      const child = node.children[index]
      if (child !== undefined) open.push(child)
    }
  }
  const notCarried = unusedTexts(judging.root, judging.reading)
  const [first] = notCarried
  if (first === undefined) return
  const place = { xpath: xpathOf(first), value: first.text.trim() }
  judging.found.push(finding('ESPD-NOT-CARRIED', place, { count: String(notCarried.length) }))
}

/** A guessed version proves nothing against a thousand codes: the guess itself is told, once. */
function versionedListsOf({ root, reading }: Judging): ReadonlySet<string> {
  if (isV2(reading)) return versionedListsBefore
  if (isEspdVersionGuessed(root)) return new Set()
  return reading.version.startsWith('3.0') ? versionedListsBefore : versionedLists
}

function judgeBasic(node: XmlNode, judging: Judging, versioned: ReadonlySet<string>): void {
  const { name } = node
  if (name.endsWith('ID')) {
    judgeId(node, judging)
    return
  }
  if (node.attrs['currencyID'] !== undefined) judgeCurrency(node, judging)
  if (!name.endsWith('Code')) return
  if (mustNameList.has(name)) judgeList(node, judging, versioned.has(name))
  judgeCode(node, judging)
}

/** BR-OTH-02, BR-OTH-08, and the list of kinds of party ids. */
function judgeId(node: XmlNode, { found }: Judging): void {
  if (attribute(node, 'schemeAgencyID') === undefined)
    found.push(finding('ESPD-ID-AGENCY', { xpath: `${xpathOf(node)}/@schemeAgencyID` }, { name: node.qname }))
  if (node.name === 'EndpointID' && attribute(node, 'schemeID') === undefined)
    found.push(finding('ESPD-ENDPOINT-SCHEME', { xpath: `${xpathOf(node)}/@schemeID` }))
  const scheme = node.parent?.name === 'PartyIdentification' ? attribute(node, 'schemeID') : undefined
  if (scheme !== undefined && !listedSchemes.includes(scheme.toUpperCase())) {
    const place = { xpath: `${xpathOf(node)}/@schemeID`, value: scheme, expected: listedSchemes.join(', ') }
    found.push(finding('ESPD-CODE-DOUBTFUL', place))
  }
}

function judgeList(node: XmlNode, { reading, found }: Judging, isVersioned: boolean): void {
  for (const name of ['listID', 'listAgencyID', 'listVersionID']) {
    if (node.attrs[name] !== undefined) continue
    found.push(
      finding('ESPD-CODE-ATTRIBUTE', { xpath: `${xpathOf(node)}/@${name}` }, { name: node.qname, attribute: name }),
    )
  }
  const said = node.attrs['listVersionID']
  const major = reading.version.slice(0, 2)
  if (!isVersioned || said === undefined || said.startsWith(major) || said.startsWith(`0${major}`)) return
  found.push(
    finding('ESPD-CODE-VERSION', { xpath: `${xpathOf(node)}/@listVersionID`, value: said, expected: `${major}x` }),
  )
}
