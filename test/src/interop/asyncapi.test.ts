import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import official from '@asyncapi/specs'
import { asyncApi } from '@socle/schemas'
import { Ajv, type AnySchema, type ValidateFunction } from 'ajv'
import { beforeAll, describe, expect, test } from 'vitest'
import { type PublishedEvent, publishedEvents, subjectOf } from './published-events.ts'

type Json = Readonly<Record<string, unknown>>
interface Document {
  readonly channels: Readonly<Record<string, { readonly address: string }>>
  readonly components: { readonly messages: Readonly<Record<string, Message>> }
}
interface Message {
  readonly examples: readonly { readonly headers: Json; readonly payload: Json }[]
}

const subjects = ['notice', 'dume-request', 'dume-response', 'award', 'outcome']
const document = asyncApi as unknown as Document
const exampleOf = (subject: string): { readonly headers: Json; readonly payload: Json } =>
  document.components.messages[subject]?.examples[0] ?? { headers: {}, payload: {} }

/** The official JSON Schema of AsyncAPI 3.0.0. It brings draft-07 along, so Ajv's own copy stays out; formats are annotations. */
const isAsyncApi = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false }).compile(
  official.schemas['3.0.0'] as AnySchema,
)

/** Payloads and headers are judged by the document alone: what it does not bring along cannot help. */
const own = new Ajv({ strict: false, allErrors: true }).addSchema({ $id: 'asyncapi', ...asyncApi })
const component = (name: string): ValidateFunction => {
  const validate = own.getSchema(`asyncapi#/components/schemas/${name}`)
  if (!validate) throw new Error(`no component ${name}`)
  return validate
}

function faultsOf(subject: string, { headers, payload }: { readonly headers: Json; readonly payload: Json }): string[] {
  const judges = [
    ['headers', component('event-headers'), headers],
    ['payload', component(`${subject}-event`), payload],
  ] as const
  return judges.flatMap(([part, validate, value]) =>
    validate(value)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${part}${instancePath} ${message}`),
  )
}

/** Every object below a value, with the JSON Pointer that leads to it. */
function* objectsIn(value: unknown, at = '#'): Generator<readonly [string, Json]> {
  if (typeof value !== 'object' || value === null) return
  yield [at, value as Json]
  for (const [key, inner] of Object.entries(value))
    yield* objectsIn(inner, `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`)
}

/** References that lead nowhere in the document. */
function danglingIn(value: Json): string[] {
  const known = new Set([...objectsIn(value)].map(([at]) => at))
  return [...objectsIn(value)].flatMap(([, { $ref }]) => (typeof $ref === 'string' && !known.has($ref) ? [$ref] : []))
}

let published: readonly PublishedEvent[]
beforeAll(async () => {
  published = await publishedEvents()
  // UPDATE_EVENTS=1 makes the examples anew (then `npm run generate`); without it those committed are what is tested.
  if (process.env['UPDATE_EVENTS'] === '1') keepExamples()
})

function keepExamples(): void {
  const examples = join(import.meta.dirname, '../../../schemas/examples')
  for (const subject of subjects) {
    const event = published.find((one) => subjectOf(one) === subject)
    if (!event) throw new Error(`the hub published no ${subject}`)
    for (const [part, value] of [
      ['event-data', event.payload],
      ['event-headers', event.headers],
    ] as const) {
      mkdirSync(join(examples, part), { recursive: true })
      writeFileSync(join(examples, part, `valid-${subject}.json`), `${JSON.stringify(value, undefined, 2)}\n`)
    }
  }
}

describe('the AsyncAPI document', () => {
  test('is one by the official schema of AsyncAPI 3.0', () => {
    expect(isAsyncApi(asyncApi), JSON.stringify(isAsyncApi.errors?.slice(0, 5))).toBe(true)
  })

  test('has a channel, a message and a way to receive it for each of the five topics', () => {
    expect(Object.values(document.channels).map(({ address }) => address)).toEqual(
      subjects.map((subject) => `tncp.{environment}.${subject}s.v1`),
    )
    expect(Object.keys(document.components.messages)).toEqual(subjects)
  })

  test('stands alone: every reference leads to something in it', () => {
    const references = [...objectsIn(asyncApi)].filter(([, { $ref }]) => typeof $ref === 'string')
    expect(references.length).toBeGreaterThan(100)
    expect(danglingIn(asyncApi)).toEqual([])
  })

  test.each([
    ['another version', (text: string) => text.replace('"asyncapi":"3.0.0"', '"asyncapi":"2.6.0"')],
    ['an action that is none', (text: string) => text.replace('"action":"receive"', '"action":"subscribe"')],
    ['a server without a protocol', (text: string) => text.replace('"protocol":"kafka",', '')],
    ['a member of 2.x', (text: string) => text.replace('"action":"receive"', '"action":"receive","message":{}')],
    ['a security scheme that is none', (text: string) => text.replace('"type":"scramSha512"', '"type":"scram"')],
    ['no partition', (text: string) => text.replace('"partitions":12', '"partitions":0')],
  ])('would be refused with %s', (_, plant) => {
    const text = JSON.stringify(asyncApi)
    const planted = plant(text)
    expect(planted).not.toBe(text)
    expect(isAsyncApi(JSON.parse(planted))).toBe(false)
  })

  test('would be refused with a reference that leads nowhere', () => {
    const planted = JSON.stringify(asyncApi).replace('#/components/schemas/siret"', '#/components/schemas/siren"')
    expect(danglingIn(JSON.parse(planted) as Json)).toEqual(['#/components/schemas/siren'])
  })
})

describe('what a hub publishes', () => {
  test('of every document and outcome is valid by the document', () => {
    expect(published).toHaveLength(9)
    expect([...new Set(published.map(subjectOf))].sort()).toEqual(subjects.toSorted())
    for (const event of published) {
      expect(faultsOf(subjectOf(event), event), event.topic).toEqual([])
      expect(event.key).toBe(event.headers['ce_partitionkey'])
    }
  })

  test('of notices, requests and awards brings the canonical form; of confidential responses nothing but a reference', () => {
    for (const { topic, payload } of published) {
      const travels = /notices|requests|awards/.test(topic)
      expect('canonical' in payload, topic).toBe(travels)
    }
  })
})

describe('each example', () => {
  test.each(subjects)('%s is valid', (subject) => {
    expect(exampleOf(subject).headers).not.toEqual({})
    expect(faultsOf(subject, exampleOf(subject))).toEqual([])
  })

  test.each(subjects)('%s has the members that a hub gives it today', (subject) => {
    const event = published.find((one) => subjectOf(one) === subject)
    const { headers, payload } = exampleOf(subject)
    expect(Object.keys(headers).sort()).toEqual(Object.keys(event?.headers ?? {}).sort())
    expect(pathsIn(payload)).toEqual(pathsIn(event?.payload ?? {}))
  })

  const without = (object: Json, name: string): Json =>
    Object.fromEntries(Object.entries(object).filter(([key]) => key !== name))

  test.each(Object.keys(exampleOf('award').headers))('would be refused without its header %s', (name) => {
    const { headers, payload } = exampleOf('award')
    expect(faultsOf('award', { headers: without(headers, name), payload })).not.toEqual([])
  })

  test.each([
    ['hub-seq', '1.5'],
    ['hub-prev', '-2'],
    ['hub-leaf', 'AB'],
    ['ce_time', '2026-11-24'],
    ['ce_id', '1'],
    ['ce_hubenvironment', 'test'],
    ['content-type', 'text/plain'],
  ])('would be refused with %s: %s', (name, value) => {
    const { headers, payload } = exampleOf('award')
    expect(faultsOf('award', { headers: { ...headers, [name]: value }, payload })).not.toEqual([])
  })

  test('would be refused on the topic of any other subject', () => {
    for (const subject of subjects)
      for (const topic of subjects)
        if (subject !== topic && topic !== 'outcome')
          expect(faultsOf(topic, exampleOf(subject)), `${subject} on ${topic}`).not.toEqual([])
    for (const subject of subjects.filter((one) => one !== 'outcome'))
      expect(faultsOf('outcome', exampleOf(subject)), `${subject} on outcome`).not.toEqual([])
  })

  test('of a response would be refused with its content', () => {
    const { headers, payload } = exampleOf('dume-response')
    const told = { ...payload, canonical: exampleOf('dume-request').payload['canonical'] }
    expect(faultsOf('dume-response', { headers, payload: told })).not.toEqual([])
  })

  test('would be refused with a canonical form that is none', () => {
    const { headers, payload } = exampleOf('award')
    const canonical = { ...(payload['canonical'] as Json), title: 7 }
    expect(faultsOf('award', { headers, payload: { ...payload, canonical } })).not.toEqual([])
  })
})

/** Where the values of an object stand, without the values. */
function pathsIn(value: Json): string[] {
  return [...objectsIn(value)].map(([at]) => at).sort()
}
