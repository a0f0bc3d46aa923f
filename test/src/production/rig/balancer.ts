import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'

/** What every installation has before its gateways, in 100 lines: nothing that would hide a fault of theirs. */
export interface Balancer extends AsyncDisposable {
  readonly url: string
  /** Gateways that are asked now. */
  readonly healthy: number
  /** Answers by status, as clients saw them; 502: the connection to a gateway broke under way. */
  readonly answers: ReadonlyMap<number, number>
}

const checkMs = 200
const checkPatienceMs = 1_000
const largestBody = 16 * 1024 * 1024

interface Backend {
  readonly port: number
  up: boolean
}

/**
 * Round robin over the gateways that say they are ready. A refused connection is tried at the next one, for nothing was
 * sent; everything else is the client's to repeat, who has the key.
 */
export async function startBalancer(port: number, targets: readonly number[]): Promise<Balancer> {
  const backends = targets.map((target): Backend => ({ port: target, up: true }))
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const answers = new Map<number, number>()
  let turn = 0

  function candidates(): readonly Backend[] {
    const up = backends.filter((backend) => backend.up)
    // When none seems well, trying is better than refusing.
    const all = up.length > 0 ? up : backends
    turn = (turn + 1) % all.length
    return [...all.slice(turn), ...all.slice(0, turn)]
  }

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming)
    for (const backend of candidates()) {
      const result = await forward({ agent, incoming, body, response }, backend.port)
      if (result === 'refused') {
        backend.up = false
        continue
      }
      if (result === 'broken' && !response.headersSent) response.writeHead(502).end()
      else if (result === 'broken') response.destroy()
      break
    }
    if (!response.headersSent && !response.destroyed) response.writeHead(503, { 'retry-after': '1' }).end()
    answers.set(response.statusCode, (answers.get(response.statusCode) ?? 0) + 1)
  }

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => response.destroy())
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const check = async (): Promise<void> => {
    await Promise.all(
      backends.map(async (backend) => {
        backend.up = await isReady(backend.port)
      }),
    )
  }
  const checks = setInterval(() => void check(), checkMs)
  return {
    url: `http://127.0.0.1:${port}`,
    get healthy() {
      return backends.filter(({ up }) => up).length
    },
    answers,
    async [Symbol.asyncDispose]() {
      clearInterval(checks)
      agent.destroy()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of incoming as AsyncIterable<Buffer>) {
    size += part.length
    if (size > largestBody) throw new Error('too large')
    parts.push(part)
  }
  return Buffer.concat(parts)
}

interface Exchange {
  readonly agent: Agent
  readonly incoming: IncomingMessage
  readonly body: Buffer
  readonly response: ServerResponse
}

async function forward(exchange: Exchange, port: number): Promise<'answered' | 'refused' | 'broken'> {
  const { agent, incoming, body, response } = exchange
  const headers = { ...incoming.headers, 'content-length': String(body.length) }
  return await new Promise((resolve) => {
    const options = { agent, host: '127.0.0.1', port, method: incoming.method, path: incoming.url, headers }
    const asked = request(options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
      answer.once('end', () => resolve('answered'))
      answer.once('error', () => resolve('broken'))
    })
    asked.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED' ? 'refused' : 'broken'))
    // A client that gave up frees its gateway.
    response.once('close', () => {
      if (!response.writableFinished) asked.destroy()
    })
    asked.end(body)
  })
}

export async function isReady(port: number): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(checkPatienceMs)
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal, headers: { connection: 'close' } })
    await answer.text()
    return answer.status === 200
  } catch {
    return false
  }
}
