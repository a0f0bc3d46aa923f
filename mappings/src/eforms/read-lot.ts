import type {
  NoticeAwardCriterion,
  NoticeDeadlines,
  NoticeDocuments,
  NoticeLot,
  NoticeSubmission,
} from '@socle/schemas'
import { anyOf, compact, some } from '../compact.ts'
import { all } from '../xml/path.ts'
import { awardCriteria, callDocuments } from './paths.ts'
import {
  type At,
  below,
  count,
  cpvs,
  day,
  decimal,
  duration,
  indicator,
  moment,
  money,
  plain,
  plains,
  url,
  words,
} from './reader.ts'

/** Reads one lot. An empty id stays empty for the rules to refuse. */
export function readLot(at: At): NoticeLot {
  return compact<NoticeLot>({
    id: plain(at, 'BT-137-Lot') ?? '',
    title: words(at, 'BT-21-Lot'),
    description: words(at, 'BT-24-Lot'),
    cpv: cpvs(at, 'BT-262-Lot')?.[0],
    estimate: money(at, 'BT-27-Lot', 'estimate'),
    duration: duration(at, 'BT-36-Lot'),
    startOn: day(at, 'BT-536-Lot'),
    endOn: day(at, 'BT-537-Lot'),
    maxRenewals: count(at, 'BT-58-Lot'),
    framework: plain(at, 'BT-765-Lot'),
    dynamicPurchasingSystem: plain(at, 'BT-766-Lot'),
    electronicAuction: indicator(at, 'BT-767-Lot'),
    reservedParticipation: plains(at, 'BT-71-Lot'),
    environmentalAims: plains(at, 'BT-774-Lot'),
    socialAims: plains(at, 'BT-775-Lot'),
    innovationAims: plains(at, 'BT-776-Lot'),
    euFunds: plain(at, 'BT-60-Lot'),
    documents: some(all(at.node, callDocuments).map((node) => readDocuments(below(at, node)))),
    submission: anyOf(readSubmission(at)),
    variants: plain(at, 'BT-63-Lot'),
    deadlines: anyOf(readDeadlines(at)),
    tenderValidity: duration(at, 'BT-98-Lot'),
    awardCriteria: some(all(at.node, awardCriteria).map((node) => readCriterion(below(at, node)))),
    gpaCoverage: indicator(at, 'BT-115-Lot'),
    reviewBodies: plains(at, 'OPT-301-Lot-ReviewOrg'),
  })
}

/** BT-15 and BT-615 are one element: the document type beside it says whether the access is free. */
function readDocuments(at: At): NoticeDocuments {
  const access = plain(at, 'BT-14-Lot')
  const isRestricted = access === 'restricted-document'
  return compact<NoticeDocuments>({
    access,
    url: isRestricted ? undefined : url(at, 'BT-15-Lot'),
    restrictedUrl: isRestricted ? url(at, 'BT-615-Lot') : undefined,
  })
}

function readSubmission(at: At): NoticeSubmission {
  return compact<NoticeSubmission>({
    electronic: plain(at, 'BT-17-Lot'),
    url: url(at, 'BT-18-Lot'),
    languages: plains(at, 'BT-97-Lot'),
    signatureRequired: indicator(at, 'BT-744-Lot'),
  })
}

function readDeadlines(at: At): NoticeDeadlines {
  return compact<NoticeDeadlines>({
    tenders: moment(at, 'BT-131(d)-Lot', 'BT-131(t)-Lot'),
    requests: moment(at, 'BT-1311(d)-Lot', 'BT-1311(t)-Lot'),
    questions: moment(at, 'BT-13(d)-Lot', 'BT-13(t)-Lot'),
    opening: moment(at, 'BT-132(d)-Lot', 'BT-132(t)-Lot'),
  })
}

function readCriterion(at: At): NoticeAwardCriterion {
  return compact<NoticeAwardCriterion>({
    type: plain(at, 'BT-539-Lot'),
    description: words(at, 'BT-540-Lot'),
    weight: decimal(at, 'BT-541-Lot-WeightNumber'),
  })
}
