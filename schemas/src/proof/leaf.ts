import { fromBase64, toBase64 } from './base64.ts'
import type { Envelope } from '../generated/types.ts'
import { sha256 } from './merkle.ts'
import { ProofError } from './proof-error.ts'

/** What a leaf says of its envelope. */
export type LeafSubject = Pick<Envelope, 'id' | 'at' | 'kind' | 'type'>

const kinds = ['doc', 'rej', 'dlv', 'out', 'era', 'ts', 'key', 'cfg', 'avl', 'shard']

export const maxLeafBytes = 2048
export const saltBytes = 16

/** What the public log says of an entry: nothing personal, nothing that can be guessed back into the envelope. */
export interface Leaf {
  readonly v: 1
  readonly id: string
  readonly at: string
  readonly kind: Envelope['kind']
  /** Type code of the envelope. */
  readonly type: string
  /** Base64 of SHA-256(salt || RFC 8785 bytes of the envelope). */
  readonly commitment: string
  /** Base64 of SHA-256 of the seal's DER bytes; documents and refusals only. */
  readonly seal?: string
}

/** Base64 of SHA-256(salt || envelope bytes); the salt keeps an envelope from being guessed, and its deletion erases the link. */
export function commitmentOf(salt: Uint8Array, envelopeBytes: Uint8Array): string {
  if (salt.length !== saltBytes) throw new ProofError(`a salt has ${saltBytes} bytes`)
  return toBase64(sha256(Buffer.concat([salt, envelopeBytes])))
}

/** Base64 of SHA-256 of a seal's DER bytes, as the leaf carries it. */
export function sealHashOf(sealDer: Uint8Array): string {
  return toBase64(sha256(sealDer))
}

/** The leaf of an entry, from what its envelope says. */
export function leafOf(envelope: LeafSubject, commitment: string, seal?: string): Leaf {
  const { id, at, kind, type } = envelope
  const leaf: Leaf = { v: 1, id, at, kind, type, commitment }
  return seal === undefined ? leaf : { ...leaf, seal }
}

/**
 * The exact text to log for an envelope.
 * @param sealDer the seal, for a document or a refusal; its digest goes in the leaf
 * @throws ProofError when a member does not have its form
 */
export function leafText(envelope: LeafSubject, commitment: string, sealDer?: Uint8Array): string {
  return formatLeaf(leafOf(envelope, commitment, sealDer === undefined ? undefined : sealHashOf(sealDer)))
}

/** RFC 8785 text of a leaf: its members in alphabetical order. @throws ProofError when one does not have its form */
export function formatLeaf(leaf: Leaf): string {
  checkLeaf(leaf)
  const seal = leaf.seal === undefined ? '' : `,"seal":"${leaf.seal}"`
  return `{"at":"${leaf.at}","commitment":"${leaf.commitment}","id":"${leaf.id}","kind":"${leaf.kind}"${seal},"type":"${leaf.type}","v":1}`
}

/** @throws ProofError unless the text is exactly the one that `formatLeaf` writes */
export function parseLeaf(text: string): Leaf {
  if (text.length > maxLeafBytes) throw new ProofError('the leaf is longer than 2048 bytes')
  const value = parseJsonObject(text)
  const leaf = { ...value, v: 1 } as Leaf
  if (value['v'] !== 1 || formatLeaf(leaf) !== text) throw new ProofError('the leaf is not in its canonical form')
  return leaf
}

function parseJsonObject(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new ProofError('the leaf is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ProofError('the leaf is no object')
  return { ...value }
}

const forms: Readonly<Record<'id' | 'at' | 'type', RegExp>> = {
  id: /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  at: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/,
  type: /^[a-z0-9][a-z0-9.:-]{0,63}$/,
}

function checkLeaf(leaf: Leaf): void {
  if (!matches(forms.id, leaf.id)) throw new ProofError('the leaf id is not a version 7 UUID')
  if (!matches(forms.at, leaf.at)) throw new ProofError('the leaf time is not UTC to the millisecond')
  if (!kinds.includes(leaf.kind)) throw new ProofError('the leaf kind is unknown')
  if (!matches(forms.type, leaf.type)) throw new ProofError('the leaf type is not a type code')
  checkDigest(leaf.commitment)
  const sealed = leaf.kind === 'doc' || leaf.kind === 'rej'
  if (sealed !== (leaf.seal !== undefined)) throw new ProofError('documents and refusals, and only they, carry a seal')
  if (leaf.seal !== undefined) checkDigest(leaf.seal)
}

function matches(form: RegExp, value: unknown): boolean {
  return typeof value === 'string' && form.test(value)
}

function checkDigest(value: unknown): void {
  if (typeof value !== 'string') throw new ProofError('a leaf digest is not text')
  fromBase64(value, 32)
}
