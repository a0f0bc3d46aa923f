import { verifyTimestamp } from '@socle/schemas'
import { describe, expect, test } from 'vitest'
import { makeAuthority, makeIdentity } from '../keys/make-certificates.ts'
import { createLocalTimestampAuthority } from './timestamp-local.ts'

const validity = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2030-01-01T00:00:00Z') }
const authority = makeAuthority({ organisation: 'Essai', name: 'Autorité' }, validity)
const subject = { organisation: 'Essai', name: 'Horloge' }
const identity = makeIdentity(authority, 'timestamp', subject, validity)
const data = Buffer.from('un point de contrôle')

describe('the local timestamp authority', () => {
  test.each(['2026-11-24T10:15:00.000Z', '2026-11-24T10:15:00.250Z', '2026-11-24T10:15:00.007Z'])(
    'states the time of its clock, %s, over the bytes given',
    async (time) => {
      const token = await createLocalTimestampAuthority({ identity, clock: () => new Date(time) }).stamp(data)
      const stamp = verifyTimestamp(token, data, [authority.certificate])
      expect(stamp.time.toISOString()).toBe(time)
      expect(stamp.policy).toBe('1.3.6.1.4.1.32473.3161.1')
    },
  )

  test('never gives the same serial twice', async () => {
    const clock = (): Date => new Date('2026-11-24T10:15:00Z')
    const local = createLocalTimestampAuthority({ identity, clock })
    const tokens = await Promise.all(Array.from({ length: 20 }, () => local.stamp(data)))
    const serials = tokens.map((token) => verifyTimestamp(token, data, [authority.certificate]).serial)
    expect(new Set(serials).size).toBe(20)
  })

  test('its token does not pass for other bytes, another authority, outside the certificate, or with any byte changed', async () => {
    const clock = (): Date => new Date('2026-11-24T10:15:00Z')
    const token = Buffer.from(await createLocalTimestampAuthority({ identity, clock }).stamp(data))
    expect(() => verifyTimestamp(token, Buffer.from('autre'), [authority.certificate])).toThrow('other bytes')
    const stranger = makeAuthority({ organisation: 'Essai', name: 'Autorité' }, validity)
    expect(() => verifyTimestamp(token, data, [stranger.certificate])).toThrow('trusted authority')
    for (let place = 0; place < token.length; place += 1) {
      const changed = Buffer.from(token)
      changed[place] = (changed[place] ?? 0) ^ 0x01
      // The status may go from granted (0) to granted with modifications (1): it is not signed and means the same here.
      if (changed[place] === 1 && token[place] === 0 && place < 16) continue
      expect(() => verifyTimestamp(changed, data, [authority.certificate]), `byte ${place}`).toThrow()
    }
    const late = await createLocalTimestampAuthority({ identity, clock: () => new Date('2031-01-01T00:00:00Z') }).stamp(
      data,
    )
    expect(() => verifyTimestamp(late, data, [authority.certificate])).toThrow('not valid at')
  })

  test('a seal certificate cannot pass for a clock', async () => {
    const sealIdentity = makeIdentity(authority, 'seal', subject, validity)
    const clock = (): Date => new Date('2026-11-24T10:15:00Z')
    const token = await createLocalTimestampAuthority({ identity: sealIdentity, clock }).stamp(data)
    expect(() => verifyTimestamp(token, data, [authority.certificate])).toThrow('timestamps only')
  })
})
