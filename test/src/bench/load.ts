import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** One run of one client program against one address. */
export interface LoadPlan {
  readonly port: number
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly connections: number
  readonly seconds: number
  /** Requests a second in all; absent: each connection asks again as soon as it is answered. */
  readonly perSecond?: number
  /** Body of the n-th request: always the same length, never the same bytes. */
  readonly body: (n: number) => Buffer
}

export interface LoadResult {
  readonly accepted: number
  readonly refused: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/**
 * A load generator of its own because each request must carry new bytes and a new key, and because it has to leave the
 * server the larger part of two cores: plain sockets, one request under way a connection, answers cut by Content-Length.
 * Bounded in connections and time, and only ever pointed at 127.0.0.1.
 */
export async function runLoad(plan: LoadPlan, firstNumber: number): Promise<LoadResult> {
  const latencies: number[] = []
  const sockets = await Promise.all(Array.from({ length: plan.connections }, async () => await open(plan.port)))
  let next = firstNumber
  let accepted = 0
  let refused = 0
  const head = headOf(plan)
  const one = async (socket: Socket): Promise<number> => {
    const n = next++
    const sent = performance.now()
    const status = await exchange(socket, requestOf(head, n, plan.body(n)))
    if (status === 201) accepted++
    else refused++
    return performance.now() - sent
  }
  // Platforms keep their connections: what it takes to be let in is not what is measured.
  await Promise.all(sockets.map(one))
  const before = accepted
  const started = performance.now()
  const end = started + plan.seconds * 1_000
  let slot = started
  const gap = plan.perSecond === undefined ? 0 : 1_000 / plan.perSecond
  const keepAsking = async (socket: Socket): Promise<void> => {
    while (performance.now() < end) {
      // A slot that is past is taken at once: what the server was slow to answer is caught up, and counted.
      const due = slot
      slot += gap
      if (gap > 0 && due > performance.now()) await sleep(due - performance.now())
      latencies.push(await one(socket))
    }
    socket.destroy()
  }
  await Promise.all(sockets.map(keepAsking))
  const seconds = (performance.now() - started) / 1_000
  latencies.sort((a, b) => a - b)
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
  return { accepted, refused, perSecond: (accepted - before) / seconds, p50Ms: at(0.5), p99Ms: at(0.99) }
}

function headOf(plan: LoadPlan): string {
  const length = plan.body(0).length
  const headers = Object.entries({ host: '127.0.0.1', 'content-length': String(length), ...plan.headers })
  return `POST ${plan.path} HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}`
}

function requestOf(head: string, n: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${head}idempotency-key: bench-${n}\r\n\r\n`), body])
}

async function open(port: number): Promise<Socket> {
  return await new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}

/** Sends one request and gives the status once the whole answer is in. */
async function exchange(socket: Socket, request: Buffer): Promise<number> {
  return await new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0)
    const done = (): void => {
      socket.off('data', onData)
      socket.off('error', fail)
      socket.off('close', closed)
    }
    const fail = (error: Error): void => {
      done()
      reject(error)
    }
    const closed = (): void => fail(new Error('the server closed the connection'))
    const onData = (part: Buffer): void => {
      received = received.length === 0 ? part : Buffer.concat([received, part])
      const answer = wholeAnswer(received)
      if (answer === undefined) return
      done()
      resolve(answer)
    }
    socket.on('data', onData)
    socket.once('error', fail)
    socket.once('close', closed)
    socket.write(request)
  })
}

function wholeAnswer(bytes: Buffer): number | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = bytes.toString('latin1', 0, end)
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
  return bytes.length >= end + 4 + length ? Number(head.slice(9, 12)) : undefined
}
