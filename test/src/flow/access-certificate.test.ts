import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import { ConfigError, readConfig, requireCertificate } from '@socle/gateway'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { type Answer, ask, formHeaders, join, type Party, problemIn } from './party.ts'

const folder = mkdtempSync(pathOf(tmpdir(), 'socle-client-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A certificate of a client, as a proxy forwards it (RFC 9440). */
function aCertificate(name: string): { readonly header: string; readonly thumbprint: string } {
  const [key, file] = [pathOf(folder, `${name}.key`), pathOf(folder, `${name}.der`)]
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key]
  const made = ['req', '-x509', ...kind, '-outform', 'DER', '-out', file, '-days', '2', '-subj', `/CN=${name}`]
  execFileSync('openssl', made, { stdio: 'ignore' })
  const der = readFileSync(file)
  return {
    header: `:${der.toString('base64')}:`,
    thumbprint: createHash('sha256').update(der).digest('base64url'),
  }
}
const [mine, other] = [aCertificate('profil-a'), aCertificate('autre')]

let now = Date.now()
let hub: TestHub
let party: Party
beforeAll(async () => {
  const env = { HUB_TRUSTED_PROXIES: '10.0.0.0/8, 127.0.0.1' }
  hub = await startHub({ clock: () => new Date(now) }, { env })
  party = await join(hub, 'profil-a', { buyers: [buyerSiret] })
})
afterAll(async () => await hub[Symbol.asyncDispose]())

const withCertificate = (header?: string): Readonly<Record<string, string>> =>
  header === undefined ? {} : { 'client-cert': header }

async function askToken(who: Party, header?: string, at: TestHub = hub): Promise<Answer> {
  const form = { grant_type: 'client_credentials', client_id: who.id, client_secret: who.secret }
  const headers = { ...formHeaders, ...withCertificate(header) }
  return await ask(at, '/oauth/token', { method: 'POST', headers, body: new URLSearchParams(form).toString() })
}

async function tokenWith(who: Party, header?: string): Promise<string> {
  return (await askToken(who, header)).json<{ access_token: string }>().access_token
}

async function feed(token: string, header?: string, at: TestHub = hub): Promise<Answer> {
  return await ask(at, '/v1/feed', { headers: { authorization: `Bearer ${token}`, ...withCertificate(header) } })
}

describe('a token asked for with a client certificate', () => {
  test('says which, and is good with that one on every route, with another or none on no route', async () => {
    const token = await tokenWith(party, mine.header)
    const [, claims = ''] = token.split('.')
    const { cnf } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as { cnf: unknown }
    expect(cnf).toEqual({ 'x5t#S256': mine.thumbprint })
    expect((await feed(token, mine.header)).status).toBe(200)
    for (const header of [undefined, other.header])
      expect(problemIn(await feed(token, header))).toMatchObject({ status: 401, code: 'CERTIFICATE_MISMATCH' })
    const deposit = async (path: string, header?: string): Promise<Answer> =>
      await ask(hub, path, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'idempotency-key': `k-${path}`, ...withCertificate(header) },
        body: anAward(),
      })
    for (const path of ['/v1/awards', '/v1/awards/bulk', '/v1/awards?dryRun=true', '/v1/subscriptions'])
      expect((await deposit(path)).status, path).toBe(401)
    expect((await deposit('/v1/awards', mine.header)).status).toBe(201)
  })

  test('asked for without one, it is bound to none and works with any', async () => {
    const token = await tokenWith(party)
    for (const header of [undefined, mine.header, other.header]) expect((await feed(token, header)).status).toBe(200)
  })

  test('an account that must present one has no token without, and its earlier unbound tokens end within a second', async () => {
    const strict = await join(hub, 'profil-strict')
    const before = await tokenWith(strict)
    await requireCertificate(hub.hub, strict.id, true)
    now += 1_001
    expect(problemIn(await feed(before, mine.header))).toMatchObject({ status: 401, code: 'CERTIFICATE_MISMATCH' })
    expect(problemIn(await askToken(strict))).toMatchObject({ status: 401, code: 'CERTIFICATE_REQUIRED' })
    expect((await feed(await tokenWith(strict, mine.header), mine.header)).status).toBe(200)
  })

  test('a header that is not one certificate is refused', async () => {
    const bare = mine.header.slice(1, -1)
    const der = Buffer.from(bare, 'base64')
    const token = await tokenWith(party)
    for (const header of [
      bare,
      '::',
      ':x:',
      `${mine.header}, ${other.header}`,
      `:${Buffer.concat([der, Buffer.alloc(3)]).toString('base64')}:`,
      `:${der.subarray(0, 100).toString('base64')}:`,
    ])
      expect(problemIn(await feed(token, header)), header.slice(0, 40)).toMatchObject({
        status: 400,
        code: 'HEADER_INVALID',
      })
  })
})

describe('who may say which certificate a caller has', () => {
  test('only peers named in HUB_TRUSTED_PROXIES: from anybody else the header is refused, with or without a good token', async () => {
    await using alone = await startHub({}, { env: { HUB_TRUSTED_PROXIES: '10.0.0.0/8,::1' } })
    const own = await join(alone, 'profil-a')
    expect((await feed(own.token, undefined, alone)).status).toBe(200)
    for (const answer of [await feed(own.token, mine.header, alone), await askToken(own, mine.header, alone)]) {
      const problem = problemIn(answer)
      expect(problem).toMatchObject({ status: 400, code: 'HEADER_INVALID' })
      expect(problem.hint).toContain('HUB_TRUSTED_PROXIES')
    }
  })

  test('what is no address or block is refused at start', () => {
    for (const wrong of ['proxy.example', '10.0.0.0/33', '10.0.0.0/x', '10.0.0.0/8/8', '::1/129', '300.1.1.1'])
      expect(() => readConfig({ HUB_TRUSTED_PROXIES: `127.0.0.1,${wrong}` }), wrong).toThrow(ConfigError)
    expect(readConfig({ HUB_TRUSTED_PROXIES: '::1/128, 192.0.2.7' }).trustedProxies).toEqual(['::1/128', '192.0.2.7'])
  })
})
