import type { DecpRule } from '../view.ts'
import { advanceRate, amountBound, doubtfulAmount, durationBound } from './amounts.ts'
import {
  emptyModifications,
  missingSubcontracts,
  modificationIds,
  subcontractIds,
  undeclaredSubcontracts,
  unknownSubcontracts,
} from './changes.ts'
import { controlCharacters, grouping, objectLength, placeCode } from './contents.ts'
import { modificationOrder, modificationTotals, testRecord } from './chains.ts'
import { dates, publicationAfterNotification, publicationInTime, startAfterSignature } from './dates.ts'
import { buyerSiret, cpvCode, holderIds, idBlanks, idCharacters, otherIds, uid } from './identifiers.ts'
import { duplicateItems, exclusiveConsiderations } from './lists.ts'
import { originDue, originShares } from './origins.ts'
import { placeholders } from './placeholders.ts'
import { unknownInside } from './strangers.ts'
import { aboutVersion1 } from '../old-versions.ts'

/** Layer 2, in the order of the findings: what the official schema lets through (29 of 48 injected faults). */
export const businessRules: readonly DecpRule[] = [
  aboutVersion1,
  testRecord,
  unknownInside,
  idCharacters,
  idBlanks,
  uid,
  buyerSiret,
  objectLength,
  controlCharacters,
  cpvCode,
  holderIds,
  grouping,
  dates,
  publicationAfterNotification,
  publicationInTime,
  startAfterSignature,
  amountBound,
  doubtfulAmount,
  durationBound,
  advanceRate,
  originShares,
  originDue,
  placeCode,
  duplicateItems,
  exclusiveConsiderations,
  modificationIds,
  emptyModifications,
  modificationOrder,
  modificationTotals,
  subcontractIds,
  undeclaredSubcontracts,
  missingSubcontracts,
  unknownSubcontracts,
  otherIds,
  placeholders,
]
