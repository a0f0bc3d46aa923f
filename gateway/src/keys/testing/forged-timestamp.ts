import { createHash, sign, type X509Certificate } from 'node:crypto'
import { idTstInfo } from '../cms-build.ts'
import {
  type Der,
  fromDer,
  generalizedTime,
  inDerOrder,
  integer,
  octets,
  oid,
  sequence,
  set,
  tagged,
  toDer,
  yes,
} from '../der-build.ts'
import { type Identity, issuerDerOf, serialDerOf } from '../make-certificates.ts'

const digestOids = { sha1: '1.3.14.3.2.26', sha256: '2.16.840.1.101.3.4.2.1' } as const
const ecdsaOids = { sha1: '1.2.840.10045.4.1', sha256: '1.2.840.10045.4.3.2' } as const
const rsaEncryption = '1.2.840.113549.1.1.1'

/** A token, every part of which can be wrong; what is not said is right. */
export interface TokenPlan {
  readonly data: Uint8Array
  readonly signers: readonly Identity[]
  readonly status?: number
  /** Beside the status: PKIFailureInfo and the like. */
  readonly statusDetails?: readonly Der[]
  readonly imprintDigest?: 'sha1' | 'sha256'
  readonly policy?: string
  readonly serial?: Uint8Array
  readonly time?: Date
  /** Undefined: one second. None: the token does not say. */
  readonly accuracy?: readonly Der[]
  readonly nonce?: Uint8Array
  readonly criticalExtension?: boolean
  readonly digest?: 'sha1' | 'sha256'
  /** Certificate that the signed attributes name, and in which attribute; undefined: no such attribute. */
  readonly named?: { readonly certificate: X509Certificate; readonly by: 'v1' | 'v2' } | undefined
  /** Certificates attached; undefined: those of the signers. */
  readonly attached?: readonly X509Certificate[]
}

export function forgeTimestamp(plan: TokenPlan): Buffer {
  const { status = 0, statusDetails = [], signers, digest = 'sha256' } = plan
  const content = contentOf(plan)
  const attached = plan.attached ?? signers.map(({ certificate }) => certificate)
  const token = sequence(
    oid('1.2.840.113549.1.7.2'),
    tagged(
      0,
      sequence(
        integer(3),
        set(sequence(oid(digestOids[digest]))),
        sequence(oid(idTstInfo), tagged(0, octets(content))),
        tagged(0, ...inDerOrder(attached.map(({ raw }) => fromDer(raw)))),
        set(...signers.map((signer) => signerInfo(plan, signer, content))),
      ),
    ),
  )
  return toDer(sequence(sequence(integer(status), ...statusDetails), ...(status > 1 ? [] : [token])))
}

function contentOf(plan: TokenPlan): Buffer {
  const { data, imprintDigest = 'sha256', policy = '1.2.3.4', serial = Buffer.from('42', 'hex'), nonce } = plan
  const { time = new Date('2026-11-24T10:15:00Z'), accuracy = [integer(1)], criticalExtension = false } = plan
  const extension = sequence(oid('1.2.3.5'), yes(), octets(Buffer.from('0500', 'hex')))
  return toDer(
    sequence(
      integer(1),
      oid(policy),
      sequence(sequence(oid(digestOids[imprintDigest])), octets(createHash(imprintDigest).update(data).digest())),
      integer(serial),
      generalizedTime(time),
      ...(accuracy.length > 0 ? [sequence(...accuracy)] : []),
      ...(nonce === undefined ? [] : [integer(nonce)]),
      ...(criticalExtension ? [tagged(1, extension)] : []),
    ),
  )
}

function signerInfo(plan: TokenPlan, { certificate, privateKey }: Identity, content: Buffer): Der {
  const { digest = 'sha256' } = plan
  const named = 'named' in plan ? plan.named : { certificate, by: 'v2' as const }
  const attribute = (type: string, value: Der): Der => sequence(oid(type), set(value))
  const attributes = inDerOrder([
    attribute('1.2.840.113549.1.9.3', oid(idTstInfo)),
    attribute('1.2.840.113549.1.9.4', octets(createHash(digest).update(content).digest())),
    ...(named ? [nameAttribute(named)] : []),
  ])
  const isRsa = privateKey.asymmetricKeyType === 'rsa'
  return sequence(
    integer(1),
    sequence(fromDer(issuerDerOf(certificate)), fromDer(serialDerOf(certificate))),
    sequence(oid(digestOids[digest])),
    tagged(0, ...attributes),
    sequence(oid(isRsa ? rsaEncryption : ecdsaOids[digest])),
    octets(sign(digest, toDer(set(...attributes)), privateKey)),
  )
}

function nameAttribute({ certificate, by }: { certificate: X509Certificate; by: 'v1' | 'v2' }): Der {
  const [id, digest] = by === 'v1' ? (['12', 'sha1'] as const) : (['47', 'sha256'] as const)
  const hash = createHash(digest).update(certificate.raw).digest()
  return sequence(oid(`1.2.840.113549.1.9.16.2.${id}`), set(sequence(sequence(sequence(octets(hash))))))
}
