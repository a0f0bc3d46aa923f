import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseTrust } from './trust.ts'
import { verifyReceipt } from './verify-receipt.ts'

const examples = join(import.meta.dirname, '../../examples')
const read = (path: string): string => readFileSync(join(examples, path), 'utf8')
const trust = parseTrust({
  logVkey: read('receipt/trust/log.vkey'),
  sealCa: read('receipt/trust/seal-ca.pem'),
  tsaCa: read('receipt/trust/tsa-ca.pem'),
})

test('the example of a receipt is a real one: it proves the notice beside it, and no other bytes', () => {
  const content = readFileSync(join(examples, 'receipt/notice.xml'))
  const receipt: unknown = JSON.parse(read('receipt/valid-recorded.json'))
  expect(verifyReceipt(receipt, { trust, content }).verdict).toBe('proved')
  const changed = Buffer.from(content)
  changed[1_000] = (changed[1_000] ?? 0) ^ 1
  expect(verifyReceipt(receipt, { trust, content: changed }).verdict).not.toBe('proved')
})

test('the example of a refusal is a real one, and says why', () => {
  const verification = verifyReceipt(JSON.parse(read('receipt/valid-refused.json')), { trust })
  expect(verification.verdict).toBe('proved')
  expect(verification.receipt?.envelope.findings?.some(({ severity }) => severity === 'reject')).toBe(true)
})
