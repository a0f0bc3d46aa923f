import { sign, type X509Certificate } from 'node:crypto'
import { bits, type Der, fromDer, integer, octets, oid, sequence, tagged, time, toDer, yes } from '../der-build.ts'
import { type Identity, issuerDerOf, serialDerOf } from '../make-certificates.ts'

/** How a revocation list departs from a good one; nothing: it is good and revokes nobody. */
export interface ListPlan {
  readonly thisUpdate?: Date
  /** Null: the list does not say. */
  readonly nextUpdate?: Date | null
  readonly revoked?: readonly {
    readonly certificate: X509Certificate
    readonly at: Date
    readonly extensions?: readonly Der[]
  }[]
  readonly extensions?: readonly Der[]
  readonly version?: 0 | 1
  /** Algorithm that the list names inside, when it is not the one outside. */
  readonly inner?: string
  readonly digest?: 'sha1' | 'sha256'
  /** Name of another issuer, DER. */
  readonly issuer?: Buffer
}

const ecdsaWith = { sha1: '1.2.840.10045.4.1', sha256: '1.2.840.10045.4.3.2' } as const

/** DER of a revocation list under a self-signed authority, as the plan says. */
export function forgeList(authority: Identity, plan: ListPlan = {}): Buffer {
  const { thisUpdate = new Date('2026-11-01T00:00:00Z'), nextUpdate = new Date('2026-12-01T00:00:00Z') } = plan
  const { revoked = [], extensions = [], version = 1, digest = 'sha256' } = plan
  const algorithm = sequence(oid(ecdsaWith[digest]))
  const entries = revoked.map(({ certificate, at, extensions: own = [] }) =>
    sequence(fromDer(serialDerOf(certificate)), time(at), ...(own.length > 0 ? [sequence(...own)] : [])),
  )
  const body = sequence(
    integer(version),
    plan.inner === undefined ? algorithm : sequence(oid(plan.inner)),
    fromDer(plan.issuer ?? issuerDerOf(authority.certificate)),
    time(thisUpdate),
    ...(nextUpdate === null ? [] : [time(nextUpdate)]),
    ...(entries.length > 0 ? [sequence(...entries)] : []),
    ...(extensions.length > 0 ? [tagged(0, sequence(...extensions))] : []),
  )
  return toDer(sequence(body, algorithm, bits(sign(digest, toDer(body), authority.privateKey))))
}

export function extension(id: string, critical: boolean, value: Der): Der {
  return sequence(oid(id), ...(critical ? [yes()] : []), octets(toDer(value)))
}
