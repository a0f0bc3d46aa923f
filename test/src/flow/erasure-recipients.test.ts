import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createHubClient, createSimulatedArchive, createSimulatedProfile } from '@socle/connectors'
import { erase, readConfig, readContent, wire } from '@socle/gateway'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'
import { notice } from './documents.ts'
import { join as enrol } from './party.ts'

const root = await mkdtemp(join(tmpdir(), 'socle-recipients-'))
afterAll(async () => await rm(root, { recursive: true, force: true }))
const socle = join(import.meta.dirname, '../../../gateway/bin/socle.mjs')
const patient = { timeout: 20_000, interval: 50 }

describe('recipients of an erased document', () => {
  test('an archive and a profile take it away when they are told', async () => {
    await using hub = await startHub()
    const sender = await enrol(hub, 'profil-a', { buyers: [buyerSiret] })
    const clientOf = async (id: string) =>
      createHubClient({ url: hub.url, ...(await hub.account(id, { buyers: [buyerSiret] })), environment: 'sandbox' })
    await using archiveClient = await clientOf('archive-d')
    await using profileClient = await clientOf('profil-b')
    await using archive = await createSimulatedArchive({
      name: 'archive',
      client: archiveClient,
      directory: join(root, 'archive'),
    })
    await using profile = await createSimulatedProfile({
      name: 'profil-b',
      client: profileClient,
      directory: join(root, 'profile'),
      by: 'feed',
    })
    const [gone, kept] = [
      await sender.sent('award', anAward({ id: '1' })),
      await sender.sent('award', anAward({ id: '2' })),
    ]
    await vi.waitFor(async () => expect(await profile.published()).toHaveLength(2), patient)
    await vi.waitFor(async () => expect(await readdir(archive.directoryOf(kept.id))).toContain('archived'), patient)

    await erase(hub.hub, { documents: [gone.id], decision: '2026-17' })
    await vi.waitFor(async () => expect(await profile.published()).toEqual([kept.id]), patient)
    await vi.waitFor(async () => expect(await readdir(archive.directoryOf(gone.id))).toEqual(['erased.json']), patient)
    expect(await readdir(archive.directoryOf(kept.id))).toContain('document')
  }, 90_000)
})

describe('a hub without the storage key of its store', () => {
  test('does not start, and says which key it is', async () => {
    const directory = join(root, 'other-key')
    {
      await using hub = await startHub({}, { directory })
      const sender = await enrol(hub, 'profil-a', { buyers: [buyerSiret] })
      await sender.sent('award', anAward())
    }
    const file = join(directory, 'keys/storage.key')
    await copyFile(file, `${file}.kept`)
    await writeFile(file, `${randomBytes(32).toString('base64')}\n`)
    const config = readConfig({ HUB_DATA: directory, HUB_LOG_LEVEL: 'silent' })
    await expect(wire(config)).rejects.toThrow(/storage\.key is not the right one/)
    await copyFile(`${file}.kept`, file)
    await (await wire(config)).close()
  }, 60_000)
})

describe('HUB_RETENTION', () => {
  test('has the documents of a kind erased when their consultation is older than its days', async () => {
    const directory = join(root, 'retention')
    const clock = (): Date => new Date('2026-10-20T08:00:00Z')
    const ids: string[] = []
    {
      await using hub = await startHub({ clock }, { directory })
      const sender = await enrol(hub, 'profil-a', { buyers: [buyerSiret] })
      ids.push((await sender.sent('award', anAward())).id, (await sender.sent('notice', notice)).id)
    }
    const run = async (retention: string, ...parameters: readonly string[]): Promise<string> => {
      const env = { PATH: process.env['PATH'], HUB_DATA: directory, HUB_RETENTION: retention }
      return (await promisify(execFile)(process.execPath, [socle, 'retain', ...parameters], { env })).stdout
    }
    expect(await run('award=36500')).toContain('0 consultations')
    expect(await run('award=30', '--apply')).toContain('1 consultations, 1 documents')
    await using hub = await startHub({}, { directory })
    const kept = await Promise.all(ids.map(async (id) => (await readContent(hub.hub.store, id))?.whole))
    expect(kept).toEqual([false, true])
  }, 90_000)

  test('names kinds and days', () => {
    expect(readConfig({ HUB_RETENTION: 'notice=3650, award=365' }).retention).toEqual({ notice: 3650, award: 365 })
    expect(readConfig({}).retention).toEqual({})
    for (const wrong of ['notice', 'notice=0', 'notice=-1', 'invoice=3', 'award=x', 'award=36501'])
      expect(() => readConfig({ HUB_RETENTION: wrong }), wrong).toThrow('HUB_RETENTION must be')
  })
})
