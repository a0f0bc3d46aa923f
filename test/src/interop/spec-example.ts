import { createHash } from 'node:crypto'
import { type Keys, prepareSeal } from '@socle/gateway'
import {
  appendLeaves,
  commitmentOf,
  emptyEdge,
  encodeEntryBundle,
  type Envelope,
  jcs,
  jcsBytes,
  leafHash,
  leafText,
  manifestOf,
  nodeHash,
  type Receipt,
  signCheckpoint,
} from '@socle/schemas'

/** Blocks of the worked examples in `schemas/spec`, by the name that the comment before each block gives. */
export type Example = Readonly<Record<string, string>>

const document = '<avis><objet>Entretien des espaces verts</objet></avis>\n'
const at = '2026-11-24T10:15:00.250Z'

/** Makes the worked example anew: the same texts each time, but for keys and signatures. */
export async function makeExample(keys: Keys): Promise<Example> {
  const content = {
    name: 'document.xml',
    mediaType: 'application/xml',
    size: Buffer.byteLength(document),
    sha256: createHash('sha256').update(document).digest('hex'),
  }
  const envelope: Envelope = {
    v: 1,
    id: '01990000-0000-7000-8000-000000000002',
    kind: 'doc',
    type: 'notice',
    environment: 'sandbox',
    at,
    account: 'plateforme-a',
    content,
  }
  const salt = createHash('sha256').update('a salt is random; this one is not').digest().subarray(0, 16)
  const manifest = manifestOf(envelope)
  const sealer = prepareSeal(keys.seal.privateKey, keys.seal.certificate)
  const seal = Buffer.from(await sealer.seal(createHash('sha256').update(manifest).digest(), new Date(at)))
  const leaf = leafText(envelope, commitmentOf(salt, jcsBytes(envelope)), seal)
  const leaves = [neighbour(1, 'shard'), leaf, neighbour(3, 'avl')]
  const appended = appendLeaves(
    emptyEdge(),
    leaves.map((text) => leafHash(Buffer.from(text))),
  )
  const signer = { name: keys.log.origin, privateKey: keys.log.privateKey }
  const checkpoint = signCheckpoint(signer, { size: 3, root: appended.root })
  const receipt: Receipt = {
    format: 'socle-receipt/v1',
    environment: 'sandbox',
    state: 'recorded',
    id: envelope.id,
    envelope,
    salt: salt.toString('base64'),
    leaf,
    proof: { index: 1, size: 3, path: appended.paths[1] ?? [] },
    checkpoint,
    seal: { manifest, signature: seal.toString('base64') },
  }
  return {
    'document.xml': document,
    'envelope.json': `${jcs(envelope)}\n`,
    'leaf.json': `${leaf}\n`,
    'receipt.json': `${JSON.stringify(receipt, undefined, 2)}\n`,
    'log.vkey': `${keys.log.vkey}\n`,
    'seal-ca.pem': keys.trust.sealCa,
    checkpoint,
    leaves: `${leaves.join('\n')}\n`,
    ...derived(leaves),
  }
}

/** What follows from the entries alone. */
export function derived(leaves: readonly string[]): Example {
  const entries = leaves.map((text) => Buffer.from(text))
  const [first = '', second = '', third = ''] = entries.map((entry) => leafHash(entry))
  const left = nodeHash(Buffer.from(first), Buffer.from(second))
  const hashes = [first, second, third].map((hash) => Buffer.from(hash))
  const nodes = [left, nodeHash(left, Buffer.from(third))]
  return {
    'leaf-hashes': hashes.map((hash) => `${hash.toString('base64')}\n`).join(''),
    nodes: nodes.map((hash) => `${hash.toString('base64')}\n`).join(''),
    tile: hashes.map((hash) => `${hash.toString('hex')}\n`).join(''),
    bundle: `${encodeEntryBundle(entries).subarray(0, 48).toString('hex')}\n`,
  }
}

function neighbour(number: number, kind: 'shard' | 'avl'): string {
  const envelope = {
    id: `01990000-0000-7000-8000-00000000000${number}`,
    at: `2026-11-24T10:1${number}:00.000Z`,
    kind,
    type: kind === 'shard' ? 'start' : 'probe',
  } as const
  return leafText(envelope, createHash('sha256').update(`neighbour ${number}`).digest('base64'))
}

const fence = '```'

/** The text of a named block (`example` or `script`) of a specification. */
export function blockOf(markdown: string, kind: 'example' | 'script', name: string): string {
  const after = markdown.split(`<!-- ${kind}: ${name} -->\n${fence}`)[1]
  const [, ...lines] = after?.split(`\n${fence}\n`)[0]?.split('\n') ?? []
  if (after === undefined) throw new Error(`the specification has no ${kind} ${name}`)
  return lines.map((line) => `${line}\n`).join('')
}

/** The specification with one example replaced. */
export function withBlock(markdown: string, name: string, text: string): string {
  const opening = `<!-- example: ${name} -->\n${fence}`
  const [before, after] = markdown.split(opening)
  if (before === undefined || after === undefined) return markdown
  const language = after.slice(0, after.indexOf('\n'))
  const rest = after.slice(after.indexOf(`\n${fence}\n`))
  return `${before}${opening}${language}\n${text.replace(/\n$/, '')}${rest}`
}
