/** Root elements of notices; each has its own namespace. */
export type NoticeRoot =
  | 'PriorInformationNotice'
  | 'ContractNotice'
  | 'ContractAwardNotice'
  | 'BusinessRegistrationInformationNotice'

/** What a form number (OPP-070) says of the notice: its root element, its form type (BT-03) and notice type (BT-02). */
export interface NoticeFormKind {
  readonly root: NoticeRoot
  readonly formType: string
  readonly noticeType: string
}

/** Forms by root, form type and notice type: notice-types.json of SDK 1.13 and 1.15. */
const lines = `
PriorInformationNotice planning pin-buyer 1 2 3
PriorInformationNotice planning pin-only 4 5 6 E2
PriorInformationNotice planning pin-rtl 7 8 9
PriorInformationNotice planning pin-tran T01
PriorInformationNotice consultation pmc E1
PriorInformationNotice competition pin-cfc-standard 10 11 CEI
PriorInformationNotice competition pin-cfc-social 12 13 14
ContractNotice competition qu-sy 15
ContractNotice competition cn-standard 16 17 18 19 E3
ContractNotice competition cn-social 20 21
ContractNotice competition subco 22
ContractNotice competition cn-desg 23 24
ContractAwardNotice dir-awa-pre veat 25 26 27 28
ContractAwardNotice result can-standard 29 30 31 32 E4
ContractAwardNotice result can-social 33 34 35
ContractAwardNotice result can-desg 36 37
ContractAwardNotice result can-tran T02
ContractAwardNotice completion compl E5
ContractAwardNotice cont-modif can-modif 38 39 40 E6
BusinessRegistrationInformationNotice bri brin-eeig X01
BusinessRegistrationInformationNotice bri brin-ecs X02`

const kinds: ReadonlyMap<string, NoticeFormKind> = new Map(
  lines
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [root = '', formType = '', noticeType = '', ...subtypes] = line.split(' ')
      return subtypes.map((subtype) => [subtype, { root: root as NoticeRoot, formType, noticeType }] as const)
    }),
)

/** What a form number says; undefined for one that no SDK of major version 1 has. */
export function formKindOf(subtype: string | undefined): NoticeFormKind | undefined {
  return subtype === undefined ? undefined : kinds.get(subtype)
}

/** Every form number. */
export const subtypes: readonly string[] = [...kinds.keys()]

/** Namespace of a root element. */
export function namespaceOf(root: NoticeRoot): string {
  return root === 'BusinessRegistrationInformationNotice'
    ? 'http://data.europa.eu/p27/eforms-business-registration-information-notice/1'
    : `urn:oasis:names:specification:ubl:schema:xsd:${root}-2`
}
