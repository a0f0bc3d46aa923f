import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import {
  buildTimestamp,
  buildTimestampRefusal,
  type Identity,
  makeAuthority,
  makeIdentity,
  readTimestampRequest,
} from '@socle/gateway'

/** How the authority behaves; every mode but `good` has exactly one thing wrong. */
export type TsaMode =
  | 'good'
  | 'http-500'
  | 'redirect'
  | 'web-page'
  | 'silent'
  | 'drip'
  | 'refusal'
  | 'wrong-nonce'
  | 'wrong-imprint'
  | 'wrong-policy'
  | 'no-eku'
  | 'wrong-ess'
  | 'old-time'
  | 'ahead'
  | 'same-serial'
  | 'truncated'
  | 'huge'

export interface Tsa extends AsyncDisposable {
  readonly url: string
  readonly policy: string
  /** PEM of the authority above the signer. */
  readonly ca: string
  /** How the next requests are answered. */
  mode: TsaMode
  /** Requests that came. */
  readonly asked: number
  /** Seconds that its clock is ahead. */
  ahead: number
}

export interface TsaOptions {
  readonly mode?: TsaMode
  readonly policy?: string
  /** Its clock; the machine's unless told. */
  readonly clock?: () => Date
  /** PEM, to speak TLS. */
  readonly tls?: { readonly cert: string; readonly key: string }
}

const day = 86_400_000

/**
 * An RFC 3161 authority of our own over HTTP, on a free port of 127.0.0.1, that can be told to fail in each of the ways
 * that a client must survive.
 */
export async function startTsa(options: TsaOptions = {}): Promise<Tsa> {
  const { policy = '1.3.6.1.4.1.32473.3161.2', clock = (): Date => new Date() } = options
  const validity = { from: new Date(clock().getTime() - 400 * day), to: new Date(clock().getTime() + 400 * day) }
  const subject = (name: string): { organisation: string; name: string } => ({ organisation: 'Essai', name })
  const authority = makeAuthority(subject('Autorité d’horodatage'), validity)
  const signer = makeIdentity(authority, 'timestamp', subject('Horloge'), validity)
  const state = { mode: options.mode ?? 'good', asked: 0, ahead: 0 }
  const parts: Parts = {
    signer,
    sealer: makeIdentity(authority, 'seal', subject('Cachet'), validity),
    other: makeIdentity(authority, 'timestamp', subject('Autre horloge'), validity),
    policy,
    now: () => new Date(clock().getTime() + state.ahead * 1_000),
  }
  const answer: RequestListener = (request, response) => {
    state.asked++
    void readAll(request).then((query) => reply(state.mode, response, () => tokenOf(state.mode, parts, query)))
  }
  const server: Server = options.tls ? createTlsServer(options.tls, answer) : createServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return Object.assign(state, {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}/tsr`,
    policy,
    ca: authority.certificate.toString(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece)
  return Buffer.concat(pieces)
}

interface Parts {
  readonly signer: Identity
  /** A certificate of the same authority that is not for timestamps. */
  readonly sealer: Identity
  readonly other: Identity
  readonly policy: string
  readonly now: () => Date
}

function tokenOf(mode: TsaMode, { signer, sealer, other, policy, now }: Parts, query: Buffer): Buffer {
  const { digest, imprint, nonce } = readTimestampRequest(query)
  const shift = { 'old-time': -3_600_000, ahead: 3_600_000 }[mode as string] ?? 0
  return buildTimestamp({
    digest,
    imprint: mode === 'wrong-imprint' ? randomBytes(imprint.length) : imprint,
    nonce: mode === 'wrong-nonce' ? Buffer.concat([Buffer.of(0x41), randomBytes(7)]) : nonce,
    policy: mode === 'wrong-policy' ? '1.3.6.1.4.1.32473.3161.9' : policy,
    serial: Buffer.concat([Buffer.of(0x41), mode === 'same-serial' ? Buffer.alloc(15) : randomBytes(15)]),
    time: new Date(now().getTime() + shift),
    accuracySeconds: 1,
    identity: mode === 'no-eku' ? sealer : signer,
    chain: [],
    ...(mode === 'wrong-ess' ? { named: other.certificate } : {}),
  })
}

function reply(mode: TsaMode, response: ServerResponse, token: () => Buffer): void {
  const good = { 'content-type': 'application/timestamp-reply' }
  switch (mode) {
    case 'silent':
      return
    case 'http-500':
      response.writeHead(500, good).end()
      return
    case 'redirect':
      response.writeHead(307, { ...good, location: '/elsewhere' }).end()
      return
    case 'web-page':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Connexion requise</html>')
      return
    case 'refusal':
      response.writeHead(200, good).end(buildTimestampRefusal(2))
      return
    case 'drip':
      drip(response.writeHead(200, good), token())
      return
    case 'huge':
      pour(response.writeHead(200, good), 10 * 1_048_576)
      return
    case 'truncated': {
      const whole = token()
      response.writeHead(200, good).end(whole.subarray(0, whole.length - 40))
      return
    }
    default:
      response.writeHead(200, good).end(token())
  }
}

/** A byte every 20 ms: each comes in time, the whole does not. */
function drip(response: ServerResponse, bytes: Buffer): void {
  let at = 0
  const timer = setInterval(() => response.write(bytes.subarray(at, ++at)), 20)
  response.once('close', () => clearInterval(timer))
}

/** So many bytes, for as long as somebody reads them. */
function pour(response: ServerResponse, bytes: number): void {
  const piece = Buffer.alloc(16_384, 0x30)
  let left = bytes
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= piece.length
      if (!response.write(piece)) return void response.once('drain', more)
    }
    response.end()
  }
  more()
}
