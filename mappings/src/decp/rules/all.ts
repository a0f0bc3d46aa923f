import type { DecpRule } from '../view.ts'
import { advanceRate, amountBound, doubtfulAmount, durationBound } from './amounts.ts'
import {
  emptyModifications,
  modificationIds,
  subcontractIds,
  undeclaredSubcontracts,
  unknownSubcontracts,
} from './changes.ts'
import { controlCharacters, grouping, objectLength, placeCode } from './contents.ts'
import { dates, publicationAfterNotification, startAfterSignature } from './dates.ts'
import { buyerSiret, cpvCode, holderIds, idCharacters, otherIds } from './identifiers.ts'
import { duplicateItems, exclusiveConsiderations } from './lists.ts'
import { originDue, originShares } from './origins.ts'

/** Layer 2, in the order of the findings: what the official schema lets through (29 of 48 injected faults). */
export const businessRules: readonly DecpRule[] = [
  idCharacters,
  buyerSiret,
  objectLength,
  controlCharacters,
  cpvCode,
  holderIds,
  grouping,
  dates,
  publicationAfterNotification,
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
  subcontractIds,
  undeclaredSubcontracts,
  unknownSubcontracts,
  otherIds,
]
