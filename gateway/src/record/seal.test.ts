import { createHash } from 'node:crypto'
import { checkChain, parseCms, verifySigner } from '@socle/schemas'
import { describe, expect, test } from 'vitest'
import { idData, signedAttributes, signedData } from '../keys/cms-build.ts'
import { toDer } from '../keys/der-build.ts'
import { makeAuthority, makeIdentity } from '../keys/make-certificates.ts'
import { prepareSeal } from './seal.ts'

const validity = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2030-01-01T00:00:00Z') }
const authority = makeAuthority({ organisation: 'Essai', name: 'Autorité' }, validity)
const { privateKey, certificate } = makeIdentity(authority, 'seal', { organisation: 'Essai', name: 'Cachet' }, validity)
const at = new Date('2026-11-24T10:15:00.250Z')

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

describe('the seal', () => {
  const sealer = prepareSeal(privateKey, certificate)

  test('is byte for byte what a full build around the same signature gives, whatever the signature length', async () => {
    const lengths = new Set<number>()
    for (let run = 0; run < 300; run += 1) {
      const digest = digestOf(`manifest ${run}`)
      const signingTime = new Date(at.getTime() + run * 86_400_000)
      const der = Buffer.from(await sealer.seal(digest, signingTime))
      const signature = signatureAtEnd(der)
      lengths.add(signature.length)
      const attributes = signedAttributes({ contentType: idData, messageDigest: digest, signingTime, certificate })
      const full = toDer(signedData({ contentType: idData, certificate, chain: [], attributes, signature }))
      expect(der.equals(full)).toBe(true)
    }
    expect(lengths.size).toBeGreaterThan(1)
  })

  test('verifies over its manifest, carries the second of its time, and leads to its authority', async () => {
    const der = await sealer.seal(digestOf('manifest'), at)
    const signer = verifySigner(parseCms(der), Buffer.from('manifest'))
    expect(signer.signingTime).toEqual(new Date('2026-11-24T10:15:00Z'))
    const request = { certificate: signer.certificate, others: signer.others, at, use: 'seal' } as const
    checkChain({ ...request, authorities: [authority.certificate] })
    const stranger = makeAuthority({ organisation: 'Essai', name: 'Autorité' }, validity)
    expect(() => checkChain({ ...request, authorities: [stranger.certificate] })).toThrow('trusted authority')
  })

  test('does not verify over another manifest, nor with any one byte of it changed', async () => {
    const manifest = Buffer.from('manifest')
    const der = Buffer.from(await sealer.seal(digestOf('manifest'), at))
    expect(() => verifySigner(parseCms(der), Buffer.from('Manifest'))).toThrow('digest')
    for (let place = 0; place < der.length; place += 1) {
      const changed = Buffer.from(der)
      changed[place] = (changed[place] ?? 0) ^ 0x01
      expect(() => {
        const { certificate, others, signingTime } = verifySigner(parseCms(changed), manifest)
        if (signingTime === undefined) throw new Error('no time')
        checkChain({ certificate, others, authorities: [authority.certificate], at: signingTime, use: 'seal' })
      }, `byte ${place}`).toThrow()
    }
  })

  test('seals made at the same time do not share their bytes', async () => {
    const names = Array.from({ length: 20 }, (_, run) => `manifest ${run}`)
    const seals = await Promise.all(names.map(async (name) => await sealer.seal(digestOf(name), at)))
    for (const [run, der] of seals.entries()) verifySigner(parseCms(der), Buffer.from(names[run] ?? ''))
    const copies = seals.map((der) => Buffer.from(der))
    await sealer.seal(digestOf('another'), new Date('2027-02-03T04:05:06Z'))
    expect(seals.map((der) => Buffer.from(der))).toEqual(copies)
  })
})

/** The last OCTET STRING: its tag, its length on one byte, and the signature to the end. */
function signatureAtEnd(der: Buffer): Buffer {
  for (let length = 60; length <= 72; length += 1) {
    const at = der.length - length
    if (der[at - 2] === 0x04 && der[at - 1] === length && der[at] === 0x30) return der.subarray(at)
  }
  throw new Error('no signature at the end')
}
