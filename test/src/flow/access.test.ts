import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { join as pathOf } from 'node:path'
import { grantMandate, type Scope } from '@socle/gateway'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAward, buyerSiret, otherBuyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { notice, response } from './documents.ts'
import { type Answer, ask, entriesOf, formHeaders, join, type Party, problemIn, speakAs, tokenOf } from './party.ts'

const startedAt = Date.parse('2026-11-02T09:00:00.000Z')
let now = startedAt
let hub: TestHub
let party: Party
beforeAll(async () => {
  hub = await startHub({ clock: () => new Date(now) })
  party = await join(hub, 'profil-a', { buyers: [buyerSiret] })
})
afterAll(async () => await hub[Symbol.asyncDispose]())

const second = 1_000
const hour = 3_600 * second
const form = (
  fields: Readonly<Record<string, string>>,
): { method: string; headers: typeof formHeaders; body: string } => ({
  method: 'POST',
  headers: formHeaders,
  body: new URLSearchParams(fields).toString(),
})
const grant = { grant_type: 'client_credentials' }
const basic = (id: string, secret: string): string => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`

describe('POST /oauth/token', () => {
  test('gives a token for id and secret in the form or in Authorization: Basic, never to be cached', async () => {
    const inForm = await ask(hub, '/oauth/token', form({ ...grant, client_id: party.id, client_secret: party.secret }))
    const request = form(grant)
    const inHeader = await ask(hub, '/oauth/token', {
      ...request,
      headers: { ...request.headers, authorization: basic(party.id, party.secret) },
    })
    for (const answer of [inForm, inHeader]) {
      expect(answer.status).toBe(200)
      expect(answer.headers.get('cache-control')).toBe('no-store')
      const body = answer.json<{ access_token: string; scope: string }>()
      expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3_600, environment: 'sandbox' })
      expect(body.scope.split(' ')).toContain('awards:write')
      const used = await speakAs(hub, { ...party, token: body.access_token }).ask('/v1/feed')
      expect(used.status).toBe(200)
    }
  })

  test.each([
    [
      'a wrong secret',
      () => form({ ...grant, client_id: party.id, client_secret: `${party.secret}x` }),
      401,
      'CLIENT_INVALID',
    ],
    [
      'an unknown account',
      () => form({ ...grant, client_id: 'profil-x', client_secret: party.secret }),
      401,
      'CLIENT_INVALID',
    ],
    ['no credentials', () => form(grant), 401, 'CLIENT_INVALID'],
    [
      'another grant',
      () => form({ grant_type: 'password', client_id: party.id, client_secret: party.secret }),
      400,
      'GRANT_UNSUPPORTED',
    ],
    ['no body', () => ({ method: 'POST', headers: formHeaders }), 400, 'GRANT_UNSUPPORTED'],
    [
      'a scope that does not exist',
      () => form({ ...grant, client_id: party.id, client_secret: party.secret, scope: 'admin' }),
      403,
      'SCOPE_MISSING',
    ],
    ['a form that never ends', () => form({ ...grant, client_id: 'a'.repeat(9_000) }), 413, 'BODY_TOO_LARGE'],
  ] as const)('gives nothing for %s', async (_, request, status, code) => {
    const answer = await ask(hub, '/oauth/token', request())
    expect(problemIn(answer)).toMatchObject({ status, code })
    expect(answer.text).not.toContain('access_token')
    if (code === 'BODY_TOO_LARGE') expect(problemIn(answer).hint).toContain('8192')
  })

  test('a secret is good for its own account only', async () => {
    const other = await join(hub, 'profil-b')
    const mixed = await ask(hub, '/oauth/token', form({ ...grant, client_id: other.id, client_secret: party.secret }))
    expect(mixed.status).toBe(401)
  })

  test('narrows the token to the scopes asked for, and an account cannot widen itself', async () => {
    const narrow = await tokenOf(hub, party.id, party.secret, 'feed:read documents:read')
    const reader = speakAs(hub, { ...party, token: narrow })
    expect((await reader.ask('/v1/feed')).status).toBe(200)
    expect(problemIn(await reader.deposit('award', anAward()))).toMatchObject({ status: 403, code: 'SCOPE_MISSING' })
    const { clientSecret } = await hub.account('lecteur', { scopes: ['feed:read'] })
    const wish = form({ ...grant, client_id: 'lecteur', client_secret: clientSecret, scope: 'feed:read awards:write' })
    const refused = problemIn(await ask(hub, '/oauth/token', wish))
    expect(refused).toMatchObject({ status: 403, code: 'SCOPE_MISSING' })
    expect(refused.hint).toContain('awards:write')
  })
})

describe('a token that is not of this hub, of now', () => {
  const refused = (answer: Answer): void => {
    expect(problemIn(answer)).toMatchObject({ status: 401, code: 'TOKEN_INVALID' })
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
  }
  const feedWith = async (authorization: string): Promise<Answer> =>
    await ask(hub, '/v1/feed', { headers: { authorization } })

  interface Change {
    readonly claims?: Readonly<Record<string, unknown>>
    readonly header?: Readonly<Record<string, string>>
    readonly key?: KeyObject
  }

  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

  /** A token made by hand under the hub's own key, as whoever stole it or shares it would; then changed. */
  function forged({ claims, header, key = hub.hub.keys.token.privateKey }: Change): string {
    const { publicUrl } = hub.hub.config
    const at = Math.floor(now / second)
    const known = {
      scope: 'feed:read',
      env: 'sandbox',
      sub: party.id,
      iss: publicUrl,
      aud: publicUrl,
      iat: at,
      exp: at + 600,
    }
    const text = `${part({ alg: 'EdDSA', typ: 'at+jwt', ...header })}.${part({ ...known, ...claims })}`
    return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`
  }

  test('the same claims under the right key are taken, so that each refusal below has one cause', async () => {
    expect((await feedWith(`Bearer ${forged({})}`)).status).toBe(200)
  })

  test.each([
    ['of another environment', () => ({ claims: { env: 'production' } })],
    ['signed with another key', () => ({ key: generateKeyPairSync('ed25519').privateKey })],
    ['signed with the log key', () => ({ key: hub.hub.keys.log.privateKey })],
    ['of another issuer', () => ({ claims: { iss: 'https://socle.example' } })],
    ['for another audience', () => ({ claims: { aud: 'https://socle.example' } })],
    ['of another type', () => ({ header: { typ: 'JWT' } })],
    ['without an end', () => ({ claims: { exp: undefined } })],
    ['without an account', () => ({ claims: { sub: undefined } })],
    ['of an account that does not exist', () => ({ claims: { sub: 'profil-x' } })],
    ['expired for a second', () => ({ claims: { exp: Math.floor(now / second) - 1 } })],
  ] as const)('is refused: %s', async (_, change) => {
    refused(await feedWith(`Bearer ${forged(change())}`))
  })

  test('is refused: unsigned, or signed with the public key as a shared secret', async () => {
    const [header = '', claims = ''] = forged({ header: { alg: 'none' } }).split('.')
    refused(await feedWith(`Bearer ${header}.${claims}.`))
    const text = forged({ header: { alg: 'HS256' } })
      .split('.')
      .slice(0, 2)
      .join('.')
    const shared = hub.hub.keys.token.publicKey.export({ type: 'spki', format: 'pem' })
    refused(await feedWith(`Bearer ${text}.${createHmac('sha256', shared).update(text).digest('base64url')}`))
  })

  test('a good token of another hub with its own keys is refused here', async () => {
    await using other = await startHub({ clock: () => new Date(now) })
    const { clientSecret } = await other.account('profil-a')
    refused(await feedWith(`Bearer ${await tokenOf(other, 'profil-a', clientSecret)}`))
  })

  test.each([
    '',
    'Bearer',
    'Bearer ',
    'Bearer x',
    'Basic YTpi',
    'Bearer a b',
    `Bearer ${'x'.repeat(5_000)}`,
    'Bearer é',
  ])('garbage is called a missing or an invalid token: %j', async (authorization) => {
    const headers = { authorization: Buffer.from(authorization).toString('latin1') }
    const problem = problemIn(await ask(hub, '/v1/feed', { headers }))
    expect(problem.status).toBe(401)
    expect(['TOKEN_MISSING', 'TOKEN_INVALID']).toContain(problem.code)
  })

  test('ends with its lifetime, not before', async () => {
    const { token } = party
    try {
      now = startedAt + hour - second
      expect((await feedWith(`Bearer ${token}`)).status).toBe(200)
      now = startedAt + hour + second
      refused(await feedWith(`Bearer ${token}`))
    } finally {
      now = startedAt
    }
  })

  test('keys of the data directory are for its owner alone', () => {
    const keys = pathOf(hub.directory, 'keys')
    const files = readdirSync(keys).map((name) => pathOf(keys, name))
    expect(files.length).toBeGreaterThan(3)
    for (const file of [hub.directory, keys, ...files]) expect(statSync(file).mode & 0o077, file).toBe(0)
  })
})

describe('rights withdrawn', () => {
  test('an account that is disabled stops within its second, and a new token is not given either', async () => {
    const gone = await join(hub, 'profil-parti')
    expect((await gone.ask('/v1/feed')).status).toBe(200)
    await hub.hub.store.writer.updateTable('accounts').set({ status: 'disabled' }).where('id', '=', gone.id).execute()
    now += second + 1
    expect(problemIn(await gone.ask('/v1/feed'))).toMatchObject({ status: 401, code: 'TOKEN_INVALID' })
    const request = form({ ...grant, client_id: gone.id, client_secret: gone.secret })
    expect(problemIn(await ask(hub, '/oauth/token', request))).toMatchObject({ status: 401, code: 'CLIENT_INVALID' })
  })

  test('a scope taken from the account is taken from the tokens already out', async () => {
    const demoted = await join(hub, 'profil-restreint', { buyers: [buyerSiret] })
    await demoted.sent('award', anAward({ id: 'R-1' }))
    const { writer } = hub.hub.store
    await writer.updateTable('accounts').set({ scopes: 'feed:read' }).where('id', '=', demoted.id).execute()
    now += second + 1
    expect(problemIn(await demoted.deposit('award', anAward({ id: 'R-2' })))).toMatchObject({ code: 'SCOPE_MISSING' })
  })

  const scoped: readonly (readonly [Scope, string, string])[] = [
    ['notices:write', 'POST', '/v1/notices'],
    ['dume-responses:write', 'POST', '/v1/dume-responses'],
    ['awards:write', 'POST', '/v1/awards'],
    ['awards:write', 'POST', '/v1/awards?dryRun=true'],
    ['documents:read', 'GET', '/v1/documents/01a20fb3-3b0d-7723-ae0c-a1f43faf0009'],
    ['documents:read', 'GET', '/v1/consultations/C-1/timeline'],
    ['feed:read', 'GET', '/v1/feed'],
    ['subscriptions:write', 'GET', '/v1/subscriptions'],
    ['outcomes:write', 'POST', '/v1/documents/01a20fb3-3b0d-7723-ae0c-a1f43faf0009/outcomes'],
  ]
  test.each(scoped)('without %s, %s %s is refused and the scope is named', async (scope, method, path) => {
    const others = scoped.map(([name]) => name).filter((name) => name !== scope)
    const id = `sans-${scope.replace(':', '-')}-${path.length}`
    const lacking = await join(hub, id, { buyers: [buyerSiret], scopes: others })
    const body = method === 'POST' ? { body: anAward() } : {}
    const problem = problemIn(await lacking.ask(path, { method, headers: { 'idempotency-key': 'k' }, ...body }))
    expect(problem).toMatchObject({ status: 403, code: 'SCOPE_MISSING' })
    expect(problem.hint).toContain(scope)
  })
})

describe('a mandate', () => {
  const at = (text: string): Date => new Date(text)
  const inTerm = { notBefore: at('2026-12-01T00:00:00.000Z'), notAfter: at('2027-01-01T00:00:00.000Z') }

  test('is needed for the very buyer of the document, of any kind', async () => {
    const stranger = await join(hub, 'profil-etranger', { buyers: [otherBuyerSiret] })
    const before = (await entriesOf(hub, 'doc', 'rej')).length
    for (const [kind, text] of [
      ['award', anAward({ id: 'M-1' })],
      ['notice', notice],
      ['dume-response', response],
    ] as const) {
      const problem = problemIn(await stranger.deposit(kind, text))
      expect(problem).toMatchObject({ status: 403, code: 'MANDATE_MISSING' })
      expect(problem.hint).toContain(buyerSiret)
    }
    expect(await entriesOf(hub, 'doc', 'rej')).toHaveLength(before)
    expect((await stranger.deposit('award', anAward({ id: 'M-1', buyer: otherBuyerSiret }))).status).toBe(201)
  })

  test('holds from its first instant to its last, and neither before nor after', async () => {
    const dated = await join(hub, 'profil-date')
    await grantMandate(hub.hub, { account: dated.id, buyer: buyerSiret, ...inTerm })
    const statusAt = async (text: string): Promise<number> => {
      now = Date.parse(text)
      const fresh = speakAs(hub, { ...dated, token: await tokenOf(hub, dated.id, dated.secret) })
      return (await fresh.deposit('award', anAward({ id: `D-${now}` }))).status
    }
    try {
      expect(await statusAt('2026-11-30T23:59:59.999Z')).toBe(403)
      expect(await statusAt('2026-12-01T00:00:01.000Z')).toBe(201)
      expect(await statusAt('2026-12-31T23:59:59.999Z')).toBe(201)
      expect(await statusAt('2027-01-01T00:00:01.000Z')).toBe(403)
    } finally {
      now = startedAt
    }
  })

  test('is a log entry that says who may act for whom, from when to when', async () => {
    const [entry] = (await entriesOf(hub, 'cfg')).filter(({ envelope }) => envelope.account === 'profil-date')
    const change = {
      mandate: { notBefore: inTerm.notBefore.toISOString(), notAfter: inTerm.notAfter.toISOString() },
    }
    expect(entry?.envelope).toMatchObject({ kind: 'cfg', type: 'mandate', buyer: buyerSiret, change })
  })
})
