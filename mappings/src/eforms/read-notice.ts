import type { Notice, NoticeForm, NoticeChange, NoticePlace } from '@socle/schemas'
import { anyOf, compact, some } from '../compact.ts'
import { attribute } from '../xml/node.ts'
import { all, first } from '../xml/path.ts'
import { lots, pathOf, places } from './paths.ts'
import { readBuyers, readOrganisations } from './read-organisations.ts'
import { readLot } from './read-lot.ts'
import { type At, below, cpvs, day, indicator, moment, money, nuts, plain, words } from './reader.ts'

/** A notice before its rules: what the schema requires may still be missing. */
export type ReadNotice = Omit<Notice, 'title'> & Partial<Pick<Notice, 'title'>>

/**
 * Reads an eForms notice into the canonical form, one line a field, its eForms number beside it. Values that cannot be
 * what they claim are left out and reported in `at.found`; `cac:TenderResult/cbc:AwardDate` is a placeholder and never read.
 */
export function readNotice(at: At): ReadNotice {
  return compact<ReadNotice>({
    kind: 'notice',
    form: readForm(at),
    id: plain(at, 'BT-701-notice'),
    version: plain(at, 'BT-757-notice'),
    procedureId: plain(at, 'BT-04-notice'),
    dispatchedAt: moment(at, 'BT-05(a)-notice', 'BT-05(b)-notice')?.at,
    transmittedOn: day(at, 'BT-803(d)-notice'),
    requestedPublicationOn: day(at, 'BT-738-notice'),
    plannedNoticeOn: day(at, 'BT-127-notice'),
    language: plain(at, 'BT-702(a)-notice'),
    change: readChange(at),
    organisations: readOrganisations(at),
    buyers: readBuyers(at),
    procedure: anyOf(
      compact<NonNullable<Notice['procedure']>>({
        type: plain(at, 'BT-105-Procedure'),
        accelerated: indicator(at, 'BT-106-Procedure'),
      }),
    ),
    title: words(at, 'BT-21-Procedure'),
    description: words(at, 'BT-24-Procedure'),
    internalReference: plain(at, 'BT-22-Procedure'),
    nature: natures.find((nature) => nature === plain(at, 'BT-23-Procedure')),
    cpv: cpvs(at, 'BT-262-Procedure')?.[0],
    additionalCpv: cpvs(at, 'BT-263-Procedure'),
    estimate: money(at, 'BT-27-Procedure', 'estimate'),
    frameworkMaximum: money(at, 'BT-271-Procedure', 'framework-maximum'),
    places: some(all(at.node, places).map((node) => readPlace(below(at, node)))),
    lots: all(at.node, lots).map((node) => readLot(below(at, node))),
  })
}

/** BT-23, the natures of a contract. */
export const natures: readonly NonNullable<Notice['nature']>[] = ['works', 'supplies', 'services']

function readForm(at: At): NoticeForm {
  return compact<NoticeForm>({
    format: 'eforms',
    version: plain(at, 'OPT-002-notice'),
    subtype: plain(at, 'OPP-070-notice'),
    noticeType: plain(at, 'BT-02-notice'),
    formType: attribute(first(at.node, pathOf('BT-02-notice')), 'listName'), // BT-03-notice
    legalBasis: plain(at, 'BT-01-notice'),
  })
}

function readChange(at: At): NoticeChange | undefined {
  return anyOf(
    compact<NoticeChange>({
      changedNotice: plain(at, 'BT-758-notice'),
      reason: plain(at, 'BT-140-notice'),
    }),
  )
}

function readPlace(at: At): NoticePlace {
  return compact<NoticePlace>({
    nuts: nuts(at, 'BT-5071-Procedure'),
    postCode: plain(at, 'BT-5121-Procedure'),
    description: words(at, 'BT-728-Procedure'),
  })
}
