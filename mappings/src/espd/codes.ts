/** Which part of the declaration a criterion belongs to. */
export type Family = 'exclusion' | 'selection' | 'other'

export interface Criterion {
  /** e-Certis id. */
  readonly id: string
  /** Short code of versions 3 and 4. Five criteria were dropped after version 2: their codes here are ours. */
  readonly code: string
  /** Code of version 2, without `CRITERION.`. */
  readonly v2Code: string
  readonly family: Family
  /** Beginning of the ids of its groups and questions in version 4, `C29_SC_gen-year-to`; undefined: not in version 4. */
  readonly v4Prefix: string | undefined
}

/**
 * The criteria taxonomy: e-Certis id, short code, version 2 code. The ids are the same from 2.1.1 to 4.x, except that 4.x
 * gives the seven OTHER criteria an id made of their code. Source: code lists of ESPD-EDM 2.1.1 and 4.1.0.
 */
const taxonomy = `
005eb9ed-1347-4ca3-bb29-9bc0db64e1ab crime-org EXCLUSION.CONVICTIONS.PARTICIPATION_IN_CRIMINAL_ORGANISATION
c27b7c4e-c837-4529-b867-ed55ce639db5 corruption EXCLUSION.CONVICTIONS.CORRUPTION
297d2323-3ede-424e-94bc-a91561e6f320 fraud EXCLUSION.CONVICTIONS.FRAUD
d486fb70-86b3-4e75-97f2-0d71b5697c7d terr-offence EXCLUSION.CONVICTIONS.TERRORIST_OFFENCES
47112079-6fec-47a3-988f-e561668c3aef finan-laund EXCLUSION.CONVICTIONS.MONEY_LAUNDERING
d789d01a-fe03-4ccd-9898-73f9cfa080d1 human-traffic EXCLUSION.CONVICTIONS.CHILD_LABOUR-HUMAN_TRAFFICKING
b61bbeb7-690e-4a40-bc68-d6d4ecfaa3d4 tax-pay EXCLUSION.CONTRIBUTIONS.PAYMENT_OF_TAXES
7d85e333-bbab-49c0-be8d-c36d71a72f5e socsec-pay EXCLUSION.CONTRIBUTIONS.PAYMENT_OF_SOCIAL_SECURITY
a80ddb62-d25b-4e4e-ae22-3968460dc0a9 envir-law EXCLUSION.SOCIAL.ENVIRONMENTAL_LAW
a261a395-ed17-4939-9c75-b9ff1109ca6e socsec-law EXCLUSION.SOCIAL.SOCIAL_LAW
a34b70d6-c43d-4726-9a88-8e2b438424bf labour-law EXCLUSION.SOCIAL.LABOUR_LAW
d3732c09-7d62-4edc-a172-241da6636e7c bankruptcy EXCLUSION.BUSINESS.BANKRUPTCY
396f288a-e267-4c20-851a-ed4f7498f137 insolvency EXCLUSION.BUSINESS.INSOLVENCY
68918c7a-f5bc-4a1a-a62f-ad8983600d48 cred-arran EXCLUSION.BUSINESS.CREDITORS_ARRANGEMENT
daffa2a9-9f8f-4568-8be8-7b8bf306d096 bankr-nat EXCLUSION.BUSINESS.BANKRUPTCY_ANALOGOUS
8fda202a-0c37-41bb-9d7d-de3f49edbfcb liq-admin EXCLUSION.BUSINESS.LIQUIDATOR_ADMINISTERED
166536e2-77f7-455c-b018-70582474e4f6 susp-act EXCLUSION.BUSINESS.ACTIVITIES_SUSPENDED
514d3fde-1e3e-4dcd-b02a-9f984d5bbda3 prof-misconduct EXCLUSION.MISCONDUCT.MC_PROFESSIONAL
56d13e3d-76e8-4f23-8af6-13e60a2ee356 distorsion EXCLUSION.MISCONDUCT.MARKET_DISTORTION
b1b5ac18-f393-4280-9659-1367943c1a2e partic-confl EXCLUSION.CONFLICT_OF_INTEREST.PROCEDURE_PARTICIPATION
61874050-5130-4f1c-a174-720939c7b483 prep-confl EXCLUSION.CONFLICT_OF_INTEREST.PROCEDURE_PREPARATION
3293e92b-7f3e-42f1-bee6-a7641bb04251 sanction EXCLUSION.CONFLICT_OF_INTEREST.EARLY_TERMINATION
696a75b2-6107-428f-8b74-82affb67e184 misrepresent EXCLUSION.CONFLICT_OF_INTEREST.MISINTERPRETATION
63adb07d-db1b-4ef0-a14e-a99785cf8cf6 nati-ground EXCLUSION.NATIONAL.OTHER
6ee55a59-6adb-4c3a-b89f-e62a7ad7be7f prof-regist SELECTION.SUITABILITY.PROFESSIONAL_REGISTER_ENROLMENT
87b3fa26-3549-4f92-b8e0-3fd8f04bf5c7 trade-regist SELECTION.SUITABILITY.TRADE_REGISTER_ENROLMENT
9eeb6d5c-0eb8-48e8-a4c5-5087a7c095a4 authorisation SELECTION.SUITABILITY.AUTHORISATION
73f10e36-ed7a-412e-995c-aa76463e3776 membership SELECTION.SUITABILITY.MEMBERSHIP
499efc97-2ac1-4af2-9e84-323c2ca67747 gen-year-to SELECTION.ECONOMIC_FINANCIAL_STANDING.TURNOVER.GENERAL_YEARLY
b16cb9fc-6cb7-4585-9302-9533b415cf48 aver-year-to SELECTION.ECONOMIC_FINANCIAL_STANDING.TURNOVER.AVERAGE_YEARLY
d3dfb714-f558-4512-bbc5-e456fa2339de spec-aver-to SELECTION.ECONOMIC_FINANCIAL_STANDING.TURNOVER.SPECIFIC_AVERAGE
074f6031-55f9-4e99-b9a4-c4363e8bc315 spec-year-to SELECTION.ECONOMIC_FINANCIAL_STANDING.TURNOVER.SPECIFIC_YEARLY
77f481ce-ffb6-483f-8e2b-c78db5e68292 set-up-to SELECTION.ECONOMIC_FINANCIAL_STANDING.TURNOVER.SET_UP
e4d37adc-08cd-4f4d-a8d8-32b62b0a1f46 finan-rat SELECTION.ECONOMIC_FINANCIAL_STANDING.FINANCIAL_RATIO
7604bd40-4462-4086-8763-a50da51a869c indem-insu SELECTION.ECONOMIC_FINANCIAL_STANDING.RISK_INDEMNITY_INSURANCE
ab0e7f2e-6418-40e2-8870-6713123e41ad finan-requ SELECTION.ECONOMIC_FINANCIAL_STANDING.OTHER_REQUIREMENTS
cdd3bb3e-34a5-43d5-b668-2aab86a73822 work-perform SELECTION.TECHNICAL_PROFESSIONAL_ABILITY.REFERENCES.WORKS_PERFORMANCE
3a18a175-1863-4b1d-baef-588ce61960ca supply-perform SELECTION.TECHNICAL_PROFESSIONAL_ABILITY.REFERENCES.SUPPLIES_DELIVERY_PERFORMANCE
5e506c16-26ab-4e32-bb78-b27f87dc0565 service-perform SELECTION.TECHNICAL_PROFESSIONAL_ABILITY.REFERENCES.SERVICES_DELIVERY_PERFORMANCE
3aaca389-4a7b-406b-a4b9-080845d127e7 qual-cont-tech SELECTION.TECHNICAL_PROFESSIONAL_ABILITY.TECHNICAL.TECHNICIANS_FOR_QUALITY_CONTROL
c599c130-b29f-461e-a187-4e16c7d40db7 work-tech SELECTION.TECHNICAL_PROFESSIONAL_ABILITY.TECHNICAL.TECHNICIANS_FOR_CARRYING_WORKS
4bf996d9-439c-40c6-9ab9-980a48cb55a1 qual-facil SELECTION.TECHNICAL_PROFESSIONAL_ABILITY.TECHNICAL.FACILITIES_FOR_QUALITY_ENSURING
90a2e100-44cc-45d3-9970-69d6714f1596 research-fac SELECTION.TECHNICAL_PROFESSIONAL_ABILITY.TECHNICAL.FACILITIES_FOR_STUDY_RESEARCH
dc12a151-7fdf-4733-a8f0-30f667292e66 chain-manage SELECTION.TECHNICAL_PROFESSIONAL_ABILITY.TECHNICAL.SUPPLY_CHAIN_MANAGEMENT
9460457e-b43d-48a9-acd1-615de6ddd33e envir-measure SELECTION.TECHNICAL_PROFESSIONAL_ABILITY.TECHNICAL.ENVIRONMENTAL_MANAGEMENT_MEASURES
cc18c023-211d-484d-a32e-52f3f970285f tech-equip SELECTION.TECHNICAL_PROFESSIONAL_ABILITY.TECHNICAL.EQUIPMENT
07301031-2270-41af-8e7e-66fe0c777107 qualification SELECTION.TECHNICAL_PROFESSIONAL_ABILITY.TECHNICAL.PROFESSIONAL_QUALIFICATIONS
c8809aa1-29b6-4f27-ae2f-27e612e394db spec-req-check SELECTION.TECHNICAL_PROFESSIONAL_ABILITY.TECHNICAL.CHECKS.ALLOWANCE_OF_CHECKS
6346959b-e097-4ea1-89cd-d1b4c131ea4d manage-staff SELECTION.TECHNICAL_PROFESSIONAL_ABILITY.MANAGEMENT.MANAGERIAL_STAFF
1f49b3f0-d50f-43f6-8b30-4bafab108b9b year-manpower SELECTION.TECHNICAL_PROFESSIONAL_ABILITY.MANAGEMENT.AVERAGE_ANNUAL_MANPOWER
612a1625-118d-4ea4-a6db-413184e7c0a8 suncont-port SELECTION.TECHNICAL_PROFESSIONAL_ABILITY.MANAGEMENT.SUBCONTRACTING_PROPORTION
bdf0601d-2480-4250-b870-658d0ee95be6 wo-autent SELECTION.TECHNICAL_PROFESSIONAL_ABILITY.MANAGEMENT.ARTEFACTS.NO_AUTHENTICATED_ARTEFACTS
7662b7a9-bcb8-4763-a0a7-7505d8e8470d w-autent SELECTION.TECHNICAL_PROFESSIONAL_ABILITY.MANAGEMENT.ARTEFACTS.AUTHENTICATED_ARTEFACTS
a7669d7d-9297-43e1-9d10-691a1660187c qa-certif-inst SELECTION.TECHNICAL_PROFESSIONAL_ABILITY.CERTIFICATES.QUALITY_ASSURANCE.QA_INSTITUTES_CERTIFICATE
d726bac9-e153-4e75-bfca-c5385587766d qu-certif-indep SELECTION.TECHNICAL_PROFESSIONAL_ABILITY.CERTIFICATES.QUALITY_ASSURANCE.QA_INDEPENDENT_CERTIFICATE
8ed65e48-fd0d-444f-97bd-4f58da632999 envir-certif-indep SELECTION.TECHNICAL_PROFESSIONAL_ABILITY.CERTIFICATES.ENVIRONMENTAL_MANAGEMENT.ENV_INDEPENDENT_CERTIFICATE
2043338f-a38a-490b-b3ec-2607cb25a017 shelt-worksh OTHER.EO_DATA.SHELTERED_WORKSHOP
9b19e869-6c89-4cc4-bd6c-ac9ca8602165 registered OTHER.EO_DATA.REGISTERED_IN_OFFICIAL_LIST
ee51100f-8e3e-40c9-8f8b-57d5a15be1f2 eo-group OTHER.EO_DATA.TOGETHER_WITH_OTHERS
0d62c6ed-f074-4fcf-8e9f-f691351d52ad relied OTHER.EO_DATA.RELIES_ON_OTHER_CAPACITIES
72c0c4b1-ca50-4667-9487-461f3eed4ed7 subco-ent OTHER.EO_DATA.SUBCONTRACTS_WITH_THIRD_PARTIES
8b9700b7-b13c-41e6-a220-6bbf8d5fab31 lots-tendered OTHER.EO_DATA.LOTS_TENDERED
51c39ba9-0444-4967-afe9-36f753b30175 staff-red OTHER.EO_DATA.REDUCTION_OF_CANDIDATES
0114620b-93e4-486e-84de-14849db1f023 defence-other DEFENCE.SELECTION.OTHER
4c6928de-df28-464e-8e3f-efebf727c418 utilities-other UTILITIES.SELECTION.OTHER
6a21c421-5c1e-46f4-9762-116fbcd33097 lots-submission OTHER.CA_DATA.LOTS_SUBMISSION
ede30cb7-70c2-4ead-ba11-22d0cac5ab7a sme OTHER.EO_SME
`

const byId = new Map<string, Criterion>()
const byCode = new Map<string, Criterion>()
/** Dropped after version 2, or never in a taxonomy that has numbers. */
const notInVersion4: readonly string[] = [
  'set-up-to',
  'lots-tendered',
  'lots-submission',
  'defence-other',
  'utilities-other',
]
const marks: Readonly<Record<Family, string>> = { exclusion: 'EG', selection: 'SC', other: 'OT' }

for (const [place, line] of taxonomy.trim().split('\n').entries()) {
  const [id = '', code = '', v2Code = ''] = line.split(' ')
  const family = familyOf(v2Code)
  const v4Prefix = notInVersion4.includes(code) ? undefined : `C${numberOf(code, place)}_${marks[family]}_${code}`
  const criterion: Criterion = { id, code, v2Code, family, v4Prefix }
  byId.set(id, criterion)
  if (v4Prefix !== undefined) byId.set(v4Prefix.toLowerCase(), criterion)
  byCode.set(code, criterion)
  byCode.set(`CRITERION.${v2Code}`, criterion)
}

/** Numbers of version 4 follow the order above, but for two criteria behind a dropped one. */
function numberOf(code: string, place: number): number {
  return { 'staff-red': 63, sme: 65 }[code] ?? place + 1
}

function familyOf(v2Code: string): Family {
  if (v2Code.startsWith('EXCLUSION.')) return 'exclusion'
  return v2Code.startsWith('OTHER.') ? 'other' : 'selection'
}

/** Finds a criterion by its id, else by its code in either spelling. */
export function findCriterion(id: string | undefined, code: string | undefined): Criterion | undefined {
  return byId.get(id?.toLowerCase() ?? '') ?? byCode.get(code ?? '')
}

/** Family of a criterion that the taxonomy does not know, by the look of its id or code. */
export function guessFamily(id: string | undefined, code: string | undefined): Family {
  const mark = /^C\d+_(EG|SC|OT)_/.exec(id ?? '')?.[1] ?? /^CRITERION\.(EXCLUSION|SELECTION)\./.exec(code ?? '')?.[1]
  if (mark === 'EG' || mark === 'EXCLUSION') return 'exclusion'
  return mark === 'SC' || mark === 'SELECTION' ? 'selection' : 'other'
}

/** Roles of version 2, in the words of versions 3 and 4. SCLE is the old name for both lone and leading operators. */
const roles: Readonly<Record<string, string>> = {
  SCLE: 'sole-tenderer',
  SC: 'sole-tenderer',
  LE: 'group-lead',
  GM: 'group-mem',
  OERON: 'oeron',
  OENRON: 'subcont',
}

/** Role of the operator in the words of version 4; an unknown one stays as it is. */
export function roleOf(code: string): string {
  return roles[code.toUpperCase()] ?? code
}

/** Size of the operator in the words of version 4, which are those of version 2 in small letters. */
export function sizeOf(code: string): string {
  return code.toLowerCase()
}
