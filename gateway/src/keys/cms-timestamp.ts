import { type Der, fromDer, oid, sequence, set, tagged, toDer } from './der-build.ts'

const idSignedData = '1.2.840.113549.1.7.2'
/** id-aa-signatureTimeStampToken: RFC 5126 section 6.1.1, EN 319 122-1 clause 5.3. */
const signatureTimestamp = '1.2.840.113549.1.9.16.2.14'

/**
 * CAdES-T: the same signature with the timestamp over its value as the only unsigned attribute. What is signed does not
 * change; without the attribute it is the seal again, byte for byte.
 * @param sealDer CAdES-B with one signer and no unsigned attribute
 * @param token RFC 3161 response, or the bare TimeStampToken; not judged here
 * @throws Error when either is not what it should be
 */
export function withSignatureTimestamp(sealDer: Uint8Array, token: Uint8Array): Buffer {
  const root = fromDer(sealDer)
  if (!toDer(root).equals(sealDer)) throw new Error('the seal is not DER')
  const signer = at(at(at(at(root, 1), 0), -1), 0)
  // Version, identifier, digest, signed attributes, algorithm, value.
  if (membersOf(signer).length !== 6) throw new Error('the seal has no signed attributes, or unsigned ones already')
  const attribute = sequence(oid(signatureTimestamp), set(bareToken(token)))
  membersOf(signer).push(tagged(1, attribute))
  return toDer(root)
}

/** A response is a status and the token; the token is what belongs in the signature. */
function bareToken(der: Uint8Array): Der {
  const root = fromDer(der)
  const token = membersOf(at(root, 0)).length > 0 && !isContentInfo(root) ? at(root, 1) : root
  if (!isContentInfo(token)) throw new Error('the timestamp response holds no token')
  return token
}

function isContentInfo(node: Der): boolean {
  const [type] = membersOf(node)
  return type !== undefined && toDer(type).equals(toDer(oid(idSignedData)))
}

function at(node: Der, place: number): Der {
  const member = membersOf(node).at(place)
  if (member === undefined) throw new Error('the structure lacks a member')
  return member
}

function membersOf({ value }: Der): Der[] {
  return Array.isArray(value) ? value : []
}
