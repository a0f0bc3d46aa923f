import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Proxy, startProxy } from '../servers/proxy.ts'

/** Answers each line with itself, and keeps what it heard. */
const heard: string[] = []
const serverSockets = new Set<Socket>()
const server = createServer((socket) => {
  serverSockets.add(socket)
  socket.on('data', (bytes) => {
    heard.push(bytes.toString())
    socket.write(bytes)
  })
  socket.on('error', () => undefined)
  socket.on('close', () => serverSockets.delete(socket))
})
let proxy: Proxy
const clients: Client[] = []

interface Client {
  readonly socket: Socket
  readonly pieces: string[]
  text(): string
  /** Undefined while it is open, then the error's code or "closed". */
  ending(): string | undefined
}

beforeEach(async () => {
  if (!server.listening) {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  }
  proxy = await startProxy({ target: (server.address() as AddressInfo).port, seed: 7 })
})

afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.destroy()
  heard.length = 0
  await proxy[Symbol.asyncDispose]()
})

async function open(): Promise<Client> {
  const socket = connect({ host: '127.0.0.1', port: proxy.port, noDelay: true })
  const pieces: string[] = []
  let ending: string | undefined
  socket.on('data', (bytes) => pieces.push(bytes.toString()))
  socket.on('error', (error: NodeJS.ErrnoException) => {
    ending = error.code
  })
  socket.on('close', () => {
    ending ??= 'closed'
  })
  await Promise.race([once(socket, 'connect').catch(() => undefined), once(socket, 'close').catch(() => undefined)])
  const client = { socket, pieces, text: () => pieces.join(''), ending: () => ending }
  clients.push(client)
  return client
}

async function talking(): Promise<Client> {
  const client = await open()
  client.socket.write('hello ')
  await vi.waitFor(() => expect(client.text()).toBe('hello '))
  return client
}

test('passes bytes both ways, and the end of a stream', async () => {
  const client = await talking()
  expect(proxy.open).toBe(1)
  client.socket.end('bye')
  await vi.waitFor(() => expect(client.ending()).toBe('closed'))
  expect(client.text()).toBe('hello bye')
  await vi.waitFor(() => expect(proxy.open).toBe(0))
})

test('latency comes on top, in each direction by itself, and changes no order', async () => {
  const client = await talking()
  proxy.set({ is: 'latency', ms: 40, jitterMs: 60 }, 'answers')
  const started = performance.now()
  for (let i = 0; i < 10; i++) {
    client.socket.write(`${i},`)
    await sleep(5)
  }
  await vi.waitFor(() => expect(client.text()).toBe('hello 0,1,2,3,4,5,6,7,8,9,'))
  expect(performance.now() - started).toBeGreaterThan(80)
  expect(heard.join('')).toBe('hello 0,1,2,3,4,5,6,7,8,9,')
})

test('a black hole swallows both ways and keeps the connection', async () => {
  const client = await talking()
  proxy.set({ is: 'blackhole' })
  client.socket.write('lost')
  await sleep(50)
  expect([client.text(), heard.join(''), client.ending()]).toEqual(['hello ', 'hello ', undefined])
  const newcomer = await open()
  newcomer.socket.write('lost too')
  await sleep(50)
  expect([newcomer.text(), newcomer.ending()]).toEqual(['', undefined])
})

test('a black hole of one direction leaves the other', async () => {
  const client = await talking()
  proxy.set({ is: 'blackhole' }, 'answers')
  client.socket.write('one')
  await vi.waitFor(() => expect(heard.join('')).toBe('hello one'))
  proxy.set({ is: 'pass' })
  client.socket.write('two')
  await vi.waitFor(() => expect(client.text()).toBe('hello two'))
})

test('reset cuts what is open with RST, and newcomers when the door says so', async () => {
  const client = await talking()
  expect(proxy.reset()).toBe(1)
  await vi.waitFor(() => expect(client.ending()).toBe('ECONNRESET'))
  await vi.waitFor(() => expect(serverSockets.size).toBe(0))
  await proxy.door('reset')
  const newcomer = await open()
  await vi.waitFor(() => expect(newcomer.ending()).toBe('ECONNRESET'))
  await proxy.door('open')
  await talking()
})

test('half open: the server is gone and the client is not told', async () => {
  const client = await talking()
  expect(proxy.halfOpen()).toBe(1)
  await vi.waitFor(() => expect(serverSockets.size).toBe(0))
  client.socket.write('anybody?')
  await sleep(100)
  expect([client.text(), client.ending()]).toEqual(['hello ', undefined])
})

test('the slicer hands over small pieces, all of them, in order', async () => {
  const client = await talking()
  proxy.set({ is: 'slicer', bytes: 3, pauseMs: 4 }, 'answers')
  client.socket.write('abcdefghij')
  await vi.waitFor(() => expect(client.text()).toBe('hello abcdefghij'))
  expect(client.pieces.length).toBeGreaterThan(3)
  expect(Math.max(...client.pieces.slice(1).map((piece) => piece.length))).toBeLessThanOrEqual(6)
})

test('a dropped answer: the server did the work, the client is cut before it hears, the next connection is well', async () => {
  const client = await talking()
  proxy.dropAnswers({ next: 1, leaves: 'reset' })
  client.socket.write('work')
  await vi.waitFor(() => expect(client.ending()).toBe('ECONNRESET'))
  expect([client.text(), heard.join(''), proxy.dropped]).toEqual(['hello ', 'hello work', 1])
  await talking()
})

test('a dropped answer may also leave silence, and only answers of some length count', async () => {
  const client = await talking()
  proxy.dropAnswers({ next: 1, leaves: 'silence', bytes: [8, 12] })
  client.socket.write('tick')
  await vi.waitFor(() => expect(client.text()).toBe('hello tick'))
  client.socket.write(', and a long one')
  await vi.waitFor(() => expect(client.text()).toBe('hello tick, and a long one'))
  client.socket.write(', gone too')
  await vi.waitFor(() => expect(proxy.dropped).toBe(1))
  client.socket.write('again')
  await sleep(50)
  expect([client.text(), client.ending(), proxy.dropped]).toEqual(['hello tick, and a long one', undefined, 1])
  expect(heard.join('')).toBe('hello tick, and a long one, gone tooagain')
})

test('refuses newcomers, keeps who is in, and opens again on the same port', async () => {
  const client = await talking()
  await proxy.door('refuse')
  const refused = await open()
  await vi.waitFor(() => expect(refused.ending()).toBe('ECONNREFUSED'))
  client.socket.write('still in')
  await vi.waitFor(() => expect(client.text()).toBe('hello still in'))
  await proxy.door('open')
  await talking()
})
