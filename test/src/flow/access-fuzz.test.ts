import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { ask, entriesOf, join, type Party } from './party.ts'
import { type Json, signJwt } from './signed-jwt.ts'

let hub: TestHub
let party: Party
beforeAll(async () => {
  hub = await startHub()
  party = await join(hub, 'profil-a', { buyers: [buyerSiret] })
})
afterAll(async () => await hub[Symbol.asyncDispose]())

const statusOf = async (token: string): Promise<number> =>
  (await ask(hub, '/v1/feed', { headers: { authorization: `Bearer ${token}` } })).status
const seconds = (): number => Math.floor(Date.now() / 1_000)

/** Signed with the hub's own key unless told: each refusal then has one cause. */
function aToken(claims: Json = {}, header: Json = {}, key = hub.hub.keys.token.privateKey): string {
  const url = hub.hub.config.publicUrl
  const usual = { iss: url, aud: url, sub: party.id, iat: seconds(), exp: seconds() + 600 }
  const rights = { scope: 'feed:read', env: 'sandbox' }
  const jwt = { alg: 'EdDSA', privateKey: key, jwk: {} }
  return signJwt(jwt, { typ: 'at+jwt', ...header }, { ...usual, ...rights, ...claims })
}

describe('fuzz of access tokens', () => {
  test('one that is left alone is taken', async () => {
    expect(await statusOf(aToken())).toBe(200)
  })

  test('property: one flipped bit anywhere, and it is refused', async () => {
    const token = aToken()
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.nat(5), async (at, bit) => {
        const symbols = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
        const place = symbols.indexOf(token[at] ?? '')
        const other = place < 0 ? 'A' : (symbols[place ^ (1 << bit)] ?? 'A')
        const changed = token.slice(0, at) + other + token.slice(at + 1)
        // The last symbol of a part may hold bits that mean nothing: another text, the same signed bytes.
        const same = changed.split('.').map((part) => Buffer.from(part, 'base64url').toString('hex'))
        fc.pre(
          same.join('.') !==
            token
              .split('.')
              .map((part) => Buffer.from(part, 'base64url').toString('hex'))
              .join('.'),
        )
        expect(await statusOf(changed)).toBe(401)
      }),
      { numRuns: 300, seed: 20261130 },
    )
  })

  test('property: whatever the claims and the header say, a wrong one is refused', async () => {
    const strange = fc.oneof(
      fc.constant(undefined),
      fc.constant(null),
      fc.integer(),
      fc.boolean(),
      fc.string({ maxLength: 30 }),
      fc.array(fc.string({ maxLength: 5 }), { maxLength: 2 }),
      fc.dictionary(fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 }), { maxKeys: 2 }),
    )
    const claim = fc.constantFrom('iss', 'aud', 'sub', 'env', 'exp', 'cnf')
    await fc.assert(
      fc.asyncProperty(claim, strange, async (name, value) => {
        fc.pre(!(name === 'cnf' && value === undefined))
        fc.pre(!(name === 'exp' && typeof value === 'number' && value > seconds()))
        expect(await statusOf(aToken({ [name]: value }))).toBe(401)
      }),
      { numRuns: 300, seed: 20261130 },
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('alg', 'typ', 'crit'), strange, async (name, value) => {
        fc.pre(!(value === undefined && name === 'crit'))
        expect(await statusOf(aToken({}, { [name]: value }))).toBe(401)
      }),
      { numRuns: 200, seed: 20261130 },
    )
  })

  test('property: text of any shape in the header is 401, never 500', async () => {
    const word = fc.string({ unit: fc.constantFrom('.', 'e', 'A', '=', '-', '_', '+', '/', '~', ' '), maxLength: 200 })
    await fc.assert(
      fc.asyncProperty(word, async (text) => {
        expect(await statusOf(text)).toBe(401)
      }),
      { numRuns: 200, seed: 20261130 },
    )
  })

  test.each<readonly [string, () => string]>([
    ['another key', () => aToken({}, {}, generateKeyPairSync('ed25519').privateKey)],
    ['the log key', () => aToken({}, {}, hub.hub.keys.log.privateKey)],
    ['no algorithm', () => aToken({}, { alg: 'none' })],
    [
      'its key in its own header',
      () => aToken({}, { jwk: { kty: 'OKP' }, alg: 'EdDSA', kid: '../../keys' }, own.privateKey),
    ],
    ['another environment', () => aToken({ env: 'production' })],
    ['another type', () => aToken({}, { typ: 'JWT' })],
    ['a binding to a certificate that is not there', () => aToken({ cnf: { 'x5t#S256': 'A'.repeat(43) } })],
    ['a binding of a kind that is not known', () => aToken({ cnf: { jkt: 'A'.repeat(43) } })],
    ['an end that passed a second ago', () => aToken({ exp: seconds() - 1 })],
    ['a start in an hour', () => aToken({ nbf: seconds() + 3_600 })],
    ['more than four kilobytes', () => 'A'.repeat(4_097)],
  ])('%s is refused', async (_, make) => {
    expect(await statusOf(make())).toBe(401)
  })
  const own = generateKeyPairSync('ed25519')
})

describe('headers that come twice', () => {
  /** As bytes: no client library would send them. */
  async function raw(...headers: readonly string[]): Promise<string> {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(hub.url).port) })
    await once(socket, 'connect')
    const body = anAward()
    const head = ['POST /v1/awards HTTP/1.1', 'host: x', 'connection: close', ...headers]
    socket.write(`${head.join('\r\n')}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
    const parts: Buffer[] = []
    for await (const part of socket) parts.push(part as Buffer)
    return Buffer.concat(parts).toString('utf8')
  }

  test('two tokens are none, two idempotency keys are none, and nothing is recorded', async () => {
    const other = await join(hub, 'profil-b', { buyers: [buyerSiret] })
    const before = (await entriesOf(hub, 'doc', 'rej')).length
    const bearer = (who: Party): string => `authorization: Bearer ${who.token}`
    expect(await raw(bearer(party), bearer(other), 'idempotency-key: k')).toMatch(/^HTTP\/1\.1 401 /)
    expect(await raw(bearer(party), bearer(party), 'idempotency-key: k')).toMatch(/^HTTP\/1\.1 401 /)
    expect(await raw(bearer(party), 'idempotency-key: k', 'idempotency-key: l')).toMatch(/^HTTP\/1\.1 400 /)
    expect(await entriesOf(hub, 'doc', 'rej')).toHaveLength(before)
    expect(await raw(bearer(party), 'idempotency-key: k')).toMatch(/^HTTP\/1\.1 201 /)
  })

  test('a header of many kilobytes is refused before anything looks at it', async () => {
    expect(await raw(`authorization: Bearer ${'A'.repeat(40_000)}`, 'idempotency-key: k')).toMatch(/^HTTP\/1\.1 431 /)
  })
})
