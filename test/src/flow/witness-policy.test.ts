import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import { stampNow, verifyPath } from '@socle/gateway'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startWitness } from '../servers/witness.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'
import { ask, join } from './party.ts'

/** What a verifier asks who trusts some witnesses, of everything that a hub gives out. */

let root: string
beforeEach(async () => {
  root = await mkdtemp(pathOf(tmpdir(), 'socle-policy-'))
})
afterEach(async () => await rm(root, { recursive: true, force: true }))

const program = pathOf(import.meta.dirname, '../../../gateway/bin/socle.mjs')

async function socle(data: string, ...line: readonly string[]): Promise<number | null> {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, [program, ...line], { env: { PATH, HUB_DATA: data }, timeout: 30_000 })
  const [status] = (await once(child, 'close')) as [number | null]
  return status
}

test('containers and exports satisfy the policy of a verifier, or are refused, and the time stamp holds beside cosignatures', async () => {
  const known: string[] = []
  await using one = await startWitness({ name: 'witness.example/1', logs: known })
  await using two = await startWitness({ name: 'witness.example/2', logs: known })
  await using stranger = await startWitness({ name: 'witness.example/3', logs: known })
  const places = [one, two].map(({ url, vkey }) => `${url} ${vkey}`).join(',')
  const env = { HUB_WITNESSES: places, HUB_WITNESS_QUORUM: '2', HUB_WITNESS_EVERY: '600' }
  await using hub = await startHub({}, { env })
  known.push(hub.hub.keys.log.vkey)
  const party = await join(hub, 'profil-a', { buyers: [buyerSiret] })
  const { id } = await party.sent('award', anAward({ id: 'P-1' }))
  const size = await stampNow(hub.hub)
  const rows = hub.hub.store.reader
    .selectFrom('cosignatures')
    .select('witness')
    .where('size', '=', size ?? 0)
  await vi.waitFor(async () => expect(await rows.execute()).toHaveLength(2), { timeout: 45_000, interval: 100 })

  const trust = pathOf(root, 'trust')
  await mkdir(trust)
  for (const file of ['log.vkey', 'seal-ca.pem', 'tsa-ca.pem', 'witnesses'])
    await writeFile(pathOf(trust, file), (await ask(hub, `/log/${file}`)).bytes)
  const container = pathOf(root, 'evidence.asice')
  await writeFile(container, (await party.ask(`/v1/documents/${id}/evidence`)).bytes)
  const log = pathOf(root, 'log')
  expect(await socle(hub.directory, 'export', '--log', log)).toBe(0)
  expect((await readFile(pathOf(log, 'log', 'checkpoint'), 'utf8')).match(/^— witness/gm)).toHaveLength(2)
  for (const path of [container, log]) {
    const report = await verifyPath(path, { trust })
    expect(report.verdict, report.text('en')).toBe('proved')
    expect(report.text('en')).toContain('cosigned by the witnesses')
  }

  const wanted = [`witness a ${one.vkey}`, `witness b ${stranger.vkey}`, 'group both all a b', 'quorum both']
  await writeFile(pathOf(trust, 'witnesses'), wanted.join('\n'))
  for (const path of [container, log]) {
    const report = await verifyPath(path, { trust })
    expect(report.verdict).toBe('not-proved')
    expect(report.text('en')).toContain('cosigned by 1 of 2 known witnesses: no quorum')
  }
  await writeFile(pathOf(trust, 'witnesses'), 'quorum everybody')
  expect((await verifyPath(container, { trust })).verdict).toBe('unusable')
}, 120_000)
