import { archiveNext, readCoverage, renewByHash, renewByTimestamp } from '@socle/gateway'
import {
  envelopeFile,
  jcsBytes,
  manifestFile,
  parseCertificates,
  signatureFile,
  verifyEvidenceRecord,
} from '@socle/schemas'
import { expect, test } from 'vitest'
import { startPostgres } from '../servers/postgres.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'
import { join } from './party.ts'

test('two replicas on PostgreSQL archive a day once, and write the same record', async () => {
  await using postgres = await startPostgres()
  const url = await postgres.createDatabase()
  let ahead = 0
  const clock = (): Date => new Date(Date.now() + ahead)
  const env = { HUB_STORE_URL: url, HUB_STORE_MIGRATION_URL: url }
  await using one = await startHub({ clock }, { env })
  const shared = { ...env, HUB_KEYS_DIR: one.hub.config.keysDirectory }
  await using two = await startHub({ clock }, { env: shared })
  const sender = await join(one, 'profil-a', { buyers: [buyerSiret] })
  const bytes = Buffer.from(anAward())
  const receipt = await sender.sent('award', bytes)
  ahead = 2 * 86_400_000

  const both = await Promise.allSettled([one, two].map(async ({ hub }) => await archiveNext(hub, '9999-12-31')))
  expect(both.filter((turn) => turn.status === 'fulfilled' && turn.value?.documents === 1)).toHaveLength(1)
  expect(await archiveNext(two.hub, '9999-12-31')).toBeUndefined()
  expect(await renewByTimestamp(two.hub)).toHaveLength(1)
  expect(await renewByHash(one.hub)).toHaveLength(1)

  const { reader, writer } = one.hub.store
  const rows = await reader
    .selectFrom('evidence_records')
    .select(['chain', 'link'])
    .orderBy('chain')
    .orderBy('link')
    .execute()
  expect(rows).toEqual([
    { chain: 0, link: 0 },
    { chain: 0, link: 1 },
    { chain: 1, link: 0 },
  ])
  const files = [
    { name: receipt.envelope.content?.name ?? '', bytes },
    { name: envelopeFile, bytes: jcsBytes(receipt.envelope) },
    { name: manifestFile, bytes: Buffer.from(receipt.seal.manifest) },
    { name: signatureFile, bytes: Buffer.from(receipt.seal.signature, 'base64') },
  ]
  const records = [one, two].map(async ({ hub }) => {
    const coverage = await readCoverage(hub.store.reader, receipt.proof.index)
    return coverage?.partsOver(files).record ?? Buffer.alloc(0)
  })
  const [record = Buffer.alloc(0), other] = await Promise.all(records)
  expect(record.equals(other ?? Buffer.alloc(0))).toBe(true)
  const authorities = parseCertificates(one.hub.keys.trust.tsaCa)
  const objects = files.map((file) => file.bytes)
  expect(verifyEvidenceRecord(record, objects, authorities)).toMatchObject({ rehashed: 1 })
  await expect(writer.updateTable('evidence_records').set({ day: '' }).execute()).rejects.toThrow('append-only')
  await expect(writer.deleteFrom('evidence_records').execute()).rejects.toThrow('append-only')
})
