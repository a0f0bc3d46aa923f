import { verify } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { parseVkey, verifyConsistency } from '@socle/schemas'

/** What it holds of one log: the last head it cosigned. */
export interface WitnessedLog {
  size: number
  root: Buffer
}

/** What is asked of it, as far as it could be read. */
export interface Asked {
  readonly old: number
  readonly proof: readonly Buffer[]
  readonly body: string
  readonly origin: string
  readonly size: number
  readonly root: Buffer
  readonly signatures: readonly string[]
}

export interface Reply {
  readonly status: number
  readonly text?: string
  readonly type?: string
}

export interface Held {
  readonly logs: Map<string, WitnessedLog>
  /** Verifier keys of the logs it knows. */
  readonly trusted: readonly string[]
}

/** The protocol, in the order of the specification; 200 without a text: it is to be cosigned. */
export function answerTo({ logs, trusted }: Held, { method, url }: IncomingMessage, asked: Asked | undefined): Reply {
  if (method !== 'POST' || url !== '/add-checkpoint') return { status: 404 }
  if (!asked) return { status: 400, text: 'unreadable' }
  const vkeys = trusted.filter((vkey) => vkey.split('+', 1)[0] === asked.origin)
  if (vkeys.length === 0) return { status: 404, text: 'unknown log' }
  if (!vkeys.some((vkey) => isSigned(asked, vkey))) return { status: 403, text: 'no signature' }
  if (asked.old > asked.size) return { status: 400, text: 'old is more than the checkpoint' }
  const refusal = refusalOf(logs.get(asked.origin), asked)
  if (refusal) return refusal
  logs.set(asked.origin, { size: asked.size, root: asked.root })
  return { status: 200 }
}

/** Held against what was seen before. */
function refusalOf(known: WitnessedLog | undefined, asked: Asked): Reply | undefined {
  const size = known?.size ?? 0
  if (asked.old !== size) return conflict(size)
  if (!known || size === 0) return asked.proof.length > 0 ? { status: 422, text: 'a proof from nothing' } : undefined
  if (asked.old === asked.size && !known.root.equals(asked.root)) return conflict(size)
  return verifyConsistency(known, asked, asked.proof) ? undefined : { status: 422, text: 'bad proof' }
}

export function conflict(size: number): Reply {
  return { status: 409, text: `${size}\n`, type: 'text/x.tlog.size' }
}

const decimal = /^(?:0|[1-9]\d*)$/
const hash = /^[A-Za-z0-9+/]{43}=$/

export function parseAsked(text: string): Asked | undefined {
  const split = text.indexOf('\n\n')
  const last = text.lastIndexOf('\n\n')
  if (split < 0 || last <= split || !text.endsWith('\n')) return undefined
  const way = parseWay(text.slice(0, split))
  const body = text.slice(split + 2, last + 1)
  const head = parseHead(body)
  return way && head && { ...way, ...head, body, signatures: text.slice(last + 2, -1).split('\n') }
}

function parseWay(text: string): Pick<Asked, 'old' | 'proof'> | undefined {
  const [first = '', ...proof] = text.split('\n')
  const old = /^old (0|[1-9]\d*)$/.exec(first)?.[1]
  if (old === undefined || proof.length > 63 || !proof.every((line) => hash.test(line))) return undefined
  return { old: Number(old), proof: proof.map((line) => Buffer.from(line, 'base64')) }
}

function parseHead(body: string): Pick<Asked, 'origin' | 'size' | 'root'> | undefined {
  const [origin = '', size = '', root = '', end, ...more] = body.split('\n')
  if (end !== '' || more.length > 0 || origin === '' || !decimal.test(size) || !hash.test(root)) return undefined
  return { origin, size: Number(size), root: Buffer.from(root, 'base64') }
}

function isSigned({ signatures, body, origin }: Asked, vkey: string): boolean {
  const { publicKey } = parseVkey(vkey)
  return signatures.some((line) => {
    const [, name, encoded = ''] = line.split(' ')
    const bytes = Buffer.from(encoded, 'base64')
    if (name !== origin || !bytes.subarray(0, 4).equals(idOf(vkey))) return false
    return verify(undefined, Buffer.from(body), publicKey, bytes.subarray(4))
  })
}

export function idOf(vkey: string): Buffer {
  return Buffer.from(vkey.split('+')[1] ?? '', 'hex')
}
