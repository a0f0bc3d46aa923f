import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHubClient, type HubClient, readTrust, recheck } from '@socle/connectors'
import { afterAll, expect, onTestFinished, test, vi } from 'vitest'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'

const root = await mkdtemp(join(tmpdir(), 'socle-connector-processes-'))
const directory = async (): Promise<string> => await mkdtemp(join(root, 'one-'))
afterAll(async () => await rm(root, { recursive: true, force: true }))

const award = (id: string): Buffer => Buffer.from(anAward({ id }))
const patient = { timeout: 20_000, interval: 50 }

async function connect(hub: TestHub, id: string): Promise<HubClient> {
  return createHubClient({ url: hub.url, ...(await hub.account(id, { buyers: [buyerSiret] })) })
}

test('the program of the README sends, receives and reports, and stops when told', async () => {
  await using hub = await startHub()
  await using other = await connect(hub, 'profil-b')
  const { clientId, clientSecret } = await hub.account('profil-a', { buyers: [buyerSiret] })
  const place = await directory()
  await mkdir(join(place, 'to-send'))
  await writeFile(join(place, 'to-send', 'a.json'), award('readme'))
  const incoming = await other.submit('award', award('autre'), { key: 'k' })
  const env = { HUB: hub.url, ID: clientId, SECRET: clientSecret, DIR: place }
  const program = startProcess(await readmeProgram(), [], env)
  await vi.waitFor(() => expect(program.output()).toContain(`received ${incoming.receipt.id} reported`), patient)
  await vi.waitFor(() => expect(program.output()).toContain('sent accepted'), patient)
  expect(await readFile(join(place, 'received', incoming.receipt.id))).toEqual(award('autre'))
  program.child.kill('SIGTERM')
  expect(await program.ended).toBe(0)
})

test('a profile killed at any moment, again and again, has sent each document once and can prove it', async () => {
  await using hub = await startHub()
  const { clientId, clientSecret } = await hub.account('profil-a', { buyers: [buyerSiret] })
  await using reader = await connect(hub, 'lecteur')
  const [place, documents] = [await directory(), await directory()]
  const count = 24
  for (let i = 0; i < count; i += 1)
    await writeFile(join(documents, `${String(i).padStart(3, '0')}.json`), award(`2026-${i}`))
  const env = {
    CONNECTOR_HUB: hub.url,
    CONNECTOR_CLIENT_ID: clientId,
    CONNECTOR_CLIENT_SECRET: clientSecret,
    CONNECTOR_DIRECTORY: place,
    CONNECTOR_DOCUMENTS: documents,
    CONNECTOR_BY: 'feed',
  }
  let kills = 0
  for (let concluded = 0; concluded < count;) {
    const profile = startProcess(connectorProgram, ['profile'], env)
    const before = concluded
    // A few more receipts than at the last death, then the next one, in the middle of whatever it does.
    await vi.waitFor(async () => {
      concluded = await keptReceipts(place)
      expect(concluded).toBeGreaterThanOrEqual(Math.min(count, before + 6))
    }, patient)
    profile.child.kill('SIGKILL')
    expect(await profile.ended).not.toBe(0)
    kills += 1
    concluded = await keptReceipts(place)
  }
  expect(kills).toBeGreaterThanOrEqual(3)
  const last = startProcess(connectorProgram, ['profile'], env)
  await vi.waitFor(() => expect(last.output()).toContain('"started"'), patient)
  await vi.waitFor(async () => {
    expect((await readdir(join(place, 'outbox'))).filter((name) => name.endsWith('.deposit'))).toEqual([])
  }, patient)
  last.child.kill('SIGTERM')
  expect(await last.ended, last.output()).toBe(0)

  const { events } = await reader.feedPage({ kinds: ['award'], limit: 500, waitSeconds: 0 })
  const digests = events.map(({ document }) => document.content?.sha256)
  const sent = await Promise.all((await readdir(documents)).sort().map(async (name) => await digestOf(documents, name)))
  expect(digests).toEqual(sent)
  const contents = new Map(sent.map((digest, i) => [digest, award(`2026-${i}`)]))
  const trust = await readTrust(join(place, 'trust'))
  const report = await recheck(join(place, 'receipts'), trust, async ({ envelope }) =>
    contents.get(envelope.content?.sha256 ?? ''),
  )
  expect(report).toEqual({ proved: count, provedWithoutContent: 0, failures: [] })
}, 120_000)

const connectorProgram = join(import.meta.dirname, '../../../connectors/dist/main.js')

/** The program in the README, word for word, where its imports resolve. */
async function readmeProgram(): Promise<string> {
  const readme = await readFile(join(import.meta.dirname, '../../../connectors/README.md'), 'utf8')
  const text = /```js\n([\s\S]+?)```/.exec(readme)?.[1] ?? ''
  expect(text.trim().split('\n').length).toBeLessThanOrEqual(36)
  const file = join(import.meta.dirname, '../../dist', `readme-${process.pid}.mjs`)
  await writeFile(file, text)
  onTestFinished(async () => await rm(file))
  return file
}

interface Running {
  readonly child: ChildProcess
  readonly output: () => string
  /** Exit code, or the name of the signal. */
  readonly ended: Promise<number | string | undefined>
}

function startProcess(file: string, words: readonly string[], env: Record<string, string>): Running {
  const child = spawn(process.execPath, [file, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const parts: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => parts.push(part.toString()))
  const ended = new Promise<number | string | undefined>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal ?? undefined))
  })
  return { child, output: () => parts.join(''), ended }
}

async function keptReceipts(place: string): Promise<number> {
  const names = await readdir(join(place, 'receipts', 'keys')).catch(() => [])
  return names.filter((name) => name.endsWith('.json')).length
}

async function digestOf(place: string, name: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(join(place, name)))
    .digest('hex')
}
