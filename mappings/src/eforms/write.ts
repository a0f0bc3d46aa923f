import type { Notice } from '@socle/schemas'
import type { Loss, Unwritable, Written } from '../translation.ts'
import { namespaces } from '../xml/namespaces.ts'
import { writeXml } from '../xml/write.ts'
import { type Building, building, finish, sharedAt } from './building.ts'
import { type NoticeFormKind, formKindOf, namespaceOf, subtypes } from './forms.ts'
import { nestOrganisations } from './shape-organisations.ts'
import { stepsOf } from './step.ts'
import { noticeTable } from './table.ts'
import { offsetOf } from './values/time-types.ts'
import { writeTree } from './write-tree.ts'

/**
 * Writes a notice as eForms, in the SDK version and form it says it is of. The result is valid under the schemas of the
 * SDK when the notice holds what its form asks for; nothing is invented. A day gets the offset
 * its source gave it, kept in `marks`, else that of the dispatch: the canonical value is without and eForms wants one. Source of the order of elements: UBL 2.3.
 */
export function writeEforms(notice: Notice): Written | Unwritable {
  const kind = formKindOf(notice.form.subtype)
  const absent = missingIn(notice, kind)
  if (absent.length > 0 || kind === undefined) return { missing: absent }
  const losses: Loss[] = []
  const lost = (pointer: string): void => void losses.push(noPlaceFor(pointer))
  const language = notice.language ?? 'FRA'
  const root = building(kind.root)
  const writing = { language, offset: offsetOf(notice.dispatchedAt ?? ''), lost }
  writeTree(root, noticeTable, treeOf(notice, kind, { language, lost }), { writing, pointer: '' })
  addFixed(root, kind)
  for (const [name, uri] of Object.entries(declarations(kind))) root.attrs[name] = uri
  return { content: writeXml(finish(root)), mediaType: 'application/xml', losses }
}

interface Shaping {
  readonly language: string
  readonly lost: (pointer: string) => void
}

/** The notice as the tables see it: organisations nested, and without what only the canonical form says. */
function treeOf(notice: Notice, kind: NoticeFormKind, { language, lost }: Shaping): object {
  const { kind: _, form, title, organisations, ...rest } = notice
  const { format: __, ...said } = form
  return {
    ...rest,
    form: said,
    // A registration notice has no title of its own: the name registered was shown as one.
    ...(kind.formType === 'bri' ? {} : { title }),
    organisations: nestOrganisations(organisations, language, (index) => lost(`/organisations/${index}`)),
  }
}

/** What UBL asks for and no business field gives: its own version, and a date of award that means nothing. */
function addFixed(root: Building, { root: name }: NoticeFormKind): void {
  sharedAt(root, ublVersion).text = '2.3'
  if (name === 'ContractAwardNotice') sharedAt(root, placeholderDate).text ??= '2000-01-01Z'
}

const ublVersion = stepsOf('cbc:UBLVersionID')
const placeholderDate = stepsOf('cac:TenderResult/cbc:AwardDate')

function declarations({ root }: NoticeFormKind): Record<string, string> {
  const prefixed = Object.entries(namespaces).map(([prefix, uri]) => [`xmlns:${prefix}`, uri] as const)
  return Object.fromEntries([['xmlns', namespaceOf(root)], ...prefixed])
}

/** What no eForms notice goes without and a person must give. */
function missingIn(notice: Notice, kind: NoticeFormKind | undefined): Loss[] {
  const { form, id, version, dispatchedAt, language } = notice
  const asked: readonly (readonly [field: string, value: unknown, fr: string, en: string])[] = [
    [
      '/form/version',
      /^eforms-sdk-1\.\d+$/.test(form.version ?? '') || undefined,
      'la version du SDK, par exemple eforms-sdk-1.13',
      'the SDK version, for instance eforms-sdk-1.13',
    ],
    [
      '/form/subtype',
      kind,
      `le numéro du formulaire (${subtypes.join(', ')})`,
      `the form number (${subtypes.join(', ')})`,
    ],
    ['/form/noticeType', form.noticeType, 'le type d’avis (BT-02)', 'the notice type (BT-02)'],
    ['/form/formType', form.formType, 'le type de formulaire (BT-03)', 'the form type (BT-03)'],
    ['/form/legalBasis', form.legalBasis, 'la base juridique (BT-01)', 'the legal basis (BT-01)'],
    ['/id', id, 'l’identifiant de l’avis (BT-701)', 'the notice id (BT-701)'],
    ['/version', version, 'la version de l’avis (BT-757)', 'the notice version (BT-757)'],
    ['/dispatchedAt', dispatchedAt, 'la date et l’heure d’envoi (BT-05)', 'the date and time of dispatch (BT-05)'],
    ['/language', language, 'la langue de l’avis (BT-702)', 'the language of the notice (BT-702)'],
  ]
  return asked.flatMap(([field, value, fr, en]) =>
    value === undefined ? [{ field, message: { fr: `Indiquez ${fr}.`, en: `Give ${en}.` } }] : [],
  )
}

function noPlaceFor(field: string): Loss {
  return {
    field,
    message: {
      fr: `eForms n’a pas de place pour « ${field} » ; cette donnée n’est pas écrite.`,
      en: `eForms has no place for “${field}”; it is not written.`,
    },
  }
}
