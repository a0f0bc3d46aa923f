import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { grantMandate, registerKey, requireCertificate, revokeMandate } from '@socle/gateway'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PostgresServer, startPostgres } from '../servers/postgres.ts'
import { type RedisServer, startRedis } from '../servers/redis.ts'
import { anAward, buyerSiret, otherBuyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { ask, formHeaders, join, type Party, problemIn, speakAs } from './party.ts'
import { makeKey, signJwt } from './signed-jwt.ts'

const publicUrl = 'https://socle.example'
let postgres: PostgresServer
let redis: RedisServer
let keys: string
/** Two replicas: one store, one Redis, the same keys. */
let one: TestHub
let two: TestHub
beforeAll(async () => {
  postgres = await startPostgres()
  redis = await startRedis()
  keys = await mkdtemp(pathOf(tmpdir(), 'socle-keys-'))
  const url = await postgres.createDatabase()
  const env = {
    HUB_STORE_URL: url,
    HUB_STORE_MIGRATION_URL: url,
    HUB_REDIS_URL: redis.url,
    HUB_KEYS_DIR: keys,
    HUB_PUBLIC_URL: publicUrl,
    HUB_RATE: '2',
    HUB_RATE_BURST: '12',
  }
  one = await startHub({}, { env })
  two = await startHub({}, { env })
}, 60_000)
afterAll(async () => {
  for (const hub of [one, two]) await hub[Symbol.asyncDispose]()
  for (const server of [redis, postgres]) await server[Symbol.asyncDispose]()
  await rm(keys, { recursive: true, force: true })
})

const at = (hub: TestHub, party: Party): Party => speakAs(hub, party)

test('an assertion counts once on all replicas together, even sent to both at the same time', async () => {
  const party = await join(one, 'profil-cle')
  const key = makeKey('ES256')
  await registerKey(one.hub, party.id, JSON.stringify(key.jwk))
  const tokenStatus = async (hub: TestHub, assertion: string): Promise<number> => {
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
    const fields = { grant_type: 'client_credentials', client_assertion_type: type, client_assertion: assertion }
    const body = new URLSearchParams(fields).toString()
    return (await ask(hub, '/oauth/token', { method: 'POST', headers: formHeaders, body })).status
  }
  for (let round = 0; round < 10; round++) {
    const claims = { iss: party.id, sub: party.id, aud: publicUrl, jti: randomUUID() }
    const assertion = signJwt(key, {}, { ...claims, exp: Math.floor(Date.now() / 1_000) + 60 })
    const statuses = await Promise.all([one, two, one, two].map(async (hub) => await tokenStatus(hub, assertion)))
    expect(statuses.sort((a, b) => a - b)).toEqual([200, 401, 401, 401])
    expect(await tokenStatus(two, assertion)).toBe(401)
  }
})

test('the rate of an account is counted on all replicas together', async () => {
  const party = await join(one, 'profil-debit', { buyers: [buyerSiret] })
  const statuses = await Promise.all(
    Array.from({ length: 40 }, async (_, i) => {
      const answer = await at(i % 2 === 0 ? one : two, party).deposit('award', anAward({ id: `D-${i}` }))
      return answer.status
    }),
  )
  const taken = statuses.filter((status) => status === 201).length
  expect(taken).toBeGreaterThanOrEqual(12)
  // Each for itself would have let twice the burst through.
  expect(taken).toBeLessThan(20)
  expect(statuses.filter((status) => status === 429)).toHaveLength(40 - taken)
})

test('what one replica takes back, the other refuses within a second', async () => {
  const party = await join(one, 'profil-repris', { buyers: [buyerSiret, otherBuyerSiret] })
  const there = at(two, party)
  const statusFor = async (buyer: string): Promise<number> =>
    (await there.deposit('award', anAward({ id: `R-${randomUUID().slice(0, 8)}`, buyer }))).status
  expect([await statusFor(buyerSiret), await statusFor(otherBuyerSiret)]).toEqual([201, 201])
  await revokeMandate(one.hub, { account: party.id, buyer: buyerSiret })
  await sleep(1_050)
  expect([await statusFor(buyerSiret), await statusFor(otherBuyerSiret)]).toEqual([403, 201])
  const notBefore = new Date()
  const notAfter = new Date(notBefore.getTime() + 60_000)
  await grantMandate(two.hub, { account: party.id, buyer: buyerSiret, notBefore, notAfter })
  await sleep(1_050)
  expect(await statusFor(buyerSiret)).toBe(201)
  await requireCertificate(one.hub, party.id, true)
  await sleep(1_050)
  expect(problemIn(await there.ask('/v1/feed'))).toMatchObject({ status: 401, code: 'CERTIFICATE_MISMATCH' })
})
