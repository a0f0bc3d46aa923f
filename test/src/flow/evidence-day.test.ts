import { archiveNext, readCoverage } from '@socle/gateway'
import {
  envelopeFile,
  jcsBytes,
  manifestFile,
  parseCertificates,
  type Receipt,
  signatureFile,
  verifyEvidenceRecord,
} from '@socle/schemas'
import { expect, test } from 'vitest'
import { aContract } from '../decp/base.ts'
import { buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'
import { join } from './party.ts'

const dayMs = 86_400_000
/** Read in pages of 500, and more than one record takes here. */
const count = 1_203
const most = 1_000
const looked = [0, 1, 498, 499, 500, 501, 777, 998, 999, 1_000, 1_001, 1_200, 1_201, 1_202]

test('a day of more documents than a page, and than a record, is archived, each of them with its own way up', async () => {
  let ahead = 0
  // Over seals as they are in receipts.
  await using hub = await startHub(
    { clock: () => new Date(Date.now() + ahead) },
    { env: { HUB_SEAL_TIMESTAMPS: 'urgent' } },
  )
  const sender = await join(hub, 'profil-a', { buyers: [buyerSiret] })
  const texts = Array.from({ length: count }, (_, at) => JSON.stringify({ ...aContract(), id: `E-${at}` }))
  const answer = await sender.ask('/v1/awards/bulk', {
    method: 'POST',
    headers: { 'idempotency-key': 'file', 'content-type': 'application/json' },
    body: `{"marches":{"marche":[${texts.join(',')}]}}`,
  })
  const receipts = answer.text
    .trimEnd()
    .split('\n')
    .flatMap((line) => (JSON.parse(line) as { readonly receipt?: Receipt }).receipt ?? [])
  expect(receipts).toHaveLength(count)

  ahead = 2 * dayMs
  const archived: number[] = []
  for (let one; (one = await archiveNext(hub.hub, '9999-12-31', most));) archived.push(one.documents)
  // Around midnight some are of the next day.
  expect(archived.reduce((sum, documents) => sum + documents)).toBe(count)
  expect(Math.max(...archived)).toBeLessThanOrEqual(most)

  const reader = await join(hub, 'profil-b', { buyers: [buyerSiret] })
  const authorities = parseCertificates(hub.hub.keys.trust.tsaCa)
  for (const at of looked) {
    const receipt = receipts[at]
    if (!receipt) throw new Error(`no receipt ${at}`)
    const { bytes } = await reader.ask(`/v1/documents/${receipt.id}/content`)
    const files = [
      { name: receipt.envelope.content?.name ?? '', bytes },
      { name: envelopeFile, bytes: jcsBytes(receipt.envelope) },
      { name: manifestFile, bytes: Buffer.from(receipt.seal.manifest) },
      { name: signatureFile, bytes: Buffer.from(receipt.seal.signature, 'base64') },
    ]
    const coverage = await readCoverage(hub.hub.store.reader, receipt.proof.index)
    const record = coverage?.partsOver(files).record ?? Buffer.alloc(0)
    const objects = files.map((file) => file.bytes)
    expect(verifyEvidenceRecord(record, objects, authorities).times, `document ${at}`).toHaveLength(1)
  }
})
