import { mkdtempSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { certificateId, parseRevocationLists, revocationIn } from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Hub } from '../hub.ts'
import { type CertifiedKey, readCertified } from '../keys/certified-key.ts'
import { fromDer, generalizedTime, integer, sequence, tagged, taggedBytes } from '../keys/der-build.ts'
import { makeAuthority, makeIdentity } from '../keys/make-certificates.ts'
import { extension, forgeList, type ListPlan } from '../keys/testing/forged-crl.ts'
import { type OpensslAuthority, opensslAuthority } from '../keys/testing/openssl-authority.ts'
import type { KeyEvent } from './key-log.ts'
import { seal as sealStatement } from './record.ts'
import { watchRevocation } from './revocation-watch.ts'
import { createSealer, type Sealer } from './seal-keys.ts'

let directory: string
let authority: OpensslAuthority
let stop: AbortController
const at = (name: string): string => join(directory, name)
const dayMs = 86_400_000

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'socle-seal-keys-'))
  authority = opensslAuthority(directory)
  stop = new AbortController()
})
afterAll(() => {
  stop.abort()
  rmSync(directory, { recursive: true, force: true })
})

function keyOf(name: string, from = authority): CertifiedKey {
  const { key, certificate } = from.issue(name, {})
  writeFileSync(at(`${name}.pem`), key + certificate + from.intermediate + from.root)
  return readCertified(at(`${name}.pem`), 'seal')
}

interface Given {
  readonly seal: CertifiedKey
  readonly sealNext?: CertifiedKey
  readonly events?: KeyEvent[]
  readonly readNext?: () => CertifiedKey | undefined
  readonly crl?: string
  readonly required?: boolean
  readonly graceMs?: number
}

interface Tried {
  readonly sealer: Sealer
  /** Failures and gauges as the hub would tell them. */
  readonly told: string[]
  now: Date
}

async function sealerOf({
  seal,
  sealNext,
  events = [],
  readNext,
  crl,
  required = false,
  graceMs = dayMs,
}: Given): Promise<Tried> {
  const told: string[] = []
  const tried = { told, now: new Date() }
  const parts = {
    keys: { seal, sealNext } as unknown as Hub['keys'],
    events: {
      failed: (what: string, error: unknown) =>
        void told.push(`${what}: ${error instanceof Error ? error.message : ''}`),
      sealEnds: (of: string, seconds: number) => void told.push(`${of} ${Math.round(seconds / 86_400)} d`),
    } as unknown as Hub['events'],
    clock: () => tried.now,
    keyLog: { events, look: async () => await Promise.resolve() },
    revocation: watchRevocation(at(crl ?? 'none.crl'), required),
    graceMs,
    readNext: readNext ?? ((): undefined => undefined),
    readAuthorities: () => '',
  }
  return Object.assign(tried, { sealer: await createSealer(parts, stop.signal) })
}

describe('a revocation list from OpenSSL', () => {
  test('stops the seal once its certificate is in it, in PEM and in DER, and nothing is recorded', async () => {
    const seal = keyOf('revoked-later')
    writeFileSync(at('a.crl'), authority.crl())
    const tried = await sealerOf({ seal, crl: 'a.crl' })
    expect(tried.sealer.refusal(new Date())).toBeUndefined()
    expect(tried.told).toContain('revocation-list 7 d')
    authority.revoke('revoked-later')
    const pem = authority.crl()
    for (const bytes of [pem, Buffer.from(pem.replaceAll(/-----[^-]+-----/g, ''), 'base64')]) {
      writeFileSync(at('a.crl'), bytes)
      await tried.sealer.look()
      expect(tried.sealer.refusal(new Date())).toMatchObject({ code: 'SEAL_REVOKED' })
      expect(tried.sealer.refusal(new Date())?.reason).toMatch(/by its authority, as of .*keyCompromise/)
    }
    expect(tried.told.at(-1)).toContain('seal: SEAL_REVOKED')
    const hub = { sealer: tried.sealer, randomBytes: () => Buffer.alloc(16) } as unknown as Hub
    const envelope = { v: 1, id: '01932f2e-0000-7000-8000-000000000000', kind: 'rej', type: 'award' } as const
    const refused = { ...envelope, environment: 'sandbox', at: new Date().toISOString(), findings: [] } as const
    await expect(sealStatement(hub, { envelope: { ...refused, findings: [] } })).rejects.toMatchObject({
      code: 'SEAL_REVOKED',
    })
  })

  test('that is old is put up with for the grace, with an alarm, and not beyond', async () => {
    const seal = keyOf('steady')
    writeFileSync(at('b.crl'), authority.crl('-crldays', '1'))
    const tried = await sealerOf({ seal, crl: 'b.crl', graceMs: dayMs })
    const later = (days: number): Date => new Date(Date.now() + days * dayMs)
    expect(tried.sealer.refusal(later(0.9))).toBeUndefined()
    expect(tried.sealer.refusal(later(1.9))).toBeUndefined()
    expect(tried.sealer.refusal(later(2.1))).toMatchObject({ code: 'SEAL_UNCHECKED' })
    tried.now = later(1.8)
    await tried.sealer.look()
    expect(tried.told).toContain('revocation-list -1 d')
  })

  test('that is worse than the one before does not replace it', async () => {
    const seal = keyOf('careful')
    const old = authority.crl('-crl_lastupdate', stamp(-3), '-crl_nextupdate', stamp(3))
    writeFileSync(at('c.crl'), authority.crl('-crl_lastupdate', stamp(-1), '-crl_nextupdate', stamp(6)))
    const tried = await sealerOf({ seal, crl: 'c.crl' })
    const stranger = opensslAuthority(directory, 'stranger')
    for (const [bytes, reason] of [
      [old, 'older than the one before'],
      [stranger.crl(), 'the revocation list is of another issuer'],
      ['', 'no revocation list in the file'],
      [authority.crl('-crl_lastupdate', stamp(2), '-crl_nextupdate', stamp(6)), 'dated in the future'],
      [Buffer.from('3003020101', 'hex'), 'malformed'],
    ] as const) {
      writeFileSync(at('c.crl'), bytes)
      await tried.sealer.look()
      expect(tried.told.at(-1)).toContain('seal-list: ')
      expect(tried.told.at(-1)).toContain(reason)
      expect(tried.sealer.refusal(new Date())).toBeUndefined()
      expect(tried.sealer.state(new Date()).listUntil?.getTime()).toBeGreaterThan(Date.now() + 5 * dayMs)
    }
    unlinkSync(at('c.crl'))
    await tried.sealer.look()
    expect(tried.told.at(-1)).toContain('it is not there')
  })

  test('is needed at once where it is asked for by name, and where none ever was nobody waits for it', async () => {
    const seal = keyOf('bare')
    expect((await sealerOf({ seal })).sealer.refusal(new Date())).toBeUndefined()
    const tried = await sealerOf({ seal, crl: 'named.crl', required: true })
    expect(tried.sealer.refusal(new Date())).toEqual({
      code: 'SEAL_UNCHECKED',
      reason: `${at('named.crl')}: it is not there`,
    })
    writeFileSync(at('named.crl'), authority.crl())
    utimesSync(at('named.crl'), 1, 1)
    await tried.sealer.look()
    expect(tried.sealer.refusal(new Date())).toBeUndefined()
  })

  /** As -crl_lastupdate takes it. */
  function stamp(days: number): string {
    return `${new Date(Date.now() + days * dayMs).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`
  }
})

describe('the turn of a seal key', () => {
  test('is what the log says, to the second; a key that comes later is found, a missing one is told', async () => {
    const [seal, next] = [keyOf('first'), keyOf('second')]
    const ids = [seal, next].map(({ certificate }) => certificateId(certificate))
    const from = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 60_000)
    const key = { purpose: 'seal', sha256: ids[1] ?? '', from: from.toISOString(), replaces: ids[0] ?? '' } as const
    const events: KeyEvent[] = []
    let there: CertifiedKey | undefined
    const tried = await sealerOf({ seal, events, readNext: () => there })
    expect(tried.sealer.state(from).certificate).toBe(ids[0])
    events.push({ type: 'seal-rotated', key })
    await tried.sealer.look()
    const before = new Date(from.getTime() - 1)
    expect([before, from].map((when) => tried.sealer.state(when).certificate)).toEqual(ids)
    expect(tried.sealer.refusal(from)).toEqual({
      code: 'SEAL_MISSING',
      reason: `the key directory lacks the seal key ${ids[1]}`,
    })
    await expect(tried.sealer.seal(Buffer.alloc(32), from)).rejects.toThrow('the seal key is missing')
    there = next
    await tried.sealer.look()
    expect(tried.sealer.refusal(from)).toBeUndefined()
    expect(Buffer.from(await tried.sealer.seal(Buffer.alloc(32), from)).includes(next.certificate.raw)).toBe(true)
    expect(Buffer.from(await tried.sealer.seal(Buffer.alloc(32), before)).includes(seal.certificate.raw)).toBe(true)
    // The files renamed, the old one gone: whose turn it is does not depend on names.
    const renamed = await sealerOf({ seal: next, events })
    expect(renamed.sealer.refusal(from)).toBeUndefined()
    expect(renamed.sealer.refusal(before)).toMatchObject({ code: 'SEAL_MISSING' })
  })

  test('ends when the log revokes it, and outside the validity of its chain', async () => {
    const seal = keyOf('unlucky')
    const sha256 = certificateId(seal.certificate)
    const events: KeyEvent[] = []
    const tried = await sealerOf({ seal, events })
    expect(tried.sealer.refusal(new Date(seal.validity.to.getTime() + 1))).toMatchObject({ code: 'SEAL_OUT_OF_DATE' })
    expect(tried.sealer.refusal(seal.validity.to)).toBeUndefined()
    expect(tried.sealer.refusal(new Date(seal.validity.from.getTime() - 1))).toMatchObject({ code: 'SEAL_OUT_OF_DATE' })
    events.push({
      type: 'key-revoked',
      key: { purpose: 'seal', sha256, revokedAt: new Date().toISOString(), reason: 'superseded' },
    })
    expect(tried.sealer.refusal(new Date())).toMatchObject({ code: 'SEAL_REVOKED' })
  })
})

describe('a revocation list in which exactly one thing is wrong', () => {
  const validity = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2030-01-01T00:00:00Z') }
  const issuer = makeAuthority({ organisation: 'Essai', name: 'Autorité' }, validity)
  const { certificate } = makeIdentity(issuer, 'seal', { organisation: 'Essai', name: 'Cachet' }, validity)
  const stranger = makeAuthority({ organisation: 'Essai', name: 'Autorité' }, validity)
  const judged = (plan: ListPlan, signer = issuer): unknown => {
    const [list] = parseRevocationLists(forgeList(signer, plan))
    return list && revocationIn(list, certificate, issuer.certificate)
  }
  const [date, before] = [new Date('2026-11-20T00:00:00Z'), new Date('2026-11-02T00:00:00Z')]
  const point = tagged(0, tagged(0, taggedBytes(2, Buffer.from('list'))))
  const enumerated = (value: number): ReturnType<typeof fromDer> => fromDer(Uint8Array.of(10, 1, value))

  test('nothing wrong: it says who is revoked, since when and why', () => {
    expect(judged({})).toBeUndefined()
    expect(judged({ revoked: [{ certificate: stranger.certificate, at: date }] })).toBeUndefined()
    expect(judged({ revoked: [{ certificate, at: date }] })).toEqual({ at: date, reason: 'unspecified' })
    const extensions = [
      extension('2.5.29.21', false, enumerated(1)),
      extension('2.5.29.24', false, generalizedTime(before)),
    ]
    expect(judged({ revoked: [{ certificate, at: date, extensions }] })).toEqual({
      at: before,
      reason: 'keyCompromise',
    })
    expect(
      judged({ extensions: [extension('2.5.29.28', true, sequence(taggedBytes(1, Uint8Array.of(255))))] }),
    ).toBeUndefined()
  })

  test.each<[string, ListPlan, string]>([
    ['it does not say until when', { nextUpdate: null }, 'until when it counts'],
    [
      'it does not say until when, and revokes',
      { nextUpdate: null, revoked: [{ certificate, at: date }] },
      'until when',
    ],
    ['it is version 1', { version: 0 }, 'not version 2'],
    ['it is signed over SHA-1', { digest: 'sha1' }, 'is not accepted'],
    ['it names two algorithms', { inner: '1.2.840.10045.4.3.3' }, 'names two algorithms'],
    ['it says changes only', { extensions: [extension('2.5.29.27', true, integer(1))] }, 'unknown: 2.5.29.27'],
    [
      'it is for authorities only',
      { extensions: [extension('2.5.29.28', true, sequence(taggedBytes(2, Uint8Array.of(255))))] },
      'not for such certificates',
    ],
    [
      'it is for another distribution point',
      { extensions: [extension('2.5.29.28', true, sequence(point))] },
      'another distribution point',
    ],
    [
      'an entry is critical in a way nobody knows',
      { revoked: [{ certificate, at: date, extensions: [extension('2.5.29.29', true, integer(1))] }] },
      'unknown: 2.5.29.29',
    ],
    [
      'its reason does not exist',
      { revoked: [{ certificate, at: date, extensions: [extension('2.5.29.21', false, enumerated(99))] }] },
      'the reason of a revocation is unknown',
    ],
  ])('%s', (_, plan, reason) => {
    expect(() => judged(plan)).toThrow(reason)
  })

  test('it is of another key, another name, or changed in any byte', () => {
    expect(() => judged({}, stranger)).toThrow('does not verify')
    expect(() => judged({ issuer: Buffer.from('3000', 'hex') })).toThrow('of another issuer')
    const list = forgeList(issuer, { revoked: [{ certificate, at: date }] })
    for (let place = 0; place < list.length; place += 1) {
      const changed = Buffer.from(list)
      changed[place] = (changed[place] ?? 0) ^ 1
      expect(
        () => parseRevocationLists(changed).map((one) => revocationIn(one, certificate, issuer.certificate)),
        `byte ${place}`,
      ).toThrow()
    }
  })
})
