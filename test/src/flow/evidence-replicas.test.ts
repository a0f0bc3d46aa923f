import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import { stampNow, verifyPath } from '@socle/gateway'
import { expect, test } from 'vitest'
import { namesIn } from '../interop/change-container.ts'
import { startPostgres } from '../servers/postgres.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'
import { consultation, notice } from './documents.ts'
import { ask, join, speakAs } from './party.ts'
import { plantDelivery } from './plant-documents.ts'

test('two replicas that are asked for the same evidence at once give the same bytes, under one token', async () => {
  await using postgres = await startPostgres()
  const keys = await mkdtemp(pathOf(tmpdir(), 'socle-keys-'))
  const url = await postgres.createDatabase()
  const env = { HUB_STORE_URL: url, HUB_STORE_MIGRATION_URL: url, HUB_KEYS_DIR: keys, HUB_TIMESTAMP_EVERY: '14400' }
  {
    await using one = await startHub({}, { env })
    await using two = await startHub({}, { env })
    const sender = await join(one, 'profil-a', { buyers: [buyerSiret] })
    const replicas = [one, two].map((hub) => speakAs(hub, sender))
    const sent = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(async (at) => await sender.sent('award', anAward({ id: `A-${at}` }))),
    )
    for (const { id } of sent) {
      const [first, second] = await Promise.all(
        replicas.map(async (party) => await party.ask(`/v1/documents/${id}/evidence`)),
      )
      expect(first?.status).toBe(200)
      expect(first?.headers.get('hub-seal-level')).toBe('CAdES-T')
      expect(second?.bytes.equals(first?.bytes ?? Buffer.alloc(0))).toBe(true)
    }
    expect(await one.hub.store.reader.selectFrom('seal_tokens').select('idx').execute()).toHaveLength(sent.length)

    // A document that a thousand recipients had: as many as a container tells, and one more.
    const { id } = await sender.sent('notice', notice)
    for (let at = 0; at < 1_001; at++) await plantDelivery(one, `lecteur-${at}`, [id])
    await stampNow(one.hub)
    const began = performance.now()
    const [container, archive] = await Promise.all([
      replicas[0]?.ask(`/v1/documents/${id}/evidence`),
      replicas[1]?.ask(`/v1/consultations/${consultation}/evidence`),
    ])
    expect(performance.now() - began).toBeLessThan(30_000)
    expect(namesIn(container?.bytes ?? Buffer.alloc(0)).filter((name) => name.includes('/deliveries/'))).toHaveLength(
      1_000,
    )
    expect(archive?.bytes.includes(container?.bytes ?? 'none')).toBe(true)
    for (const name of ['log.vkey', 'seal-ca.pem', 'tsa-ca.pem'])
      await writeFile(pathOf(keys, name), (await ask(one, `/log/${name}`)).bytes)
    await writeFile(pathOf(keys, 'notice.asice'), container?.bytes ?? '')
    const report = await verifyPath(pathOf(keys, 'notice.asice'), { trust: keys })
    expect(report.verdict, report.text('en').slice(-2_000)).toBe('proved')
    expect(report.text('en')).toContain('delivered to lecteur-999 (feed); proved by the log, seen on')
  }
  await rm(keys, { recursive: true, force: true })
}, 120_000)
