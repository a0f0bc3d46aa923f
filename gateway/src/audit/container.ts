import { buffer } from 'node:stream/consumers'
import { checkContentName, envelopeFile, manifestFile, type Receipt, signatureFile } from '@socle/schemas'
import { ZipFile } from 'yazl'
import { containerReadme } from './container-readme.ts'

export const containerType = 'application/vnd.etsi.asic-e+zip'
export const readmeFile = 'META-INF/socle/LISEZMOI-README.txt'
export const proofFiles = {
  receipt: 'META-INF/socle/receipt.json',
  leaf: 'META-INF/socle/leaf.json',
  tlogProof: 'META-INF/socle/proof.tlog-proof',
  checkpointTsr: 'META-INF/socle/checkpoint.tsr',
} as const

export interface ContainerParts {
  /** The bytes as received; none for a refusal. `name` is that of the envelope's content. */
  readonly document?: { readonly name: string; readonly bytes: Uint8Array }
  /** RFC 8785 bytes of the envelope. */
  readonly envelope: Uint8Array
  /** The sealed manifest. */
  readonly manifest: string
  /** DER of the seal. */
  readonly signature: Uint8Array
  readonly receipt: Receipt
  readonly leaf: string
  /** C2SP tlog-proof; its checkpoint may be later than the receipt's, to be the one that was timestamped. */
  readonly tlogProof: string
  /** RFC 3161 response over the exact bytes of the checkpoint inside `tlogProof`. */
  readonly checkpointTsr?: Uint8Array
}

/**
 * ASiC-E with CAdES (ETSI EN 319 162-1): `mimetype` first, stored, without extra field; at the root only what the
 * manifest names. Everything is stored and dated alike, so that two exports of the same parts are the same bytes
 * whatever the machine, its time zone and its compression library.
 */
export async function writeContainer(parts: ContainerParts): Promise<Buffer> {
  const zip = new ZipFile()
  // Zip dates have no zone: the writer turns a local time into their fields, hence a local time that is the same everywhere.
  const mtime = new Date(2000, 0, 1, 12)
  const add = (name: string, content: Uint8Array | string): void => {
    const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content)
    zip.addBuffer(bytes, name, { compress: false, mtime, mode: 0o100644, forceDosTimestamp: true })
  }
  add('mimetype', containerType)
  if (parts.document !== undefined) {
    checkContentName(parts.document.name)
    add(parts.document.name, parts.document.bytes)
  }
  add(envelopeFile, parts.envelope)
  add(manifestFile, parts.manifest)
  add(signatureFile, parts.signature)
  add(proofFiles.receipt, `${JSON.stringify(parts.receipt, undefined, 2)}\n`)
  add(proofFiles.leaf, parts.leaf)
  add(proofFiles.tlogProof, parts.tlogProof)
  if (parts.checkpointTsr !== undefined) add(proofFiles.checkpointTsr, parts.checkpointTsr)
  add(readmeFile, containerReadme)
  zip.end()
  return await buffer(zip.outputStream)
}
