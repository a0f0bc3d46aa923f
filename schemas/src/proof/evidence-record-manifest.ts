import { toBase64 } from './base64.ts'
import { sha256 } from './merkle.ts'
import { ProofError } from './proof-error.ts'

/** Name by which any reader of ASiC containers finds the record (EN 319 162-1). */
const evidenceRecordFile = 'META-INF/evidencerecord.ers'

/** A file of the container that the evidence record is over. */
export interface CoveredFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/**
 * The ASiCEvidenceRecordManifest (EN 319 162-1 annex A): which files of the container the evidence record is over. It
 * is not signed: a reader that finds another list there finds that the record is about other objects.
 * @throws ProofError when a name would need an escape
 */
export function evidenceManifestOf(files: readonly CoveredFile[]): string {
  const references = files.map(({ name, bytes }) => {
    if (!/^[A-Za-z0-9][A-Za-z0-9._/-]{0,120}$/.test(name)) throw new ProofError('a name is not fit for a container')
    return (
      `<asic:DataObjectReference URI="${name}">` +
      '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>' +
      `<ds:DigestValue>${toBase64(sha256(bytes))}</ds:DigestValue></asic:DataObjectReference>`
    )
  })
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">' +
    `<asic:SigReference URI="${evidenceRecordFile}"/>${references.join('')}</asic:ASiCManifest>\n`
  )
}
