import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  createLocalTimestampAuthority,
  type Keys,
  openKeys,
  prepareSeal,
  writeContainer,
  writeTiles,
} from '@socle/gateway'
import {
  appendLeaves,
  commitmentOf,
  type Edge,
  emptyEdge,
  type Envelope,
  formatTlogProof,
  inclusionPath,
  jcsBytes,
  leafHash,
  leafText,
  manifestOf,
  type NodeAt,
  nodeHash,
  type Receipt,
  signCheckpoint,
} from '@socle/schemas'

/** A log with a full tile and partial ones, documents with receipts and containers, as `socle export` lays them out. */
export interface SmallExport {
  readonly directory: string
  readonly keys: Keys
  readonly size: number
  /** File stems, in log order: documents, then one refusal. */
  readonly names: readonly string[]
  readonly refusal: string
}

const origin = 'socle.example/essai/2026b'
const start = Date.parse('2026-11-24T08:00:00Z')
const size = 300
const documentsAt = [0, 17, 255, 256, 298]
const refusalAt = 299

interface Entry {
  readonly envelope: Envelope
  readonly salt: Buffer
  readonly leaf: string
  readonly manifest: string
  readonly seal: Buffer
  readonly document: Buffer
}

/** Builds the export from real keys and seals. Everything but the keys and signatures is the same each time. */
export async function buildSmallExport(directory: string): Promise<SmallExport> {
  const keys = openKeys(join(directory, '..', 'keys'), { environment: 'sandbox', origin, now: new Date(start) })
  const sealer = prepareSeal(keys.seal.privateKey, keys.seal.certificate)
  const entries = await Promise.all(Array.from({ length: size }, async (_, index) => await makeEntry(index, sealer)))
  for (const folder of ['log', 'receipts', 'documents', 'evidence'])
    mkdirSync(join(directory, folder), { recursive: true })

  const receipts = recordInBatches(entries, keys)
  const hashes = entries.map(({ leaf }) => leafHash(Buffer.from(leaf)))
  const last = appendLeaves(emptyEdge(), hashes)
  const checkpoint = signCheckpoint({ name: origin, privateKey: keys.log.privateKey }, { size, root: last.root })
  const timestamps = createLocalTimestampAuthority({
    identity: keys.timestamp ?? keys.seal,
    clock: () => new Date(start + size * 1000),
  })
  const token = await timestamps.stamp(Buffer.from(checkpoint))

  const readLeaves = async (from: number, to: number): Promise<Buffer[]> =>
    entries.slice(from, to).map(({ leaf }) => Buffer.from(leaf))
  await writeTiles(join(directory, 'log'), { size, checkpoint, readLeaves })
  const write = (name: string, content: string | Uint8Array): void => writeFileSync(join(directory, name), content)
  write('log.vkey', keys.trust.logVkey)
  write('seal-ca.pem', keys.trust.sealCa)
  write('tsa-ca.pem', keys.trust.tsaCa)
  write('checkpoint.tsr', token)

  for (const [index, receipt] of receipts) {
    const entry = entries[index]
    if (entry === undefined) throw new Error(`no entry ${index}`)
    const name = nameOf(index)
    write(`receipts/${name}.json`, JSON.stringify(receipt))
    if (index !== refusalAt) write(`documents/${name}.xml`, entry.document)
    const path = inclusionPath(index, size, nodesOf(hashes)).map((hash) => Buffer.from(hash).toString('base64'))
    const container = await writeContainer({
      ...(index === refusalAt ? {} : { document: { name: 'document.xml', bytes: entry.document } }),
      envelope: jcsBytes(entry.envelope),
      manifest: entry.manifest,
      signature: entry.seal,
      receipt,
      leaf: entry.leaf,
      tlogProof: formatTlogProof({ index, path, checkpoint }),
      checkpointTsr: token,
    })
    write(`evidence/${name}.asice`, container)
  }
  return { directory, keys, size, names: documentsAt.map(nameOf), refusal: nameOf(refusalAt) }
}

function nameOf(index: number): string {
  return `piece-${index}`
}

async function makeEntry(index: number, sealer: ReturnType<typeof prepareSeal>): Promise<Entry> {
  const kind = documentsAt.includes(index) ? 'doc' : index === refusalAt ? 'rej' : 'avl'
  const document = Buffer.from(`<avis numero="${index}"><objet>Entretien des espaces verts</objet></avis>\n`)
  const content = {
    name: 'document.xml',
    mediaType: 'application/xml',
    size: document.length,
    sha256: createHash('sha256').update(document).digest('hex'),
  }
  const at = new Date(start + index * 1000)
  const envelope: Envelope = {
    v: 1,
    id: `01990000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    kind,
    type: kind === 'avl' ? 'probe' : 'notice',
    environment: 'sandbox',
    at: at.toISOString(),
    ...(kind === 'avl' ? {} : { content }),
  }
  const salt = createHash('sha256').update(`sel ${index}`).digest().subarray(0, 16)
  const manifest = kind === 'avl' ? '' : manifestOf(envelope)
  const digest = createHash('sha256').update(manifest).digest()
  const seal = kind === 'avl' ? undefined : Buffer.from(await sealer.seal(digest, at))
  const leaf = leafText(envelope, commitmentOf(salt, jcsBytes(envelope)), seal)
  return { envelope, salt, leaf, manifest, seal: seal ?? Buffer.alloc(0), document }
}

/** Receipts as the hub gives them: each against the checkpoint of its own batch, not the last one. */
function recordInBatches(entries: readonly Entry[], keys: Keys): Map<number, Receipt> {
  const receipts = new Map<number, Receipt>()
  const signer = { name: origin, privateKey: keys.log.privateKey }
  let edge: Edge = emptyEdge()
  while (edge.size < entries.length) {
    const batch = entries.slice(edge.size, edge.size + 23)
    const from = edge.size
    const appended = appendLeaves(
      edge,
      batch.map(({ leaf }) => leafHash(Buffer.from(leaf))),
    )
    edge = appended.edge
    const checkpoint = signCheckpoint(signer, { size: edge.size, root: appended.root })
    for (const [at, { envelope, salt, leaf, manifest, seal }] of batch.entries()) {
      if (seal.length === 0) continue
      receipts.set(from + at, {
        format: 'socle-receipt/v1',
        environment: 'sandbox',
        state: envelope.kind === 'rej' ? 'refused' : 'recorded',
        id: envelope.id,
        envelope,
        salt: salt.toString('base64'),
        leaf,
        proof: { index: from + at, size: edge.size, path: appended.paths[at] ?? [] },
        checkpoint,
        seal: { manifest, signature: seal.toString('base64') },
      })
    }
  }
  return receipts
}

function nodesOf(hashes: readonly Uint8Array[]): NodeAt {
  const nodeAt: NodeAt = (level, index) => {
    if (level > 0) return nodeHash(nodeAt(level - 1, index * 2), nodeAt(level - 1, index * 2 + 1))
    const hash = hashes[index]
    if (hash === undefined) throw new Error(`no leaf ${index}`)
    return hash
  }
  return nodeAt
}
