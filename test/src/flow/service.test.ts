import { ConfigError, readConfig } from '@socle/gateway'
import { rules } from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { response } from './documents.ts'
import { ask, entriesOf, join as enrol, type Party, problemIn } from './party.ts'

let hub: TestHub
let party: Party
beforeAll(async () => {
  hub = await startHub()
  party = await enrol(hub, 'profil-a', { buyers: [buyerSiret] })
})
afterAll(async () => await hub[Symbol.asyncDispose]())

type Json = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null

interface Operation {
  readonly summary?: string
  readonly security?: readonly unknown[]
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[]
  readonly responses?: Readonly<Record<string, { readonly description?: string; readonly content?: Json }>>
}

/** Every object below a value, with the JSON Pointer that leads to it. */
function* objectsIn(value: unknown, at = ''): Generator<readonly [string, Json]> {
  if (!isObject(value)) return
  yield [at, value]
  for (const [key, inner] of Object.entries(value))
    yield* objectsIn(inner, `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
}

describe('/openapi.json', () => {
  let document: Json
  let operations: readonly (readonly [string, string, Operation])[]
  beforeAll(async () => {
    document = (await ask(hub, '/openapi.json')).json<Json>()
    const paths = Object.entries(document['paths'] as Readonly<Record<string, Readonly<Record<string, Operation>>>>)
    operations = paths.flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [path, method, operation] as const),
    )
  })

  test('is OpenAPI 3.1 that says where it is served and under which licence', () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Socle', license: { identifier: 'EUPL-1.2' } } })
    expect(document['servers']).toEqual([{ url: hub.hub.config.publicUrl, description: 'sandbox' }])
    expect(operations.length).toBeGreaterThan(20)
  })

  test('has no reference that leads nowhere', () => {
    const known = new Set([...objectsIn(document)].map(([at]) => `#${at}`))
    const references = [...objectsIn(document)].flatMap(([at, { $ref }]) =>
      typeof $ref === 'string' ? [[at, $ref]] : [],
    )
    expect(references.length).toBeGreaterThan(50)
    expect(references.filter(([, reference]) => !known.has(reference ?? ''))).toEqual([])
  })

  test('tells of every route its sentence, its parameters, an answer and the problem it may give', () => {
    for (const [path, method, { summary, parameters = [], responses = {} }] of operations) {
      const name = `${method} ${path}`
      expect(summary, name).toMatch(/\w/)
      const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map(([, word]) => word)
      expect(
        parameters.filter((one) => one.in === 'path').map((one) => one.name),
        name,
      ).toEqual(inPath)
      expect(
        parameters.filter((one) => one.in === 'path' && one.required !== true),
        name,
      ).toEqual([])
      const statuses = Object.keys(responses)
      expect(
        statuses.some((status) => /^2\d\d$/.test(status)),
        name,
      ).toBe(true)
      const refused = statuses.filter((status) => status === 'default' || Number(status) >= 400)
      expect(refused.length, name).toBeGreaterThan(0)
      for (const status of refused) {
        const schema = { schema: { $ref: '#/components/schemas/problem' } }
        expect(responses[status]?.content, `${name} ${status}`).toEqual({ 'application/problem+json': schema })
      }
      for (const answer of Object.values(responses)) expect(answer.description, name).toMatch(/\w/)
    }
  })

  test('says which routes need a token: exactly those that answer 401 without one', async () => {
    for (const [path, method, { security = [] }] of operations) {
      if (path === '/oauth/token') continue
      const address = path.replace('{*}', '0/000').replace('{id}', '01a20fb3-3b0d-7723-ae0c-a1f43faf0009')
      const answer = await ask(hub, address, { method: method.toUpperCase() })
      expect(answer.status === 401, `${method} ${path}`).toBe(security.length > 0)
    }
  })
})

describe('what operators ask', () => {
  test('health tells the sizes of the log, what is published and what is stamped', async () => {
    expect((await ask(hub, '/health/live')).json()).toEqual({ status: 'live' })
    await party.sent('award', anAward({ id: 'HEALTH' }))
    const ready = (await ask(hub, '/health/ready')).json<{ log: { size: number } }>()
    expect(ready).toMatchObject({
      status: 'ready',
      environment: 'sandbox',
      log: { origin: 'socle.invalid/sandbox/2026h2' },
    })
    expect(ready.log.size).toBe((await entriesOf(hub)).length)
  })

  test('metrics count deposits, refusals, deliveries, outcomes and requests by route', async () => {
    const { id } = await party.sent('award', anAward({ id: 'METRICS' }))
    await party.deposit('award', '{}')
    const reader = await enrol(hub, 'gestion-c')
    await reader.post(`/v1/documents/${id}/outcomes`, { result: 'integrated' })
    await reader.feed(`?after=${(await reader.feed()).next}`)
    const answer = await ask(hub, '/metrics')
    expect(answer.headers.get('content-type')).toContain('text/plain')
    for (const line of [
      /^socle_documents_total\{kind="award",state="recorded"\} [1-9]/m,
      /^socle_documents_total\{kind="award",state="refused"\} [1-9]/m,
      /^socle_deliveries_total\{channel="feed"\} [1-9]/m,
      /^socle_outcomes_total\{result="integrated"\} 1$/m,
      /^socle_request_seconds_count\{route="\/v1\/awards",status="201"\} [1-9]/m,
      /^socle_published_position [1-9]/m,
      /^socle_stamped_size \d/m,
      /^socle_webhook_failures_total \d/m,
      /^process_resident_memory_bytes \d/m,
    ])
      expect(answer.text).toMatch(line)
  })

  test('rules are the catalogue, each with its hint in both languages', async () => {
    const served = (await ask(hub, '/v1/rules')).json<{ rules: { id: string; hint: { fr: string; en: string } }[] }>()
      .rules
    expect(served.map(({ id }) => id).sort()).toEqual(Object.keys(rules).sort())
    for (const { hint } of served) expect([hint.fr, hint.en]).not.toContain('')
  })
})

describe('a request that leads nowhere', () => {
  test.each([
    ['GET', '/'],
    ['GET', '/v2/notices'],
    ['GET', '/v1/notices'],
    ['PUT', '/v1/notices'],
    ['DELETE', '/v1/documents/01a20fb3-3b0d-7723-ae0c-a1f43faf0009'],
    ['GET', '/log/../keys/log.key'],
    ['GET', '/log/%2e%2e/keys/log.key'],
    ['GET', '/log/tile/../../keys/log.key'],
    ['GET', '/.git/config'],
    ['GET', '/v1/consultation/x'],
  ])('is a problem like every other: %s %s', async (method, path) => {
    const problem = problemIn(await ask(hub, path, { method }))
    expect(problem).toMatchObject({
      status: 404,
      environment: 'sandbox',
      type: expect.stringMatching(/^urn:socle:problem:/),
    })
    expect(problem.instance).toMatch(/\S/)
  })

  test('and one whose address cannot be read is one too', async () => {
    for (const path of ['/v1/documents/%ZZ', '/v1/documents/%', `/v1/documents/${'a'.repeat(2_000)}`])
      expect(problemIn(await party.ask(path)), path).toMatchObject({ status: 400, code: 'REQUEST_INVALID' })
  })
})

describe('every answer', () => {
  test('forbids guessing its type; what is private is not to be stored, what is confidential not to be shown in place', async () => {
    const { id } = await party.sent('dume-response', response)
    const answers = await Promise.all(
      ['', '/content', '/canonical', '/receipt', '/evidence', '/timeline'].map(
        async (part) => await party.ask(`/v1/documents/${id}${part}`),
      ),
    )
    for (const answer of [...answers, await party.ask('/v1/feed')]) {
      expect(answer.status).toBe(200)
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
    const refused = await ask(hub, '/v1/feed')
    for (const answer of [...answers, refused, await ask(hub, '/nowhere'), await ask(hub, '/log/log.vkey')]) {
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('x-powered-by')).toBeNull()
    }
    const [, content, , , evidence] = answers
    expect(content?.headers.get('content-disposition')).toBe('attachment')
    expect(evidence?.headers.get('content-disposition')).toBe(`attachment; filename="${id}.asice"`)
  })

  test('to a document sent as a page of HTML stays a download', async () => {
    const headers = { 'content-type': 'text/html' }
    const { id } = await party.sent('award', anAward({ id: 'HTML' }), { headers })
    const { headers: given } = await party.ask(`/v1/documents/${id}/content`)
    expect([given.get('content-type'), given.get('content-disposition'), given.get('x-content-type-options')]).toEqual([
      'text/html',
      'attachment',
      'nosniff',
    ])
  })
})

describe('settings', () => {
  const problemsOf = (env: Readonly<Record<string, string>>): readonly string[] => {
    try {
      readConfig(env)
      return []
    } catch (error) {
      if (error instanceof ConfigError) return error.problems
      throw error
    }
  }

  test('that are wrong are all named at once', () => {
    const wrong = {
      HUB_ENVIRONMENT: 'test',
      HUB_PORT: '65536',
      HUB_PUBLIC_URL: 'not an address',
      HUB_LOG_ORIGIN: 'with a space',
      HUB_MAX_BODY_BYTES: '12k',
      HUB_MAX_QUEUED: '0',
      HUB_MAX_QUEUED_BYTES: '-1',
      HUB_TIMESTAMP_EVERY: '1.5',
      HUB_TOKEN_LIFETIME: '',
      HUB_WEBHOOK_PRIVATE: 'perhaps',
      HUB_WEBHOOK_TIMEOUT_MS: '1e9',
      HUB_LOG_LEVEL: 'loud',
      HUB_COLOUR: 'blue',
    }
    const problems = problemsOf(wrong)
    for (const name of Object.keys(wrong))
      expect(
        problems.some((problem) => problem.startsWith(name)),
        name,
      ).toBe(true)
    expect(problems).toHaveLength(Object.keys(wrong).length)
    expect(problemsOf({})).toEqual([])
    expect(problemsOf({ PATH: '/bin', OTHER: 'x' })).toEqual([])
  })

  test('of production are stricter: webhooks to internal addresses are refused unless told otherwise', () => {
    expect(readConfig({ HUB_ENVIRONMENT: 'production' }).webhookPrivateAddresses).toBe(false)
    expect(readConfig({}).webhookPrivateAddresses).toBe(true)
  })
})
