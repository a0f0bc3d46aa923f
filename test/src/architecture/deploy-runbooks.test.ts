import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Receipt } from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { repository } from '../deploy/judge.ts'
import { type Ran, runbook, runLines } from '../deploy/runbook.ts'
import { join as enrol, speakAs, tokenOf } from '../flow/party.ts'
import { type PostgresServer, startPostgres } from '../servers/postgres.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'

const names = readdirSync(join(repository, 'deploy/runbooks')).filter((name) => name.endsWith('.md'))
const files: readonly (readonly [string, string])[] = [
  ...names.map((name) => [`deploy/runbooks/${name}`, runbook(name)] as const),
  ['deploy/README.md', readFileSync(join(repository, 'deploy/README.md'), 'utf8')],
]
const sourceOf = (file: string): string => readFileSync(join(repository, 'gateway/src', file), 'utf8')

describe('each runbook', () => {
  test.each(names)('%s says symptom, check, action and end', (name) => {
    const headings = [...runbook(name).matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading)
    for (const heading of ['Symptom', 'Check', 'Action', 'Over when']) expect(headings).toContain(heading)
  })

  test.each(files)('%s names settings, commands, metrics and files that are there', (path, text) => {
    const named = (pattern: RegExp): readonly string[] => [...text.matchAll(pattern)].map(([, name = '']) => name)
    const settings = ['config.ts', 'config-servers.ts', 'config-time.ts', 'config-seal.ts', 'config-witness.ts']
      .map(sourceOf)
      .join('')
    const commands = sourceOf('cli/main.ts')
    const metrics = sourceOf('events.ts')
    expect(named(/\b(HUB_[A-Z_]*[A-Z])\b/g).filter((one) => !settings.includes(`'${one}'`))).toEqual([])
    expect(named(/npx socle ([a-z]+)/g).filter((one) => !commands.includes(`  ${one}: async`))).toEqual([])
    expect(named(/\b(socle_(?!owner|hub|reader)[a-z_]+)\b/g).filter((one) => !metrics.includes(`'${one}'`))).toEqual([])
    const targets = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, target = '']) => target)
    for (const target of targets) expect(existsSync(join(repository, dirname(path), target)), target).toBe(true)
  })
})

/** A ledger is lost with its machine and comes back from the lines of the runbooks, on another PostgreSQL. */
describe('the lines of the runbooks', () => {
  const key = 'kept-before-the-dump'
  let work: string
  let first: PostgresServer
  let second: PostgresServer
  let kept: Receipt
  let secret: string
  let erasedId = ''

  const place = (name: string): string => join(work, name)
  const environment = (server: PostgresServer, database = 'socle'): Record<string, string> => ({
    PGHOST: '127.0.0.1',
    PGPORT: String(server.port),
    PGUSER: 'admin',
    POSTGRES_USER: 'admin',
    SOCLE_OWNER_PASSWORD: 'one',
    SOCLE_HUB_PASSWORD: 'two',
    SOCLE_READER_PASSWORD: "thr'ee",
    HUB_DATA: place('scratch'),
    HUB_KEYS_DIR: place('keys'),
    HUB_STORE_URL: server.url(database, 'socle_hub'),
    HUB_STORE_MIGRATION_URL: server.url(database, 'socle_owner'),
    KEYS: place('keys'),
    ORIGIN: 'socle.invalid/sandbox/2026h2',
    BACKUP: place('backup'),
    PROOF: place('proof'),
    RECEIPTS: place('receipts'),
    TRUST: place('keys/trust'),
    OLD: place('embedded'),
    DOCUMENT: erasedId,
    DECISION: 'RGPD-2026-17',
    BEFORE: '2020-01-01',
  })
  const run = async (name: string, mark: string, server: PostgresServer, database?: string): Promise<Ran> =>
    await runLines(name, mark, environment(server, database))
  /** Lines that must go well. Gives what they printed. */
  async function ran(...lines: Parameters<typeof run>): Promise<string> {
    const { status, output } = await run(...lines)
    if (status !== 0) throw new Error(`${lines[0]}, ${lines[1]}: exit ${status}\n${output}`)
    return output
  }
  async function hubOn(server: PostgresServer, database?: string): Promise<TestHub> {
    const { HUB_STORE_URL = '', HUB_KEYS_DIR = '' } = environment(server, database)
    return await startHub({}, { env: { HUB_STORE_URL, HUB_KEYS_DIR } })
  }
  const keep = (name: string, receipt: Receipt): void =>
    writeFileSync(place(`receipts/${name}.json`), JSON.stringify(receipt))

  beforeAll(async () => {
    work = mkdtempSync(join(tmpdir(), 'socle-runbooks-'))
    mkdirSync(place('receipts'))
    first = await startPostgres()
    second = await startPostgres()
    await ran('start.md', 'keys', first)
    for (const server of [first, second]) await ran('start.md', 'roles', server)
    await ran('keys.md', 'key-check', first)
    const migrated = spawnSync('node', ['gateway/bin/socle.mjs', 'migrate', '--reader-role', 'socle_reader'], {
      cwd: repository,
      env: { ...process.env, ...environment(first) },
    })
    expect(migrated.status).toBe(0)
  }, 120_000)
  afterAll(async () => {
    for (const server of [first, second]) await server?.[Symbol.asyncDispose]()
    rmSync(work, { recursive: true, force: true })
  })

  test('back up a hub that serves', async () => {
    await using hub = await hubOn(first)
    const party = await enrol(hub, 'profil-a', { buyers: [buyerSiret] })
    secret = party.secret
    kept = await party.sent('award', anAward(), { key })
    keep('kept', kept)
    await ran('backup.md', 'backup', first)
    keep('late', await party.sent('award', anAward({ id: '2026-0002' })))
  }, 120_000)

  test('restore it elsewhere, prove it, and find the receipt that the dump does not reach', async () => {
    await first.kill()
    await ran('backup.md', 'restore', second)
    expect(await ran('backup.md', 'prove', second)).toContain('PROVED')
    const output = await ran('backup.md', 'compare', second)
    expect(output).toContain('missing: ')
    expect(output).toContain('late.json')
    expect(output).not.toContain('kept.json')

    await using hub = await hubOn(second)
    // The account came back with the dump.
    const party = speakAs(hub, { id: 'profil-a', secret, token: await tokenOf(hub, 'profil-a', secret) })
    const again = await party.deposit('award', anAward(), { key })
    expect([again.status, again.json<Receipt>()]).toEqual([200, kept])
  }, 120_000)

  test('erase a document, and nothing that is younger than its retention', async () => {
    await using hub = await hubOn(second)
    const party = speakAs(hub, { id: 'profil-a', secret, token: await tokenOf(hub, 'profil-a', secret) })
    const sent = await party.sent('award', anAward({ id: '2026-0003' }))
    erasedId = sent.id
    expect(await ran('erasure.md', 'erase', second)).toContain('erased: 1')
    await ran('erasure.md', 'vacuum', second)
    expect(await ran('erasure.md', 'retain', second)).toContain('0 consultations')
    expect((await party.ask(`/v1/documents/${erasedId}/content`)).status).toBe(410)
    expect((await party.ask(`/v1/documents/${kept.id}/content`)).status).toBe(200)
    expect(await ran('backup.md', 'prove', second)).toContain('PROVED')
  }, 120_000)

  test('name what somebody has changed', async () => {
    await second.query(
      `alter table documents disable trigger documents_kept;
         update documents set content = content || '\\x20'::bytea where id = '${kept.id}'`,
      'socle',
    )
    // The tree is whole: what differs from it is told by the lists.
    const bytes = await ran('tampering.md', 'examine', second)
    expect(bytes).toContain('PROVED')
    expect(bytes).toContain(`|${kept.id}`)
    expect(bytes).toContain('documents|documents_kept')

    await second.query(
      `alter table entries disable trigger entries_kept;
         update entries set leaf = leaf || '\\x20'::bytea where id = '${kept.id}'`,
      'socle',
    )
    const leaf = await run('tampering.md', 'examine', second)
    expect(leaf.status).toBe(1)
    expect(leaf.output).not.toContain('PROVED')
  }, 120_000)

  test('hand a half-year over, beside the hub that serves', async () => {
    const [directory, next] = [place('half-year'), 'socle.invalid/sandbox/2027h1']
    const lines = async (mark: string): Promise<string> => {
      const env = { HUB_DATA: directory, NEXT: next, PROOF: place('both') }
      const { status, output } = await runLines('shard.md', mark, env)
      expect(status, output).toBe(0)
      return output
    }
    {
      await using old = await startHub({}, { directory })
      await (await enrol(old, 'profil-b', { buyers: [buyerSiret] })).sent('award', anAward(), { key })
      expect(await lines('prepare')).toContain(`${next}+`)
      await lines('hand-over')
    }
    await using hub = await startHub({}, { directory, env: { HUB_LOG_ORIGIN: next } })
    expect((await hub.hub.store.reader.selectFrom('shards').select('number').execute()).length).toBe(2)
    const proof = await lines('prove')
    expect(proof).toContain('PROVED')
    expect(proof).toContain('without a gap')
  }, 120_000)

  test('move an embedded hub', async () => {
    const directory = place('embedded')
    let receipt: Receipt
    {
      await using old = await startHub({}, { directory })
      const party = await enrol(old, 'profil-b', { buyers: [buyerSiret] })
      receipt = await party.sent('award', anAward(), { key })
    }
    await second.query('create database moved owner socle_owner')
    await ran('sqlite-to-postgres.md', 'move', second, 'moved')
    expect(await second.query(`select id from entries where kind = 'doc'`, 'moved')).toEqual([{ id: receipt.id }])
  }, 120_000)

  test('find a receipt of each half-year in the ledger, or miss it', async () => {
    const [row] = await second.query('select size::int from ledger_head', 'moved')
    const size = Number(row?.['size'])
    const names = ['socle.invalid/sandbox/2026h2', 'socle.invalid/sandbox/2027h1', 'socle.invalid/sandbox/2027h2']
    const shards = `(0, '${names[0]}', 'a', 0), (1, '${names[1]}', 'b', ${size - 1})`
    const look = async (): Promise<readonly string[]> =>
      [...(await ran('backup.md', 'compare', second, 'moved')).matchAll(/half-(\d-\d)\.json/g)].map(([, at = '']) => at)
    for (const [half, name] of names.entries())
      for (const index of [0, 1]) {
        const receipt = { proof: { index }, checkpoint: `${name}\n1\n` }
        writeFileSync(place(`receipts/half-${half}-${index}.json`), JSON.stringify(receipt))
      }
    expect(await look()).toEqual(['1-0', '1-1', '2-0', '2-1'])
    await second.query(`insert into shards (number, origin, vkey, first) values ${shards}`, 'moved')
    expect(await look()).toEqual(['1-1', '2-0', '2-1'])
  }, 60_000)
})
