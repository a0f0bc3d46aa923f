import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { makeWitnessKey } from '@socle/schemas'
import { answerTo, conflict, idOf, parseAsked, type Reply, type WitnessedLog } from './witness-protocol.ts'

/** How the witness behaves; every mode but `good` has exactly one thing wrong. */
export type WitnessMode =
  | 'good'
  | 'http-500'
  | 'redirect'
  | 'silent'
  | 'drip'
  | 'huge'
  | 'garbage'
  | 'no-newline'
  | 'wrong-signature'
  | 'wrong-key'
  | 'other-checkpoint'
  | 'signs-as-log'
  | 'old-time'
  | 'future-time'
  | 'no-time'
  | 'size-text'
  | 'size-negative'
  | 'size-beyond-counting'
  | 'size-untyped'
  | 'size-told'
  | 'size-turns'

export interface StrictWitness extends AsyncDisposable {
  readonly url: string
  readonly vkey: string
  readonly name: string
  mode: WitnessMode
  /** By origin. A test may forget, or set back, what it saw. */
  readonly logs: Map<string, WitnessedLog>
  /** Status of each answer, in order. */
  readonly answers: readonly number[]
}

export interface WitnessOptions {
  readonly name?: string
  /** Verifier keys of the logs it knows; changed while it runs by pushing. */
  readonly logs: readonly string[]
  readonly mode?: WitnessMode
}

/**
 * A witness of our own (C2SP tlog-witness) on a free port of 127.0.0.1, written from the specification with node alone, that
 * checks everything and can be told to fail in each of the ways a client must see.
 */
export async function startWitness(options: WitnessOptions): Promise<StrictWitness> {
  const name = options.name ?? 'witness.example/strict'
  const keys = generateKeyPairSync('ed25519')
  const other = generateKeyPairSync('ed25519')
  const vkey = makeWitnessKey(name, keys.publicKey)
  const logs = new Map<string, WitnessedLog>()
  const answers: number[] = []
  const signing = { name, id: idOf(vkey), key: keys.privateKey, other: other.privateKey }
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readAll(request)
    if (await misbehave(witness.mode, response)) return
    const asked = parseAsked(body)
    const odd = oddSize(witness.mode, asked?.old ?? 0)
    const good = odd ?? answerTo({ logs, trusted: options.logs }, request, asked)
    const reply = asked && good.status === 200 ? { status: 200, text: textOf(witness.mode, asked.body, signing) } : good
    answers.push(reply.status)
    response
      .writeHead(reply.status, { 'content-type': reply.type ?? 'text/plain; charset=utf-8' })
      .end(reply.text ?? '')
  }
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const witness: StrictWitness = {
    url: `http://127.0.0.1:${port}`,
    vkey,
    name,
    mode: options.mode ?? 'good',
    logs,
    answers,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return witness
}

async function readAll(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece)
  return Buffer.concat(pieces).toString('utf8')
}

/** Modes that never come to an answer of the protocol. @returns whether it was answered */
async function misbehave(mode: WitnessMode, response: ServerResponse): Promise<boolean> {
  if (mode === 'silent') return true
  if (mode === 'redirect') response.writeHead(307, { location: 'http://127.0.0.1:1/add-checkpoint' }).end()
  else if (mode === 'http-500') response.writeHead(500).end('no')
  else if (mode === 'huge') response.writeHead(200).end(Buffer.alloc(10 * 1024 * 1024, '— w AAAA\n'))
  else if (mode === 'garbage') response.writeHead(200).end(Buffer.from([0xff, 0xfe, 0x00, 0x0a]))
  else if (mode === 'drip') {
    response.writeHead(200)
    while (response.writable && !response.destroyed) {
      response.write('—')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  } else return false
  return true
}

interface Signing {
  readonly name: string
  readonly id: Buffer
  readonly key: KeyObject
  readonly other: KeyObject
}

/** Answers that tell a size, but not the one it has seen. */
function oddSize(mode: WitnessMode, told: number): Reply | undefined {
  const type = 'text/x.tlog.size'
  if (mode === 'size-text') return { status: 409, text: 'many\n', type }
  if (mode === 'size-negative') return { status: 409, text: '-1\n', type }
  if (mode === 'size-beyond-counting') return { status: 409, text: '18446744073709551615\n', type }
  if (mode === 'size-untyped') return { status: 409, text: '0\n', type: 'text/html' }
  if (mode === 'size-told') return conflict(told)
  if (mode === 'size-turns') return conflict(told === 0 ? 1 : 0)
  return undefined
}

function textOf(mode: WitnessMode, body: string, signing: Signing): string {
  const line = lineOf(mode, body, signing)
  return mode === 'no-newline' ? line : `${line}\n`
}

function lineOf(mode: WitnessMode, body: string, { name, id, key, other }: Signing): string {
  const now = Math.floor(Date.now() / 1_000)
  const times: Partial<Record<WitnessMode, number>> = {
    'old-time': now - 3_600,
    'future-time': now + 3_600,
    'no-time': 0,
  }
  const time = times[mode] ?? now
  const text = mode === 'other-checkpoint' ? body.replace(/\n\d+\n/, '\n1\n') : body
  const stamp = Buffer.alloc(8)
  stamp.writeBigUInt64BE(BigInt(time))
  const message = mode === 'signs-as-log' ? text : `cosignature/v1\ntime ${time}\n${text}`
  const signature = sign(undefined, Buffer.from(message), mode === 'wrong-key' ? other : key)
  if (mode === 'wrong-signature') signature[5] = (signature[5] ?? 0) ^ 1
  return `— ${name} ${Buffer.concat([id, stamp, signature]).toString('base64')}`
}
