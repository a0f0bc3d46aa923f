import type { Detected, FormatName } from '../examination.ts'
import { type XmlNode, textOf } from './node.ts'
import { first, path, textAt } from './path.ts'

/** What an XML document is, as its own content tells it. */
export interface DetectedXml extends Detected {
  /** What the finding of a refusal prints: `eForms ContractAwardNotice 29 (eforms-sdk-1.13)`, `{urn:…}Root`. */
  readonly label: string
  /** eForms only: OPP-070, `16`, `E3`. */
  readonly subtype?: string
}

const ubl = 'urn:oasis:names:specification:ubl:schema:xsd:'
const espdV1 = 'urn:grow:names:specification:ubl:schema:xsd:'

const noticeRoots = ['ContractNotice', 'PriorInformationNotice', 'ContractAwardNotice']
const registrationNamespace = 'http://data.europa.eu/p27/eforms-business-registration-information-notice/1'

/** Names the format and version of any XML by its root element, then by the markers each family carries inside. */
export function detectXml(root: XmlNode): DetectedXml {
  return detectEforms(root) ?? detectEspd(root) ?? detectOther(root) ?? unknown(root)
}

const subtypePath = path(
  'ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent/efext:EformsExtension/efac:NoticeSubType/cbc:SubTypeCode',
)
const customizationPath = path('cbc:CustomizationID')

function detectEforms(root: XmlNode): DetectedXml | undefined {
  const isNotice = noticeRoots.includes(root.name) && root.ns === `${ubl}${root.name}-2`
  const isRegistration = root.name === 'BusinessRegistrationInformationNotice' && root.ns === registrationNamespace
  if (!isNotice && !isRegistration) return undefined
  const subtype = textAt(root, subtypePath)
  const version = textAt(root, customizationPath)
  const label = `eForms ${root.name} ${subtype ?? '?'}${version === undefined ? '' : ` (${version})`}`
  return { format: 'eforms', version, label, ...(subtype === undefined ? {} : { subtype }) }
}

function detectEspd(root: XmlNode): DetectedXml | undefined {
  const format = espdFormat(root)
  if (format === undefined) return undefined
  const version = root.ns.startsWith(espdV1) ? '1.0.2' : espdVersion(root)
  return { format, version, label: `ESPD ${format === 'espd-request' ? 'request' : 'response'} ${version ?? '?'}` }
}

function espdFormat({ name, ns }: XmlNode): FormatName | undefined {
  switch (ns) {
    case `${ubl}QualificationApplicationResponse-2`:
      return name === 'QualificationApplicationResponse' ? 'espd-response' : undefined
    case `${ubl}QualificationApplicationRequest-2`:
      return name === 'QualificationApplicationRequest' ? 'espd-request' : undefined
    case `${espdV1}ESPDResponse-1`:
      return name === 'ESPDResponse' ? 'espd-response' : undefined
    case `${espdV1}ESPDRequest-1`:
      return name === 'ESPDRequest' ? 'espd-request' : undefined
    default:
      return undefined
  }
}

const executionPath = path('cbc:ProfileExecutionID')
const ublVersionPath = path('cbc:UBLVersionID')
const uuidPath = path('cbc:UUID')
const versionIdPath = path('cbc:VersionID')
const propertyPath = path(
  'cac:TenderingCriterion/cac:TenderingCriterionPropertyGroup/cac:TenderingCriterionProperty/cbc:ID',
)

/**
 * The execution profile says it outright; else the UBL version gives the family, which `schemeVersionID` refines when
 * it agrees with the family (official samples carry wrong ones); else the look of the property ids.
 */
function espdVersion(root: XmlNode): string | undefined {
  const said = saidVersion(root)
  if (said !== undefined) return said
  const byUbl =
    { '2.1': '1', '2.2': '2', '2.3': '3', '2.4': '5' }[textAt(root, ublVersionPath) ?? ''] ?? familyByIds(root)
  // Versions 3 and 4 share UBL 2.3: the ids of the questions tell them apart.
  const family = byUbl === '3' && familyByIds(root) === '4' ? '4' : byUbl
  if (family === undefined) return undefined
  const declared = [uuidPath, versionIdPath].map((at) => first(root, at)?.attrs['schemeVersionID'])
  const exact = declared.find(
    (version) => version?.startsWith(`${family}.`) === true && /^\d+\.\d+\.\d+$/.test(version),
  )
  return exact ?? { '1': '1.0.2', '2': '2.1.1', '5': '5.0.0-alpha' }[family] ?? `${family}.x`
}

/** Version 2 also says which of its kinds a document is. */
const executionId = /^ESPD-EDMv(\d+\.\d+\.\d+)(?:(?<=v2\.\d+\.\d+)-(?:BASIC|EXTENDED|REGULATED|SELF-?CONTAINED))?$/

/** The version that the execution profile of an ESPD says outright; undefined where it says none that can be. */
function saidVersion(root: XmlNode): string | undefined {
  return executionId.exec(textAt(root, executionPath) ?? '')?.[1]
}

/** True when the version of an ESPD was worked out from other marks than its execution profile. */
export function isEspdVersionGuessed(root: XmlNode): boolean {
  return saidVersion(root) === undefined
}

function familyByIds(root: XmlNode): string | undefined {
  const id = textAt(root, propertyPath)
  if (id === undefined) return undefined
  return /^C\d+_(EG|SC|OT)_/.test(id) ? '4' : '2'
}

interface Known {
  readonly format: FormatName
  readonly label: string
  readonly fits: (root: XmlNode) => boolean
  readonly version?: (root: XmlNode) => string | undefined
}

const boampToday = 'http://boamp.journal-officiel.gouv.fr/XML/'
const decpRoots = ['marches', 'marche', 'contrat-concession']

const others: readonly Known[] = [
  { format: 'decp-xml', label: 'DECP XML', fits: ({ name, ns }) => ns === '' && decpRoots.includes(name) },
  { format: 'svrl', label: 'SVRL (Schematron)', fits: ({ ns }) => ns === 'http://purl.oclc.org/dsdl/svrl' },
  { format: 'xsd', label: 'XSD (XML Schema)', fits: ({ ns }) => ns === 'http://www.w3.org/2001/XMLSchema' },
  {
    format: 'seda',
    label: 'SEDA',
    fits: ({ ns }) => ns.startsWith('fr:gouv:culture:archivesdefrance:seda:'),
    version: ({ ns }) => /:v(\d+\.\d+)$/.exec(ns)?.[1],
  },
  {
    format: 'actes',
    label: '@CTES',
    fits: ({ ns }) => ns.startsWith('http://www.interieur.gouv.fr/ACTES'),
    version: ({ ns }) => /#v(\d+\.\d+)/.exec(ns)?.[1],
  },
  {
    format: 'boamp-xml',
    label: 'BOAMP XML',
    fits: ({ name, ns }) =>
      (ns === '' && ['ANNONCE', 'PARUTION', 'ANNONCES', 'PARUTION_BOAMP'].includes(name)) || ns.startsWith(boampToday),
    version: ({ attrs, ns }) =>
      ns.startsWith(boampToday)
        ? ns.slice(boampToday.length)
        : /_v(\d+)\.xsd$/.exec(attrs['xsi:noNamespaceSchemaLocation'] ?? '')?.[1],
  },
]

function detectOther(root: XmlNode): DetectedXml | undefined {
  const known = others.find(({ fits }) => fits(root))
  if (known === undefined) return undefined
  const version = known.version?.(root)
  return { format: known.format, version, label: version === undefined ? known.label : `${known.label} ${version}` }
}

function unknown(root: XmlNode): DetectedXml {
  const start = textOf(root)?.slice(0, 40)
  const name = root.ns === '' ? root.qname : `{${root.ns}}${root.name}`
  return { format: 'unknown', version: undefined, label: start === undefined ? name : `${name} « ${start} »` }
}
