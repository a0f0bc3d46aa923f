import type { Finding } from './finding.ts'
import type { Kind } from './kinds.ts'
import { personalValuesOf } from './personal-data.ts'

/** Elements and members of the formats that hold what `personalFields` names, wherever they stand in a place. */
const places: readonly RegExp[] = [
  // UBL: eForms and ESPD.
  /:(?:ElectronicMail|Telephone|Telefax|FirstName|MiddleName|FamilyName|BirthDate|BirthplaceName|NationalityID)\b/,
  /:(?:Contact|Person|UltimateBeneficialOwner|PowerOfAttorney|AgentParty|ResidenceAddress|TechnicalCommitteePerson)\b/,
  /:(?:ResponseValue|TenderingCriterionResponse|EvidenceSupplied)\b/,
  // BOAMP, its two families of names.
  /\/(?:mel|tel|fax|MEL|TEL|FAX|CONTACT|CORRESPONDANT|correspondantPRM|adresseMailContact|telContact|nomContact)\b/,
  // DECP 1.5
  /\/denominationSociale\b/,
]

/** Business fields of eForms: contact points, mails, telephones, natural persons, jury members. */
const businessFields = /^(?:BT-(?:502|503|506|739|706|46|47)|OPT-160)\b/

/** Begins where a word begins and no dot is tried twice: its work grows with the text, not with its square. */
const mail = /(?<![^\s@])[^\s@]+@[^\s@][^\s@.]*\.[^\s@]+/
const mails = new RegExp(mail, 'g')

/** Shorter ones (a country, a flag) stand in every text. */
const shortestValue = 4

/** What a withheld value leaves. */
const mark = '…'

/**
 * Findings as they may stand in the log's envelopes: of what concerns a natural person the place and the rule stay, the
 * value does not. The sender's answer has them whole.
 * @param canonical of the document, where it could be read: its personal values are looked for in every text
 */
export function withoutPersonalValues(
  findings: readonly Finding[],
  canonical: { readonly kind: Kind } | undefined,
): readonly Finding[] {
  if (findings.length === 0) return findings
  const said = canonical ? personalValuesOf(canonical) : []
  const values = [...new Set(said)].filter(({ length }) => length >= shortestValue)
  return findings.map((finding) => (isPersonal(finding, values) ? withheld(finding, values) : finding))
}

function isPersonal(finding: Finding, values: readonly string[]): boolean {
  const { pointer = '', xpath = '', field = '', value = '', expected = '', message } = finding
  const place = `${pointer} ${xpath}`
  if (businessFields.test(field) || places.some((pattern) => pattern.test(place))) return true
  const texts = [value, expected, message.fr, message.en, place]
  return texts.some((text) => mail.test(text) || values.some((one) => text.includes(one)))
}

function withheld(finding: Finding, values: readonly string[]): Finding {
  const { value, expected, ...others } = finding
  const hide = (text: string, own: readonly string[] = []): string =>
    [...own, ...values].reduce((left, one) => left.replaceAll(one, mark), text).replaceAll(mails, mark)
  // A single character would be found all over the sentence.
  const own = value !== undefined && value.length > 1 ? [value] : []
  return {
    ...others,
    ...(finding.pointer === undefined ? {} : { pointer: hide(finding.pointer) }),
    ...(finding.xpath === undefined ? {} : { xpath: hide(finding.xpath) }),
    ...(expected === undefined ? {} : { expected: hide(expected, own) }),
    message: { fr: hide(finding.message.fr, own), en: hide(finding.message.en, own) },
  }
}
