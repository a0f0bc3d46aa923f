import { expect, test } from 'vitest'
import type { Receipt } from '@socle/schemas'
import { anAward, buyerSiret, otherBuyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'

async function deposit(hub: TestHub, account: string, buyer: string, consultation: string): Promise<Receipt> {
  const { token } = await hub.hub.tokens.issue((await hub.hub.accounts.find(account))?.id ?? expect.fail(account), [
    'awards:write',
  ])
  const answer = await fetch(`${hub.url}/v1/awards`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'idempotency-key': `of-${account}`, 'hub-consultation': consultation },
    body: anAward({ buyer }),
  })
  expect(answer.status).toBe(201)
  return (await answer.json()) as Receipt
}

test("a document that joins another buyer's consultation is accepted, and its envelope says so for good", async () => {
  await using hub = await startHub()
  await hub.account('first', { buyers: [buyerSiret] })
  await hub.account('second', { buyers: [otherBuyerSiret] })
  const consultation = '0d5f4f0a-7f8b-4a5e-9c0d-2f6b7a1c3e55'

  const opened = await deposit(hub, 'first', buyerSiret, consultation)
  const joined = await deposit(hub, 'second', otherBuyerSiret, consultation)

  const rule = 'DEPOSIT-CONSULTATION-OTHER-BUYER'
  expect(opened.envelope.findings?.some((finding) => finding.rule === rule) ?? false).toBe(false)
  const said = joined.envelope.findings?.find((finding) => finding.rule === rule)
  expect(said).toMatchObject({ severity: 'warn', value: consultation, expected: buyerSiret })
})
