import type { Envelope, Environment, Receipt } from '../generated/types.ts'
import { maxPathLength } from './merkle-verify.ts'
import { maxNoteLength } from './note.ts'
import { ProofError } from './proof-error.ts'

export const receiptFormat = 'socle-receipt/v1'

/** Larger receipts are refused unread (characters of JSON text). */
export const maxReceiptLength = 1_048_576
const maxSealLength = 65_536
const maxManifestLength = 16_384
const maxLeafLength = 2048

/**
 * Reads a receipt from JSON text, bytes, or an already parsed value, and checks the form and limits of every member.
 * Unknown members are refused: nothing unproved may stand beside what is proved.
 * @throws ProofError
 */
export function parseReceipt(source: unknown): Receipt {
  const root = members(typeof source === 'string' || source instanceof Uint8Array ? parseJson(source) : source, [
    'format',
    'environment',
    'state',
    'id',
    'envelope',
    'salt',
    'leaf',
    'proof',
    'checkpoint',
    'seal',
  ])
  const proof = members(root['proof'], ['index', 'size', 'path'])
  const seal = members(root['seal'], ['manifest', 'signature'])
  if (root['format'] !== receiptFormat) throw new ProofError(`the format is not ${receiptFormat}`)
  return {
    format: receiptFormat,
    environment: environment(root['environment']),
    state: state(root['state']),
    id: text(root['id'], 36),
    envelope: envelope(root['envelope']),
    salt: text(root['salt'], 24),
    leaf: text(root['leaf'], maxLeafLength),
    proof: { index: count(proof['index']), size: count(proof['size']), path: path(proof['path']) },
    checkpoint: text(root['checkpoint'], maxNoteLength),
    seal: { manifest: text(seal['manifest'], maxManifestLength), signature: text(seal['signature'], maxSealLength) },
  }
}

function parseJson(source: string | Uint8Array): unknown {
  if (source.length > maxReceiptLength) throw new ProofError('the receipt is larger than 1 MiB')
  let json: string
  let value: unknown
  try {
    json = typeof source === 'string' ? source : new TextDecoder('utf-8', { fatal: true }).decode(source)
    value = JSON.parse(json)
  } catch {
    throw new ProofError('the receipt is not JSON')
  }
  if (membersWritten(json) !== membersKept(value)) throw new ProofError('a member stands twice')
  return value
}

/** Of JSON text: outside of texts a colon stands after the name of each member, and nowhere else. */
function membersWritten(json: string): number {
  return json.replaceAll(/"[^"\\]*(?:\\.[^"\\]*)*"/g, '').split(':').length - 1
}

/** Of a member that stands twice one is kept here, and maybe the other elsewhere: the two would read two receipts. */
function membersKept(value: unknown): number {
  let count = 0
  const open = [value]
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (typeof one !== 'object' || one === null) continue
    const values: readonly unknown[] = Object.values(one)
    if (!Array.isArray(one)) count += values.length
    for (const element of values) open.push(element)
  }
  return count
}

function members(value: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
  const object = plainObject(value)
  const unknownName = Object.keys(object).find((name) => !names.includes(name))
  if (unknownName !== undefined) throw new ProofError(`unknown member ${unknownName.slice(0, 40)}`)
  const missing = names.find((name) => object[name] === undefined)
  if (missing !== undefined) throw new ProofError(`member ${missing} is missing`)
  return object
}

function plainObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ProofError('an object is expected')
  return { ...value }
}

function text(value: unknown, limit: number): string {
  if (typeof value !== 'string') throw new ProofError('a text is expected')
  if (value.length > limit) throw new ProofError(`a text is longer than ${limit} characters`)
  return value
}

function count(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new ProofError('a count is expected')
  return value
}

function path(value: unknown): string[] {
  if (!Array.isArray(value)) throw new ProofError('the path is not a list')
  if (value.length > maxPathLength) throw new ProofError('the inclusion path is longer than any tree')
  return value.map((element: unknown) => text(element, 44))
}

function environment(value: unknown): Environment {
  if (value === 'sandbox' || value === 'production') return value
  throw new ProofError('the environment is neither sandbox nor production')
}

function state(value: unknown): Receipt['state'] {
  if (value === 'recorded' || value === 'refused') return value
  throw new ProofError('the state is neither recorded nor refused')
}

/** The members that verification reads; the others are covered by the commitment as they stand. */
function envelope(value: unknown): Envelope {
  const object = plainObject(value)
  if (object['v'] !== 1) throw new ProofError('the envelope version is unknown')
  for (const name of ['id', 'kind', 'environment', 'at']) text(object[name], 100)
  if (object['content'] !== undefined) {
    const content = members(object['content'], ['name', 'mediaType', 'size', 'sha256'])
    count(content['size'])
    for (const name of ['name', 'mediaType', 'sha256']) text(content[name], 200)
  }
  return object as unknown as Envelope
}
