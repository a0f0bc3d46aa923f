import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import { grantMandate, registerKey, revokeMandate } from '@socle/gateway'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAward, buyerSiret, otherBuyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { type Answer, ask, entriesOf, formHeaders, join, type Party, problemIn, speakAs } from './party.ts'
import { type Json, makeKey, type SigningKey, signJwt } from './signed-jwt.ts'

const startedAt = Date.parse('2026-11-02T09:00:00.000Z')
const publicUrl = 'https://socle.example'
const env = { HUB_PUBLIC_URL: publicUrl }
let now = startedAt
let hub: TestHub
let party: Party
const keys = { ES256: makeKey('ES256'), EdDSA: makeKey('EdDSA'), RS256: makeKey('RS256'), PS256: makeKey('PS256') }

const register = async (account: string, jwk: unknown): Promise<string> =>
  await registerKey(hub.hub, account, typeof jwk === 'string' ? jwk : JSON.stringify(jwk))

beforeAll(async () => {
  hub = await startHub({ clock: () => new Date(now) }, { env })
  party = await join(hub, 'profil-a', { buyers: [buyerSiret] })
  for (const [kid, { jwk }] of Object.entries(keys)) expect(await register(party.id, { ...jwk, kid })).toBe(kid)
})
afterAll(async () => await hub[Symbol.asyncDispose]())

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

interface Made {
  readonly key?: SigningKey
  readonly header?: Json
  readonly claims?: Json
  readonly form?: Readonly<Record<string, string>>
}

function assertionOf({ key = keys.ES256, header = {}, claims = {} }: Made = {}): string {
  const seconds = Math.floor(now / 1_000)
  const usual = { iss: party.id, sub: party.id, aud: publicUrl, jti: randomUUID(), exp: seconds + 60 }
  return signJwt(key, header, { ...usual, iat: seconds, ...claims })
}

async function tokenFor(
  assertion: string,
  form: Readonly<Record<string, string>> = {},
  at: Pick<TestHub, 'url'> = hub,
): Promise<Answer> {
  const fields = { grant_type: 'client_credentials', client_assertion_type: assertionType, ...form }
  const body = new URLSearchParams({ ...fields, client_assertion: assertion }).toString()
  return await ask(at, '/oauth/token', { method: 'POST', headers: formHeaders, body })
}

const refusedFor = async (made: Made): Promise<unknown> => {
  const answer = await tokenFor(assertionOf(made), made.form)
  expect(answer.text).not.toContain('access_token')
  return [answer.status, problemIn(answer).code]
}

describe('private_key_jwt', () => {
  test.each(['ES256', 'EdDSA', 'RS256', 'PS256'] as const)('%s: the token works', async (alg) => {
    const answer = await tokenFor(assertionOf({ key: keys[alg], header: { kid: alg } }))
    expect(answer.status, answer.text).toBe(200)
    const { access_token: token } = answer.json<{ access_token: string }>()
    const { status } = await speakAs(hub, { ...party, token }).deposit('award', anAward({ id: alg }))
    expect(status).toBe(201)
  })

  test('without a kid every key is tried; the token address is an audience too; client_id may be said again', async () => {
    const claims = { aud: `${publicUrl}/oauth/token` }
    const answer = await tokenFor(assertionOf({ key: keys.EdDSA, claims }), { client_id: party.id, scope: 'feed:read' })
    expect(answer.json()).toMatchObject({ scope: 'feed:read' })
  })

  const at = (offset: number): number => Math.floor(startedAt / 1_000) + offset
  test.each<readonly [string, Made]>([
    ['signed with a key that is not registered', { key: makeKey('ES256') }],
    ['naming the kid of another key', { header: { kid: 'RS256' } }],
    ['of another account', { claims: { iss: 'profil-b', sub: 'profil-b' } }],
    ['whose issuer is not its subject', { claims: { iss: 'profil-b' } }],
    ['for another client_id', { form: { client_id: 'profil-b' } }],
    ['for another audience', { claims: { aud: 'https://autre.example' } }],
    ['for this hub and another server', { claims: { aud: [publicUrl, 'https://autre.example'] } }],
    ['without an audience', { claims: { aud: undefined } }],
    ['without an end', { claims: { exp: undefined } }],
    ['that ended ten seconds ago', { claims: { exp: at(-10) } }],
    ['that ends in ten minutes', { claims: { exp: at(600) } }],
    ['that is not good yet', { claims: { nbf: at(60) } }],
    ['without an id', { claims: { jti: undefined } }],
    ['with an empty id', { claims: { jti: '' } }],
    ['with an id that never ends', { claims: { jti: 'x'.repeat(129) } }],
    ['with an id that is a number', { claims: { jti: 7 } }],
    ['unsigned', { header: { alg: 'none' } }],
    ['with the algorithm of another sort of key', { header: { alg: 'RS256' } }],
    ['with a header that must be understood', { header: { crit: ['x'], x: 1 } }],
  ])('an assertion %s is refused', async (_, made) => {
    expect(await refusedFor(made)).toEqual([401, 'CLIENT_INVALID'])
  })

  test('garbage in its place is refused', async () => {
    for (const text of ['', 'x', 'a.b.c', '..', assertionOf().slice(0, -3), 'é'.repeat(500)])
      expect(problemIn(await tokenFor(text))).toMatchObject({ status: 401, code: 'CLIENT_INVALID' })
    expect(problemIn(await tokenFor('x'.repeat(9_000)))).toMatchObject({ status: 413 })
  })

  test('two ways to say who one is, an unknown way, or a field said twice, are refused', async () => {
    for (const form of [{ client_secret: party.secret }, { client_assertion_type: 'saml' }])
      expect(problemIn(await tokenFor(assertionOf(), form))).toMatchObject({ status: 400, code: 'REQUEST_INVALID' })
    const twice = `grant_type=client_credentials&client_id=${party.id}&client_id=profil-b&client_secret=${party.secret}`
    const answer = await ask(hub, '/oauth/token', { method: 'POST', headers: formHeaders, body: twice })
    expect(problemIn(answer)).toMatchObject({ status: 400, code: 'REQUEST_INVALID' })
  })

  test('an assertion counts once: of fifty at the same time one has a token, and later none has', async () => {
    const assertion = assertionOf()
    const answers = await Promise.all(Array.from({ length: 50 }, async () => await tokenFor(assertion)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(49)
    expect((await tokenFor(assertion)).status).toBe(401)
  })

  test('what was used is forgotten once it is too old to be taken', async () => {
    expect((await tokenFor(assertionOf())).status).toBe(200)
    const used = async (): Promise<number> =>
      (await hub.hub.store.reader.selectFrom('client_assertions').select('jti').execute()).length
    expect(await used()).toBeGreaterThan(1)
    try {
      now += 20 * 60_000
      expect((await tokenFor(assertionOf())).status).toBe(200)
      expect(await used()).toBe(1)
    } finally {
      now = startedAt
    }
  })

  test('a hub that starts again on the same data still knows what was used', async () => {
    const directory = await mkdtemp(pathOf(tmpdir(), 'socle-assertions-'))
    const assertion = assertionOf()
    const statuses: number[] = []
    for (let start = 0; start < 2; start++) {
      await using one = await startHub({ clock: () => new Date(now) }, { directory, env })
      if (start === 0) await one.account(party.id)
      await registerKey(one.hub, party.id, JSON.stringify({ ...keys.ES256.jwk, kid: 'ES256' }))
      statuses.push((await tokenFor(assertion, {}, one)).status)
    }
    expect(statuses).toEqual([200, 401])
    await rm(directory, { recursive: true, force: true })
  })

  test.each<readonly [string, () => unknown]>([
    ['a private key', () => keys.ES256.privateKey.export({ format: 'jwk' })],
    ['a shared secret', () => ({ kty: 'oct', k: 'c2VjcmV0' })],
    ['a short RSA key', () => makeKey('RS256', 1_024).jwk],
    ['a curve that is not taken', () => ({ ...keys.ES256.jwk, crv: 'P-384' })],
    ['a kid that is in use for another key', () => ({ ...makeKey('EdDSA').jwk, kid: 'EdDSA' })],
    ['no JSON', () => 'not json'],
    ['a list', () => []],
  ])('%s is not registered', async (_, jwk) => {
    const refused = await register(party.id, jwk()).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'CLIENT_KEY_INVALID', entry: { status: 400 } })
  })

  test('an account has ten keys at most, and a key without a name has that of its thumbprint', async () => {
    const own = await join(hub, 'profil-dix')
    // The key and thumbprint of RFC 8037, appendix A.3.
    const known = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
    expect(await register(own.id, known)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
    for (let i = 0; i < 9; i++) await register(own.id, makeKey('EdDSA').jwk)
    await expect(register(own.id, makeKey('EdDSA').jwk)).rejects.toMatchObject({ code: 'CLIENT_KEY_INVALID' })
    await expect(register(own.id, known)).resolves.toMatch(/^kPrK/)
  })
})

describe('a mandate taken back', () => {
  test('ends at once, is an entry of the log, and one that is given afterwards runs again', async () => {
    const own = await join(hub, 'profil-revoque', { buyers: [buyerSiret, otherBuyerSiret] })
    const statusFor = async (buyer: string): Promise<number> => {
      now += 1_001
      return (await own.deposit('award', anAward({ id: `V-${now}`, buyer }))).status
    }
    expect([await statusFor(buyerSiret), await statusFor(otherBuyerSiret)]).toEqual([201, 201])
    await revokeMandate(hub.hub, { account: own.id, buyer: buyerSiret })
    expect([await statusFor(buyerSiret), await statusFor(otherBuyerSiret)]).toEqual([403, 201])
    const entries = (await entriesOf(hub, 'cfg')).filter(({ envelope }) => envelope.account === own.id)
    expect(entries).toHaveLength(3)
    const { mandate } = (entries[2]?.envelope.change ?? {}) as { mandate: { notBefore: string; notAfter: string } }
    expect(mandate.notAfter).toBe(mandate.notBefore)
    const again = revokeMandate(hub.hub, { account: own.id, buyer: buyerSiret })
    await expect(again).rejects.toMatchObject({ code: 'MANDATE_NOT_FOUND' })
    const notAfter = new Date(now + 3_600_000)
    await grantMandate(hub.hub, { account: own.id, buyer: buyerSiret, notBefore: new Date(now), notAfter })
    expect(await statusFor(buyerSiret)).toBe(201)
  })
})
