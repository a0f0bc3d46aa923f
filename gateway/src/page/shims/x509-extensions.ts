import { bitsIn } from './rsa.ts'
import { expectTag, inside, naturalOf, oidOf, readOnly, type Tlv, tags } from './der.ts'
import { canonicalName } from './x509-name.ts'

/** What decides whether one certificate may have issued another. */
export interface IssuingParts {
  readonly subjectKeyId: string | undefined
  /** Key usage allows signing certificates, or says nothing. */
  readonly maySign: boolean
  /** Basic constraints say authority. */
  readonly isAuthority: boolean
  readonly authority: AuthorityKeyId
}

export interface AuthorityKeyId {
  readonly keyId: string | undefined
  readonly serial: string | undefined
  /** Canonical name of the issuer's issuer. */
  readonly issuer: string | undefined
}

const ids = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
} as const

/** @throws Error when one of these extensions is malformed or given twice: the certificate then counts for nothing */
export function issuingPartsOf(block: Tlv | undefined): IssuingParts {
  const found = new Map<string, Uint8Array>()
  for (const extension of block === undefined ? [] : inside(readOnly(block.content), tags.sequence)) {
    const fields = inside(extension, tags.sequence)
    const oid = oidOf(fields[0])
    if (found.has(oid)) throw new Error('an extension is given twice')
    found.set(oid, expectTag(fields.at(-1), tags.octetString).content)
  }
  const read = (id: string): Tlv | undefined => {
    const value = found.get(id)
    return value === undefined ? undefined : readOnly(value)
  }
  const subjectKeyId = read(ids.subjectKeyId)
  const usage = read(ids.keyUsage)
  return {
    subjectKeyId: subjectKeyId === undefined ? undefined : hexOf(expectTag(subjectKeyId, tags.octetString)),
    maySign: usage === undefined || maySign(usage),
    isAuthority: isAuthority(read(ids.basicConstraints)),
    authority: authorityOf(read(ids.authorityKeyId)),
  }
}

function maySign(usage: Tlv): boolean {
  const [unused = 8, bits = 0] = expectTag(usage, tags.bitString).content
  if (unused > 7) throw new Error('the key usage is malformed')
  return (bits & 0x04) !== 0
}

function isAuthority(constraints: Tlv | undefined): boolean {
  if (constraints === undefined) return false
  const [flag, length] = inside(constraints, tags.sequence)
  if (flag?.tag !== tags.boolean) return false
  if (length !== undefined && bitsIn(naturalOf(length)) > 31) throw new Error('the basic constraints are malformed')
  return flag.content[0] !== 0
}

function authorityOf(extension: Tlv | undefined): AuthorityKeyId {
  const fields = extension === undefined ? [] : inside(extension, tags.sequence)
  const named = (tag: number): Tlv | undefined => fields.find((field) => field.tag === tag)
  const [keyId, names, serial] = [named(0x80), named(0xa1), named(0x82)]
  const known = [keyId, names, serial].filter((field) => field !== undefined)
  if (known.some((field, at) => field !== fields[at]) || known.length < fields.length)
    throw new Error('the authority key identifier is malformed')
  const directory = names === undefined ? undefined : inside(names, 0xa1).find(({ tag }) => tag === 0xa4)
  return {
    keyId: keyId === undefined ? undefined : hexOf(keyId),
    serial: serial === undefined ? undefined : hexOf(serial),
    issuer: directory === undefined ? undefined : canonicalName(readOnly(directory.content)),
  }
}

export function hexOf({ content }: Tlv): string {
  return Buffer.from(content).toString('hex')
}
