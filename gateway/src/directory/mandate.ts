import { judgeSiret } from '@socle/mappings'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { type AccountId, parseAccountId } from '../ids.ts'
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
  await write(hub, { account, buyer: mandate.buyer, notBefore: mandate.notBefore, notAfter: mandate.notAfter })
}

/**
 * Takes back every mandate of a buyer that runs now, or is to come, at this instant. Mandates are entries of the log,
 * which are never changed: this one is a mandate that ends when it begins, and ends those before it.
 * @throws HubError MANDATE_NOT_FOUND when none runs now
 */
export async function revokeMandate(
  hub: Needs & Pick<Hub, 'store'>,
  mandate: { readonly account: string; readonly buyer: string },
): Promise<void> {
  const account = parseAccountId(mandate.account)
  const { buyer } = mandate
  const now = hub.clock()
  const running = await hub.accounts.buyersAsOf(account, [buyer], { size: Number.MAX_SAFE_INTEGER, at: now })
  if (!running.has(buyer)) throw new HubError('MANDATE_NOT_FOUND', { value: buyer })
  await write(hub, { account, buyer, notBefore: now, notAfter: now })
}

interface Mandate {
  readonly account: AccountId
  readonly buyer: string
  readonly notBefore: Date
  readonly notAfter: Date
}

async function write(hub: Needs, mandate: Mandate): Promise<void> {
  const { account, buyer } = mandate
  const [notBefore, notAfter] = [mandate.notBefore.toISOString(), mandate.notAfter.toISOString()]
  await record(hub, {
    envelope: {
      v: 1,
      id: hub.newId(),
      kind: 'cfg',
      type: 'mandate',
      environment: hub.config.environment,
      at: hub.clock().toISOString(),
      account,
      buyer,
      change: { mandate: { notBefore, notAfter } },
    },
    effects: [{ write: 'mandate', row: { account, buyer, notBefore, notAfter } }],
  })
}
