import { generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto'
import { bits, fromDer, integer, octets, oid, sequence, set, tagged, time, toDer, utf8, yes } from '../der-build.ts'
import { type Identity, issuerDerOf, type Validity } from '../make-certificates.ts'

export const timeStamping = '1.3.6.1.5.5.7.3.8'
const ecdsaWith = { sha1: '1.2.840.10045.4.1', sha256: '1.2.840.10045.4.3.2' } as const

/** How the certificate of a timestamp signer departs from a good one; nothing: it is good. */
export interface SignerPlan {
  readonly key?: 'p-256' | 'secp256k1' | 'rsa-2048' | 'rsa-1024'
  /** Extended key usages; none: the certificate has no such extension. */
  readonly purposes?: readonly string[]
  readonly critical?: boolean
  readonly issuedWith?: 'sha1' | 'sha256'
  readonly validity?: Validity
}

const good: Required<SignerPlan> = {
  key: 'p-256',
  purposes: [timeStamping],
  critical: true,
  issuedWith: 'sha256',
  validity: { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2030-01-01T00:00:00Z') },
}

/** A signer under an authority (P-256, self-signed), as the plan says. */
export function forgeSigner(authority: Identity, plan: SignerPlan = {}): Identity {
  const { key, purposes, critical, issuedWith, validity } = { ...good, ...plan }
  const { privateKey, publicKey } = keyPair(key)
  const usage = sequence(oid('2.5.29.37'), ...(critical ? [yes()] : []), octets(toDer(sequence(...purposes.map(oid)))))
  const algorithm = sequence(oid(ecdsaWith[issuedWith]))
  const serial = randomBytes(8)
  serial[0] = 0x40
  const body = sequence(
    tagged(0, integer(2)),
    integer(serial),
    algorithm,
    fromDer(issuerDerOf(authority.certificate)),
    sequence(time(validity.from), time(validity.to)),
    sequence(set(sequence(oid('2.5.4.3'), utf8('Horloge')))),
    fromDer(publicKey.export({ type: 'spki', format: 'der' })),
    ...(purposes.length > 0 ? [tagged(3, sequence(usage))] : []),
  )
  const signature = sign(issuedWith, toDer(body), authority.privateKey)
  return { privateKey, certificate: new X509Certificate(toDer(sequence(body, algorithm, bits(signature)))) }
}

function keyPair(kind: Required<SignerPlan>['key']): { privateKey: KeyObject; publicKey: KeyObject } {
  if (kind === 'p-256') return generateKeyPairSync('ec', { namedCurve: 'P-256' })
  if (kind === 'secp256k1') return generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
  return generateKeyPairSync('rsa', { modulusLength: kind === 'rsa-2048' ? 2_048 : 1_024 })
}
