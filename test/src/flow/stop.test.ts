import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Receipt } from '@socle/schemas'
import { describe, expect, test } from 'vitest'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { ask, join as enrol, type Party, speakAs, tokenOf } from './party.ts'

describe('a hub that is told to stop', () => {
  test('answers whoever is already in, with a receipt that is really on disk, and takes nobody else', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'socle-stop-'))
    try {
      const stopping = await startHub({}, { directory })
      const sender = await enrol(stopping, 'profil-a', { buyers: [buyerSiret] })
      const half = await halfSent(stopping, sender, anAward({ id: 'LAST' }))
      const ending = stopping[Symbol.asyncDispose]()
      await pause(50)
      half.finish()
      const answer = await half.answer
      await ending
      await expect(ask(stopping, '/health/live')).rejects.toThrow()
      expect(answer).toMatch(/^HTTP\/1\.1 201 /)
      expect(answer).toMatch(/\r\nconnection: close\r\n/i)
      const { id } = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as Receipt
      await using again = await startHub({}, { directory })
      const token = await tokenOf(again, sender.id, sender.secret)
      expect((await speakAs(again, { ...sender, token }).ask(`/v1/documents/${id}/content`)).text).toBe(
        anAward({ id: 'LAST' }),
      )
    } finally {
      await rm(directory, { recursive: true, force: true })
    }
  })

  test('waits for no connection that has no request: silent, in the middle of a head, or kept alive', async () => {
    const stopping = await startHub()
    const [silent, begun, kept] = [await opened(stopping), await opened(stopping), await opened(stopping)]
    begun.write('GET /health/live HTTP/1.1\r\nhost: ')
    kept.write('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n')
    await once(kept, 'data')
    kept.write('GET /health/live HT')
    await pause(50)
    const gone = Promise.all([silent, begun, kept].map(async (socket) => await once(socket, 'close')))
    const began = performance.now()
    await stopping[Symbol.asyncDispose]()
    await gone
    expect(performance.now() - began).toBeLessThan(10_000)
  })
})

async function opened({ url }: TestHub): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  // Ended by the hub in the middle of something: a reset is as good as an end.
  socket.on('error', () => undefined)
  socket.on('data', () => undefined)
  await once(socket, 'connect')
  return socket
}

/** A deposit whose last byte is still to come: the hub is in the middle of reading it. */
async function halfSent(
  hub: TestHub,
  { token }: Party,
  text: string,
): Promise<{ finish(): void; readonly answer: Promise<string> }> {
  const { hostname } = new URL(hub.url)
  const socket = await opened(hub)
  const body = Buffer.from(text)
  const head = [
    'POST /v1/awards HTTP/1.1',
    `host: ${hostname}`,
    `authorization: Bearer ${token}`,
    'idempotency-key: half',
  ]
  socket.write(`${head.join('\r\n')}\r\ncontent-length: ${body.length}\r\ncontent-type: application/json\r\n\r\n`)
  socket.write(body.subarray(0, -1))
  const parts: Buffer[] = []
  socket.on('data', (part: Buffer) => parts.push(part))
  const answer = once(socket, 'close').then(() => Buffer.concat(parts).toString('utf8'))
  await pause(50)
  return { finish: () => void socket.write(body.subarray(-1)), answer }
}
