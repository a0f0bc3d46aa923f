import { type Check, type Kind, type Receipt, type Trust, verifyReceipt } from '@socle/schemas'
import { HubClientError } from './hub-client-error.ts'

/** What a receipt must prove to be an answer to what was asked. */
export interface Expected {
  readonly trust: Trust
  /** The exact bytes; without them everything but the content is checked. */
  readonly content?: Uint8Array
  readonly state?: Receipt['state']
  readonly kind?: Kind
  /** Technical account that made the deposit. */
  readonly account?: string
  readonly id?: string
}

/**
 * Gives the receipt back only when it is proved offline against the trust, and speaks of what was asked: a genuine
 * receipt of another deposit is not a receipt of this one.
 * @throws HubClientError NOT_PROVED with every check
 */
export function proved(source: unknown, expected: Expected): Receipt {
  const { trust, content } = expected
  const verification = verifyReceipt(source, { trust, ...(content ? { content } : {}) })
  const { receipt } = verification
  if (verification.verdict !== 'proved' || !receipt)
    throw new HubClientError('NOT_PROVED', { verification, reason: failuresOf(verification.checks) })
  const other = differenceOf(receipt, expected)
  if (other !== undefined) throw new HubClientError('NOT_PROVED', { verification, reason: other })
  return receipt
}

function differenceOf({ state, envelope, id }: Receipt, expected: Expected): string | undefined {
  if (expected.state !== undefined && expected.state !== state) return `a receipt of state ${state}`
  if (expected.kind !== undefined && expected.kind !== envelope.type) return 'a receipt of another kind of document'
  if (expected.account !== undefined && expected.account !== envelope.account) return 'a receipt of another account'
  if (expected.id !== undefined && expected.id !== id) return 'a receipt of another document'
  return undefined
}

function failuresOf(checks: readonly Check[]): string {
  const failed = checks.filter(({ result }) => result === 'failed')
  return failed.map(({ name, detail }) => `${name}${detail === undefined ? '' : `: ${detail}`}`).join('; ')
}
