import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseTrust, type Trust } from '@socle/schemas'
import { afterAll, describe, expect, test } from 'vitest'
import { checkLog } from './checker.ts'
import { createHistory, type Sent } from './history.ts'
import { compiled, startChild } from './hub-child.ts'
import { type Answer, createSender, inParallel } from './sender.ts'

const root = await mkdtemp(join(tmpdir(), 'socle-overload-'))
afterAll(async () => await rm(root, { recursive: true, force: true }))

async function trustOf(directory: string): Promise<Trust> {
  const text = async (name: string): Promise<string> => await readFile(join(directory, 'keys/trust', name), 'utf8')
  return parseTrust({ logVkey: await text('log.vkey'), sealCa: await text('seal-ca.pem') })
}

const problemOf = ({ body }: Answer): unknown => JSON.parse(body.toString('utf8'))

describe('more documents than the queue holds', () => {
  test('the excess is refused with a delay and leaves nothing; the rest is recorded; the refused succeed later', async () => {
    const directory = join(root, 'queue')
    await using child = await startChild({ directory, slowMs: 200, settings: { HUB_MAX_QUEUED: '5' } })
    const sender = createSender(child.url, child.tokens['profil-a'], 60)
    const history = createHistory()
    const refused: Sent[] = []
    await Promise.all(
      Array.from({ length: 60 }, async () => {
        const sent = history.next()
        const answer = await sender.deposit(sent.key, sent.body)
        if (answer.status !== 503) {
          history.take(sent, answer)
          return
        }
        refused.push(sent)
        expect(problemOf(answer)).toMatchObject({ code: 'OVERLOADED', status: 503 })
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
        expect(answer.headers['content-type']).toMatch('application/problem+json')
      }),
    )
    const accepted = history.acknowledged().length
    // At most one batch under way and a full queue at any instant, and every batch takes 200 ms.
    expect(accepted).toBeGreaterThanOrEqual(5)
    expect(refused.length).toBeGreaterThan(0)
    expect(accepted + refused.length).toBe(60)
    const size = (await sender.get('/log/checkpoint')).body.toString('utf8').split('\n')[1]
    expect(Number(size)).toBe(2 + accepted)
    await inParallel(refused, 5, async (sent) => {
      const answer = await sender.deposit(sent.key, sent.body)
      expect(answer.status).toBe(201)
      history.take(sent, answer)
    })
    sender.close()
    await child.stop()
    expect(history.faults).toEqual([])
    const verdict = checkLog(join(directory, 'ledger.sqlite'), history.all, await trustOf(directory))
    expect(verdict).toEqual({ size: 62, documents: 60, faults: [] })
  })
})

interface Command {
  readonly url: string
  terminate(): void
  readonly ended: Promise<readonly [code: number | null, signal: NodeJS.Signals | null]>
}

/** The real command on a data directory that has its accounts already. */
async function socleServe(directory: string): Promise<Command> {
  const env = { ...process.env, HUB_DATA: directory, HUB_PORT: '0', HUB_LOG_LEVEL: 'info' }
  const child = spawn(process.execPath, [compiled('socle-process'), 'serve'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const lines = createInterface({ input: child.stdout as NonNullable<typeof child.stdout> })
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`socle serve ended with code ${code}`)))
    // Read to the end: a full pipe would stop the hub.
    lines.on('line', (line) => {
      const entry = JSON.parse(line) as { readonly event?: string; readonly url?: string }
      if (entry.event === 'serving' && entry.url !== undefined) resolve(entry.url)
    })
  })
  return { url, ended, terminate: () => child.kill('SIGTERM') }
}

function requestOf({ key, body }: Sent, token: string): Buffer {
  const head = [
    'POST /v1/awards HTTP/1.1',
    'host: 127.0.0.1',
    `authorization: Bearer ${token}`,
    `idempotency-key: ${key}`,
    'content-type: application/json',
    `content-length: ${body.length}`,
  ]
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body])
}

/** A connection on which the first bytes of a request are sent, and the rest when told to. */
async function openHalf(url: string, request: Buffer, first: number): Promise<{ finish(): Promise<string> }> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) })
  await once(socket, 'connect')
  socket.write(request.subarray(0, first))
  return {
    async finish() {
      socket.write(request.subarray(first))
      const parts: Buffer[] = []
      // The hub says that it closes the connection: the answer ends with it.
      for await (const part of socket) parts.push(part as Buffer)
      return Buffer.concat(parts).toString('utf8')
    },
  }
}

describe('a hub that is told to stop', () => {
  const directory = join(root, 'term')

  test('by SIGTERM under load: whoever was answered 201 is in the log, nobody hears anything but 503, and the process ends with 0', async () => {
    let token: string
    {
      await using first = await startChild({ directory })
      token = first.tokens['profil-a']
      await first.stop()
    }
    const command = await socleServe(directory)
    const sender = createSender(command.url, token, 16)
    const history = createHistory()
    const refusals: Answer[] = []
    let stopped = false
    const one = async (): Promise<void> => {
      while (true) {
        const sent = history.next()
        try {
          const answer = await sender.deposit(sent.key, sent.body)
          if (answer.status === 503) refusals.push(answer)
          else history.take(sent, answer)
        } catch (error) {
          // A connection may only be lost once the hub was told to stop.
          if (!stopped) throw error
          return
        }
      }
    }
    const load = Promise.all(Array.from({ length: 16 }, one))
    await sleep(1_000)
    stopped = true
    const told = Date.now()
    command.terminate()
    expect(await command.ended).toEqual([0, null])
    expect(Date.now() - told).toBeLessThan(15_000)
    await load
    sender.close()
    for (const answer of refusals) {
      expect(problemOf(answer)).toMatchObject({ code: 'STOPPING', status: 503 })
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    }
    const acknowledged = history.acknowledged()
    expect(acknowledged.length).toBeGreaterThan(0)
    expect(history.faults).toEqual([])
    // Without an answer a document may be in or out; the others are held to the whole check.
    const { faults } = checkLog(join(directory, 'ledger.sqlite'), history.all, await trustOf(directory))
    const unknown = new Set(history.unacknowledged().map(({ key }) => `${key}: lost`))
    expect(faults.filter((fault) => !unknown.has(fault))).toEqual([])
    console.log(`SIGTERM: ${acknowledged.length} acknowledged, ${refusals.length} refused while stopping, lost 0`)
  })

  test('a deposit half sent is still taken in and recorded; one whose head ends later is refused', async () => {
    const data = join(root, 'half')
    await using child = await startChild({ directory: data })
    const history = createHistory()
    const [early, late] = [history.next(), history.next()]
    const token = child.tokens['profil-a']
    const half = await openHalf(child.url, requestOf(early, token), early.body.length - 100)
    const head = await openHalf(child.url, requestOf(late, token), 40)
    await sleep(300)
    const stopped = child.stop()
    await sleep(300)
    const refused = await head.finish()
    expect(refused).toMatch(/^HTTP\/1\.1 503 /)
    expect(refused).toMatch(/retry-after: [1-9]/i)
    expect(refused).toMatch('"code":"STOPPING"')
    expect(await half.finish()).toMatch(/^HTTP\/1\.1 201 /)
    expect(await stopped).toEqual({ code: 0, signal: null })
    const { documents, faults } = checkLog(join(data, 'ledger.sqlite'), history.all, await trustOf(data))
    expect({ documents, faults }).toEqual({ documents: 1, faults: [`${late.key}: lost`] })
  })

  test('a reader that waits for news is sent home, and does not hold the stop back', async () => {
    await using child = await startChild({ directory })
    const reader = createSender(child.url, child.tokens['profil-b'], 2)
    const page = await reader.get('/v1/feed?limit=500')
    let { next } = JSON.parse(page.body.toString('utf8')) as { next: string; more?: boolean }
    for (let last = ''; last !== next;) {
      last = next
      const more = await reader.get(`/v1/feed?limit=500&after=${encodeURIComponent(next)}`)
      next = (JSON.parse(more.body.toString('utf8')) as { next: string }).next
    }
    const waiting = reader.get(`/v1/feed?wait=30&after=${encodeURIComponent(next)}`)
    await sleep(300)
    const told = Date.now()
    expect(await child.stop()).toEqual({ code: 0, signal: null })
    expect(Date.now() - told).toBeLessThan(5_000)
    expect((await waiting).status).toBe(200)
    reader.close()
  })
})
