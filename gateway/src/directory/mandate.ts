import { judgeSiret } from '@socle/mappings'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { parseAccountId } from '../ids.ts'
import { record } from '../record/record.ts'

type Needs = Pick<
  Hub,
  'batcher' | 'sealer' | 'clock' | 'randomBytes' | 'recorded' | 'at' | 'newId' | 'config' | 'accounts'
>

/**
 * Records that a buyer lets an account act for it: a log entry of kind `cfg`, so that nobody can later pretend that a
 * deposit had no mandate, or give it one after the fact.
 * @throws HubError ACCOUNT_NOT_FOUND, REQUEST_INVALID
 */
export async function grantMandate(
  hub: Needs,
  mandate: { account: string; buyer: string; notBefore: Date; notAfter: Date },
): Promise<void> {
  const account = parseAccountId(mandate.account)
  if (!(await hub.accounts.find(account))) throw new HubError('ACCOUNT_NOT_FOUND', { value: account })
  if (judgeSiret(mandate.buyer) !== 'valid')
    throw new HubError('REQUEST_INVALID', { value: `buyer: ${mandate.buyer} (SIRET)` })
  const row = {
    account,
    buyer: mandate.buyer,
    notBefore: mandate.notBefore.toISOString(),
    notAfter: mandate.notAfter.toISOString(),
  }
  await record(hub, {
    envelope: {
      v: 1,
      id: hub.newId(),
      kind: 'cfg',
      type: 'mandate',
      environment: hub.config.environment,
      at: hub.clock().toISOString(),
      account,
      buyer: mandate.buyer,
      change: { mandate: { notBefore: row.notBefore, notAfter: row.notAfter } },
    },
    effects: [{ write: 'mandate', row }],
  })
}
