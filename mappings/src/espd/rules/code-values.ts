import { type RuleId, finding } from '@socle/schemas'
import { type XmlNode, attribute, textOf, xpathOf } from '../../xml/node.ts'
import { dataTypes } from '../answers.ts'
import {
  applicationTypes,
  confidentialities,
  currencies,
  documentTypes,
  elementTypes,
  evaluations,
  groupTypes,
  guiControls,
  isProcedure,
  roles,
  sizes,
} from '../code-lists.ts'
import { isCountry } from '../countries.ts'
import type { Judging } from './judging.ts'

type Fits = (code: string, version: string, node: XmlNode) => boolean

interface Checked {
  readonly fits: Fits
  /** Lists that official samples do not keep to are told, not refused. */
  readonly rule: Extract<RuleId, 'ESPD-CODE-VALUE' | 'ESPD-CODE-DOUBTFUL'>
}

const types = new Set(dataTypes.map((type) => type.toLowerCase()))

/** Code lists by element. Case does not count, as in the official rules. */
const checks: Readonly<Record<string, Checked>> = {
  RoleCode: closed((code, _, node) => node.parent?.name !== 'EconomicOperatorRole' || roles.has(code)),
  IndustryClassificationCode: closed((code) => sizes.has(code)),
  IdentificationCode: closed((code, _, node) => node.parent?.name !== 'Country' || isCountry(code)),
  TypeCode: closed((code) => elementTypes.has(code)),
  ValueDataTypeCode: closed((code) => types.has(code)),
  ConfidentialityLevelCode: closed((code) => confidentialities.has(code)),
  ProcedureCode: closed((code, version) => isProcedure(code, version)),
  QualificationApplicationTypeCode: closed((code) => applicationTypes.has(code)),
  EvaluationMethodTypeCode: closed((code) => evaluations.has(code)),
  ValueCurrencyCode: closed((code) => currencies.has(code)),
  PropertyGroupTypeCode: tolerated((code) => groupTypes.has(code)),
  DocumentTypeCode: tolerated((code) => documentTypes.has(code)),
  ExpectedCode: tolerated(
    (code, _, node) => attribute(node, 'listID') !== 'boolean-gui-control-type' || guiControls.has(code),
  ),
}

function closed(fits: Fits): Checked {
  return { fits, rule: 'ESPD-CODE-VALUE' }
}

function tolerated(fits: Fits): Checked {
  return { fits, rule: 'ESPD-CODE-DOUBTFUL' }
}

export function judgeCode(node: XmlNode, { reading, found }: Judging): void {
  const check = Object.hasOwn(checks, node.name) ? checks[node.name] : undefined
  const value = textOf(node)
  if (check === undefined || value === undefined || check.fits(value.toLowerCase(), reading.version, node)) return
  const expected = attribute(node, 'listID') ?? node.name
  found.push(finding(check.rule, { xpath: xpathOf(node), value, expected }))
}

export function judgeCurrency(node: XmlNode, { found }: Judging): void {
  const value = attribute(node, 'currencyID') ?? ''
  if (currencies.has(value.toLowerCase())) return
  found.push(finding('ESPD-CODE-VALUE', { xpath: `${xpathOf(node)}/@currencyID`, value, expected: 'ISO 4217' }))
}
