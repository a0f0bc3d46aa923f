import { isConfidential } from '@socle/schemas'
import type { Hub } from '../hub.ts'
import type { AccountId } from '../ids.ts'
import type { Happening, HappeningDocument } from '../store/happenings.ts'

/**
 * Of the buyers of these happenings, those that mandate the account. A place in the log is looked at once and never
 * again, so this does not take the directory's word of a second ago: whoever was mandated before a document was
 * recorded gets it. Most of the traffic needs no mandate and costs no query.
 * @param standing mandates in the log before `size` that run at `at`
 */
export async function mandatedBuyers(
  hub: Pick<Hub, 'accounts'>,
  account: AccountId,
  happenings: readonly Happening[],
  standing: { readonly size: number; readonly at: Date },
): Promise<ReadonlySet<string>> {
  const buyers = happenings.filter(needsMandate).map((happening) => buyerOf(happening))
  return buyers.length === 0 ? new Set() : await hub.accounts.buyersAsOf(account, [...new Set(buyers)], standing)
}

function needsMandate(happening: Happening): boolean {
  return happening.what === 'outcome' || isConfidential(documentOf(happening).kind)
}

function buyerOf(happening: Happening): string {
  return documentOf(happening).buyer
}

function documentOf(happening: Happening): HappeningDocument {
  return happening.what === 'document' ? happening : happening.document
}
