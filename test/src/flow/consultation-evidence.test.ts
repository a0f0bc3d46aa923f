import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { writeFile } from 'node:fs/promises'
import { join as pathOf } from 'node:path'
import { documentsOfConsultation, stampNow } from '@socle/gateway'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { buyerSiret, otherBuyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { aResponse, consultation as small, notice } from './documents.ts'
import { ask, join, type Party, problemIn } from './party.ts'
import { plantDocuments } from './plant-documents.ts'

const socle = pathOf(import.meta.dirname, '../../../gateway/bin/socle.mjs')
const large = 'consultation-de-300-mo'
const planted = { consultation: large, count: 300, bytes: 1_048_576 }
const mib = 1_048_576

let hub: TestHub
let profile: Party
let stranger: Party
/** What the command takes for two documents. */
let smallPeak = 0
beforeAll(async () => {
  hub = await startHub({}, { env: { HUB_TIMESTAMP_EVERY: '14400' } })
  profile = await join(hub, 'profil-a', { buyers: [buyerSiret] })
  stranger = await join(hub, 'profil-z', { buyers: [otherBuyerSiret] })
  await plantDocuments(hub, planted)
  for (const name of ['log.vkey', 'seal-ca.pem', 'tsa-ca.pem'])
    await writeFile(pathOf(hub.directory, name), (await ask(hub, `/log/${name}`)).bytes)
}, 120_000)
afterAll(async () => await hub[Symbol.asyncDispose]())

const evidenceOf = (id: string): string => `/v1/consultations/${encodeURIComponent(id)}/evidence`
/** Names of the containers, by the list that ends the archive. */
const namesIn = (archive: Buffer): readonly string[] =>
  archive.toString('latin1').match(/(?<="file": ")documents\/\d{5}-[0-9a-f-]{36}\.asice/g) ?? []

/** An answer of which nothing is taken yet. Its connection is its own, and gone when it is destroyed. */
async function begin(id: string, at = { hub, reader: profile }): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${at.reader.token}` }
  const [answer] = (await once(get(`${at.hub.url}${evidenceOf(id)}`, { headers, agent: false }), 'response')) as [
    IncomingMessage,
  ]
  answer.on('error', () => undefined)
  return answer
}

/** Runs the command and watches the most memory that it ever had, as the kernel counts it. */
async function run(...parameters: readonly string[]): Promise<{ readonly output: string; readonly peak: number }> {
  const child = spawn(process.execPath, [socle, ...parameters], {
    env: { ...process.env, HUB_DATA: hub.directory, HUB_LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (part: Buffer) => (output += part.toString()))
  let peak = 0
  const watch = setInterval(() => (peak = Math.max(peak, peakOf(child))), 20)
  const [code] = (await once(child, 'close')) as [number]
  clearInterval(watch)
  expect(code, output).toBe(0)
  return { output, peak }
}

/** Bytes. */
function peakOf({ pid }: ChildProcess): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return 1_024 * Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0)
  } catch {
    return 0
  }
}

describe('the evidence of a whole consultation', () => {
  test('holds what the caller may read, in the order of the log, and nothing else', async () => {
    const first = await profile.sent('notice', notice)
    const second = await profile.sent('dume-response', aResponse('REP-1'))
    const own = await profile.ask(evidenceOf(small))
    expect(own.headers.get('content-type')).toBe('application/zip')
    expect(namesIn(own.bytes)).toEqual([`documents/00001-${first.id}.asice`, `documents/00002-${second.id}.asice`])
    const other = await stranger.ask(evidenceOf(small))
    expect(namesIn(other.bytes)).toEqual([`documents/00001-${first.id}.asice`])
    expect(other.text).not.toContain(second.id)
    expect(problemIn(await profile.ask(evidenceOf('PROCEDURE-INCONNUE'))).code).toBe('CONSULTATION_NOT_FOUND')
  })

  test('is the same bytes each time, from the route and from the command', async () => {
    await stampNow(hub.hub)
    const [first, second] = [await profile.ask(evidenceOf(small)), await profile.ask(evidenceOf(small))]
    expect(first.bytes.equals(second.bytes)).toBe(true)
    const file = pathOf(hub.directory, 'small.zip')
    smallPeak = (await run('evidence', '--consultation', small, '--out', file)).peak
    expect(readFileSync(file).equals(first.bytes)).toBe(true)
    const id = (namesIn(first.bytes)[0] ?? '').slice('documents/00001-'.length, -'.asice'.length)
    const one = pathOf(hub.directory, 'one.asice')
    await run('evidence', id, '--out', one)
    expect(readFileSync(one).equals((await profile.ask(`/v1/documents/${id}/evidence`)).bytes)).toBe(true)
  })

  test('is of all its documents, in however many pages they are read', async () => {
    const { reader } = hub.hub.store
    const ids = async (page?: number): Promise<readonly string[]> =>
      (await documentsOfConsultation(reader, large, page)).map(({ id }) => id)
    const whole = await ids()
    expect(new Set(whole).size).toBe(planted.count)
    for (const page of [7, planted.count]) expect(await ids(page)).toEqual(whole)
  })

  test('is not written by a command that says both, neither, or what is not there', () => {
    const out = pathOf(hub.directory, 'none.zip')
    for (const asked of [
      [],
      ['01990000-0000-7000-8000-000000000000'],
      ['x', '--consultation', small],
      ['--consultation', 'y'],
    ]) {
      const options = { env: { ...process.env, HUB_DATA: hub.directory, HUB_LOG_LEVEL: 'silent' } }
      expect(
        spawnSync(process.execPath, [socle, 'evidence', ...asked, '--out', out], options).status,
        asked.join(),
      ).toBe(2)
      expect(existsSync(out) || existsSync(`${out}.partial`)).toBe(false)
    }
  })

  test('is written and verified in memory that does not grow with it: 300 documents of 1 MB', async () => {
    const file = pathOf(hub.directory, 'large.zip')
    const written = await run('evidence', '--consultation', large, '--out', file)
    expect(statSync(file).size).toBeGreaterThan(planted.count * planted.bytes)
    const verified = await run('verify', file, '--trust', hub.directory, '--lang', 'en')
    expect(verified.output).toContain('300 containers, each the one that the list names')
    expect(written.peak).toBeLessThan(smallPeak + 150 * mib)
    expect(verified.peak).toBeLessThan(200 * mib)
  }, 120_000)

  test('is sent in memory that does not grow with it, as fast as it is taken', async () => {
    const answer = await begin(large)
    const before = process.memoryUsage().rss
    let peak = 0
    let bytes = 0
    for await (const part of answer) {
      bytes += (part as Uint8Array).length
      peak = Math.max(peak, process.memoryUsage().rss - before)
    }
    expect(bytes).toBeGreaterThan(planted.count * planted.bytes)
    expect(peak).toBeLessThan(150 * mib)
  }, 120_000)

  test('stops being read when the caller goes, and waits while it takes nothing', async () => {
    const read = vi.spyOn(hub.hub.store.reader, 'selectFrom')
    const quiet = async (): Promise<number> => {
      const from = read.mock.calls.length
      await hub.hub.pause(500, hub.hub.stopping)
      return read.mock.calls.length - from
    }
    const answer = await begin(large)
    await vi.waitFor(async () => expect(await quiet()).toBeLessThan(20), { timeout: 20_000 })
    // Nobody takes the rest: most of the three hundred are not even looked at.
    expect(read.mock.calls.length).toBeLessThan(100 * 12)
    answer.destroy()
    expect(await quiet()).toBeLessThan(40)
    read.mockRestore()
  }, 60_000)

  test('is for four at a time: a fifth is asked to come back, and may once one of them went', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(async () => await begin(large)))
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200])
    const fifth = await profile.ask(evidenceOf(large))
    expect(problemIn(fifth)).toMatchObject({ status: 503, code: 'OVERLOADED' })
    expect(fifth.headers.get('retry-after')).toBe('30')
    for (const answer of answers) answer.destroy()
    await vi.waitFor(
      async () => {
        const again = await begin(large)
        again.destroy()
        expect(again.statusCode).toBe(200)
      },
      { timeout: 10_000 },
    )
  }, 60_000)
})

test('a hub that stops waits for nobody who reads a consultation slowly', async () => {
  const other = await startHub({}, { env: { HUB_TIMESTAMP_EVERY: '14400' } })
  const reader = await join(other, 'profil-a', { buyers: [buyerSiret] })
  await plantDocuments(other, { consultation: large, count: 40, bytes: mib })
  const answer = await begin(large, { hub: other, reader })
  expect(answer.statusCode).toBe(200)
  const began = performance.now()
  await other[Symbol.asyncDispose]()
  expect(performance.now() - began).toBeLessThan(20_000)
  answer.destroy()
}, 60_000)
