import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runLines } from '../deploy/runbook.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub } from '../support/hub.ts'
import { join } from './party.ts'

const tenDaysMs = 10 * 86_400_000
const past = Date.now() - tenDaysMs
const day = new Date(past).toISOString().slice(0, 10)

let directory: string
let id: string

/** A hub that took a document ten days ago and was stopped the same day. */
beforeAll(async () => {
  directory = await mkdtemp(pathOf(tmpdir(), 'socle-archive-'))
  await using hub = await startHub({ clock: () => new Date(past) }, { directory })
  const sender = await join(hub, 'profil-a', { buyers: [buyerSiret] })
  id = (await sender.sent('award', anAward())).id
})

afterAll(async () => await rm(directory, { recursive: true, force: true }))

const run = async (mark: string, env: Readonly<Record<string, string>> = {}): ReturnType<typeof runLines> =>
  await runLines('evidence-renewal.md', mark, { HUB_DATA: directory, ...env })

test('the lines of the runbook archive a day, renew it in both ways and prove a container', async () => {
  const archived = await run('archive')
  expect(archived).toMatchObject({ status: 0 })
  expect(archived.output).toMatch(new RegExp(`^${day}: 1 documents, `))
  expect(await run('archive')).toEqual({ status: 0, output: '' })

  const renewed = await run('renew')
  expect(renewed).toMatchObject({ status: 0 })
  expect(renewed.output.match(new RegExp(`^${day}: 1 documents`, 'gm'))).toHaveLength(2)

  const evidence = pathOf(directory, 'one.asice')
  await using hub = await startHub({}, { directory })
  const reader = await join(hub, 'profil-b', { buyers: [buyerSiret] })
  await writeFile(evidence, (await reader.ask(`/v1/documents/${id}/evidence`)).bytes)
  const proved = await run('prove', { EVIDENCE: evidence, TRUST: pathOf(directory, 'keys/trust') })
  expect(proved.output).toContain('evidence renewed 2 times')
  expect(proved.status).toBe(0)
})

test.each([
  ['--day', 'yesterday'],
  ['--day', '2026-02-30'],
  ['--renew', 'toString'],
])('%s %s is no order', async (option, value) => {
  const socle = pathOf(import.meta.dirname, '../../../gateway/bin/socle.mjs')
  const { PATH = '' } = process.env
  const env = { PATH, HUB_DATA: directory }
  const { status, stderr } = spawnSync(process.execPath, [socle, 'archive', option, value], { env, encoding: 'utf8' })
  expect(status).toBe(2)
  expect(stderr).toContain(value)
})
