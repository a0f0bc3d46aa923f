import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseTrust, type Receipt, type Trust } from '@socle/schemas'

/** One answer of the script. */
export interface Scripted {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** JSON unless it is text already. */
  readonly body?: unknown
  readonly afterMs?: number
}

export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** `drop` reads the request, then cuts the connection. */
export type Script = (request: SeenRequest, index: number) => Scripted | 'drop'

export interface ScriptedHub extends AsyncDisposable {
  readonly url: string
  /** Everything but token and trust requests, in the order they came. */
  readonly requests: readonly SeenRequest[]
  /** Tokens given so far: token-1, token-2… */
  readonly tokensGiven: () => number
}

interface RecordedDeposit {
  readonly status: number
  readonly document: string
  readonly body: Receipt & { readonly receipt?: Receipt }
}

/** What a real hub of the sandbox answered one day: genuine receipts to play again, and to alter. */
export const recorded = JSON.parse(
  readFileSync(new URL('../kit/fixtures/recorded-answers.json', import.meta.url), 'utf8'),
) as {
  readonly account: string
  readonly trust: { readonly logVkey: string; readonly sealCa: string; readonly tsaCa: string }
  readonly accepted: readonly [RecordedDeposit, RecordedDeposit, RecordedDeposit]
  readonly refused: RecordedDeposit
  readonly ofAnother: RecordedDeposit
}

export const recordedTrust: Trust = parseTrust(recorded.trust)

export function bytesOf(deposit: { readonly document: string }): Buffer {
  return Buffer.from(deposit.document)
}

/** A server on this machine that plays the answers of a hub. Tokens and trust files are answered by themselves. */
export async function startScriptedHub(
  script: Script,
  token: { readonly expiresIn?: number; readonly script?: Script } = {},
): Promise<ScriptedHub> {
  const requests: SeenRequest[] = []
  let tokens = 0
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy())
  })
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const seen = await read(request)
    const trustFile = { '/log/log.vkey': 'logVkey', '/log/seal-ca.pem': 'sealCa', '/log/tsa-ca.pem': 'tsaCa' }[
      seen.path
    ]
    if (trustFile) return void response.end(recorded.trust[trustFile as 'logVkey'])
    if (seen.path === '/oauth/token') {
      tokens += 1
      const given = { access_token: `token-${tokens}`, expires_in: token.expiresIn ?? 3_600, environment: 'sandbox' }
      return await play(response, token.script?.(seen, tokens - 1) ?? { status: 200, body: given })
    }
    requests.push(seen)
    await play(response, script(seen, requests.length - 1))
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    tokensGiven: () => tokens,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

/** A problem as the hub writes it. */
export function problem(status: number, code: string, more: object = {}): Scripted {
  return {
    status,
    headers: { 'content-type': 'application/problem+json' },
    body: { type: `urn:socle:problem:${code}`, title: code, status, code, environment: 'sandbox', ...more },
  }
}

async function read(request: IncomingMessage): Promise<SeenRequest> {
  const parts: Buffer[] = []
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
  const { method = '', url = '', headers } = request
  return { method, path: url, headers, body: Buffer.concat(parts) }
}

async function play(response: ServerResponse, scripted: Scripted | 'drop'): Promise<void> {
  if (scripted === 'drop') return void response.destroy()
  if (scripted.afterMs !== undefined) await sleep(scripted.afterMs)
  const { body = '' } = scripted
  response.writeHead(scripted.status, { ...scripted.headers })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}
