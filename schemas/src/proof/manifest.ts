import type { Envelope } from '../generated/types.ts'
import { jcsBytes } from './jcs.ts'
import { sha256 } from './merkle.ts'
import { toBase64 } from './base64.ts'
import { ProofError } from './proof-error.ts'

export const envelopeFile = 'envelope.json'
export const signatureFile = 'META-INF/signature.p7s'
export const manifestFile = 'META-INF/ASiCManifest.xml'

/**
 * The ASiCManifest (ETSI EN 319 162-1) that the seal signs: digest of the envelope and, for an accepted document,
 * of the document itself. A refusal attests the envelope only: the refused bytes are named in it by their digest.
 * One text for one envelope: no date, no choice of white space.
 * @param envelopeBytes its RFC 8785 bytes, when the caller already has them
 * @throws ProofError when a document has no content, or a name that a container cannot hold
 */
export function manifestOf(envelope: Envelope, envelopeBytes: Uint8Array = jcsBytes(envelope)): string {
  const references = [reference(envelopeFile, 'application/json', toBase64(sha256(envelopeBytes)))]
  if (envelope.kind === 'doc') references.push(contentReference(envelope.content))
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<asic:ASiCManifest xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#">' +
    `<asic:SigReference URI="${signatureFile}" MimeType="application/pkcs7-signature"/>` +
    `${references.join('')}</asic:ASiCManifest>\n`
  )
}

function contentReference(content: Envelope['content']): string {
  if (content === undefined) throw new ProofError('a document envelope says nothing of its content')
  checkContentName(content.name)
  if (!/^[0-9a-f]{64}$/.test(content.sha256)) throw new ProofError('the content digest is not hexadecimal SHA-256')
  return reference(content.name, content.mediaType, Buffer.from(content.sha256, 'hex').toString('base64'))
}

/** Names that are safe as a file name anywhere and need no escape in a URI. */
export function checkContentName(name: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name) || reserved.includes(name.toLowerCase())) {
    throw new ProofError('the content name is not fit for a container')
  }
}

const reserved = [envelopeFile, 'mimetype', 'meta-inf']

function reference(uri: string, mediaType: string, digest: string): string {
  return (
    `<asic:DataObjectReference URI="${uri}" MimeType="${escapeAttribute(mediaType)}">` +
    '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>' +
    `<ds:DigestValue>${digest}</ds:DigestValue></asic:DataObjectReference>`
  )
}

function escapeAttribute(text: string): string {
  if (!/^[\x20-\x7e]{1,200}$/.test(text)) throw new ProofError('the media type is not plain text')
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
