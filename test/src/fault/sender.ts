import { Agent, type IncomingHttpHeaders, request } from 'node:http'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** The client of these suites: keep-alive connections, one request under way on each, no retry of its own. */
export interface Sender {
  /** @throws when no whole answer came: whether the document was recorded is then unknown */
  deposit(key: string, body: Buffer): Promise<Answer>
  post(path: string, body: string): Promise<Answer>
  get(path: string): Promise<Answer>
  close(): void
}

const patienceMs = 30_000

export function createSender(url: string, token: string, connections: number): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const ask = async (
    method: string,
    path: string,
    body: Buffer,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Answer> =>
    await new Promise((resolve, reject) => {
      const length = { 'content-length': String(body.length) }
      const asked = request(`${url}${path}`, { agent, method, headers: { ...headers, ...length, ...more } })
      asked.setTimeout(patienceMs, () => asked.destroy(new Error('no answer in 30 s')))
      asked.once('error', reject)
      asked.once('response', (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        // A connection cut in the middle of an answer is no answer.
        response.once('error', reject)
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
        )
      })
      asked.end(body)
    })
  return {
    deposit: async (key, body) => await ask('POST', '/v1/awards', body, { 'idempotency-key': key }),
    post: async (path, body) => await ask('POST', path, Buffer.from(body)),
    get: async (path) => await ask('GET', path, Buffer.alloc(0)),
    close: () => agent.destroy(),
  }
}

export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0
  const one = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item)
  }
  await Promise.all(Array.from({ length: width }, one))
}
