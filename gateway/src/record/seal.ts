import { type KeyObject, sign, type X509Certificate } from 'node:crypto'
import { idData, signedAttributes, signedData } from '../keys/cms-build.ts'
import { set, toDer, utcTimeText } from '../keys/der-build.ts'

/** Seals manifests under one key: detached CAdES-BASELINE-B, ECDSA P-256 with SHA-256. */
export interface PreparedSeal {
  /**
   * @param manifestDigest SHA-256 of the manifest's bytes
   * @param at signing time, kept to the second
   * @returns DER of the CMS signature; a promise, because a key in a module of its own answers later
   */
  seal(manifestDigest: Uint8Array, at: Date): Promise<Uint8Array>
}

/** A structure encoded once, and where its changing parts lie. */
interface Template {
  readonly der: Buffer
  readonly digestAt: number
  readonly timeAt: number
}

const markedDigest = Buffer.from('5ea1ed00d19e57'.repeat(5), 'hex').subarray(0, 32)
const markedTime = new Date('2001-02-03T04:05:06Z')
const markedSignature = 0xa5

/**
 * Prepares everything that does not change from one seal to the next: only the digest, the signing time and the
 * signature do, so each seal is a copy, three writes and the signature itself.
 * ECDSA signatures vary in length (at most 72 bytes, nearly always 70 to 72): one outer structure is kept for each.
 * @param chain issuers to attach between the certificate and the authority, if any
 */
export function prepareSeal(
  key: KeyObject,
  certificate: X509Certificate,
  chain: readonly X509Certificate[] = [],
): PreparedSeal {
  const attributes = signedAttributes({
    contentType: idData,
    messageDigest: markedDigest,
    signingTime: markedTime,
    certificate,
  })
  const toSign = locate(toDer(set(...attributes)))
  const byLength = new Map<number, Template>()
  const outerOf = (length: number): Template => {
    const known = byLength.get(length)
    if (known !== undefined) return known
    const signature = Buffer.alloc(length, markedSignature)
    const outer = locate(toDer(signedData({ contentType: idData, certificate, chain, attributes, signature })))
    byLength.set(length, outer)
    return outer
  }
  // Many seals share a second.
  let last = { second: Number.NaN, text: '' }
  return {
    async seal(manifestDigest, at) {
      if (manifestDigest.length !== markedDigest.length) throw new RangeError('a SHA-256 digest has 32 bytes')
      // A UTCTime holds two digits of the year: 2050 needs another length, hence another template.
      if (at.getUTCFullYear() >= 2050 || at.getUTCFullYear() < 1950)
        throw new RangeError('seals are dated 1950 to 2049')
      const second = Math.floor(at.getTime() / 1000)
      if (second !== last.second) last = { second, text: utcTimeText(at) }
      const time = last.text
      fill(toSign, manifestDigest, time)
      // At once: handing 60 microseconds of work to another thread was measured to take 600.
      const signature = sign('sha256', toSign.der, key)
      const outer = outerOf(signature.length)
      fill(outer, manifestDigest, time)
      const der = Buffer.from(outer.der)
      // The signer is the last member of the last set: its signature ends the structure.
      der.set(signature, der.length - signature.length)
      return der
    },
  }
}

function locate(der: Buffer): Template {
  const digestAt = der.indexOf(markedDigest)
  const timeAt = der.indexOf(utcTimeText(markedTime), 0, 'latin1')
  if (digestAt < 0 || timeAt < 0) throw new Error('the seal template lacks its digest or its time')
  return { der, digestAt, timeAt }
}

function fill({ der, digestAt, timeAt }: Template, digest: Uint8Array, time: string): void {
  der.set(digest, digestAt)
  der.write(time, timeAt, 'latin1')
}
