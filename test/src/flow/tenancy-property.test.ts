import { createMemoryBus, scopes } from '@socle/gateway'
import type { Receipt } from '@socle/schemas'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { anAward, buyerSiret, otherBuyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { aResponse, notice } from './documents.ts'
import { ask, join, type Party, problemIn, speakAs } from './party.ts'
import { type Receiver, startReceiver } from './receiver.ts'
import { documentedRoutes } from './tenancy-routes.ts'

const buyers = [buyerSiret, otherBuyerSiret, '21330063500017'] as const

/** What a tenant has that others must not see. Every value is its own. */
interface Tenant {
  readonly sender: Party
  readonly response: Receipt
  readonly refusal: Receipt
  readonly key: string
  /** In the response: bytes, and a value that a finding repeats. */
  readonly content: readonly string[]
  /** In the refused response, which its sender alone may see. */
  readonly refused: readonly string[]
}

/** An account that asks, with the tenants (0, 1, 2) whose buyers mandated it. */
interface Asker {
  readonly party: Party
  readonly mandates: readonly number[]
  readonly sends?: number
}

const bus = createMemoryBus()
const onBus: string[] = []
let hub: TestHub
let receiver: Receiver
let tenants: readonly Tenant[]
let askers: readonly Asker[]
/** Ids, consultations, keys and cursors of everybody, which anybody may have come to know. */
const known = { ids: [] as string[], consultations: [] as string[], keys: [] as string[], cursors: [] as string[] }

beforeAll(async () => {
  hub = await startHub({ bus })
  receiver = await startReceiver()
  for (const subject of ['notices', 'dume-requests', 'dume-responses', 'awards', 'outcomes'])
    bus.subscribe(`tncp.sandbox.${subject}.v1`, async ({ attributes, data }) => {
      onBus.push(JSON.stringify(attributes), Buffer.from(data).toString('utf8'))
      await Promise.resolve()
    })
  const senders = await Promise.all(buyers.map(async (buyer, i) => await join(hub, `profil-${i}`, { buyers: [buyer] })))
  const more: readonly (readonly [string, readonly number[]])[] = [
    ['gestion-0', [0]],
    ['gestion-1', [1]],
    ['gestion-2', [2]],
    ['editeur', [0, 1]],
    ['personne', []],
  ]
  askers = [
    ...senders.map((party, i) => ({ party, mandates: [i], sends: i })),
    ...(await Promise.all(
      more.map(async ([id, mandates]) => ({
        party: await join(hub, id, { buyers: mandates.map((i) => buyers[i] ?? '') }),
        mandates,
      })),
    )),
  ]
  // Before anything is recorded: what is pushed is checked at the end.
  for (const { party } of askers) {
    const { status } = await party.post('/v1/subscriptions', { url: `${receiver.url}/${party.id}` })
    expect(status).toBe(201)
  }
  tenants = await Promise.all(senders.map(plant))
  for (const { party } of askers) known.cursors.push((await party.feed()).next)
}, 120_000)
afterAll(async () => {
  await hub[Symbol.asyncDispose]()
  await receiver[Symbol.asyncDispose]()
})

async function plant(sender: Party, i: number): Promise<Tenant> {
  const consultation = `PROCEDURE-DU-LOCATAIRE-${i}`
  const content = [`OPERATEUR-${i}-CONFIDENTIEL`, `REPONSE-${i}-CONFIDENTIELLE`, `SIRET-FAUX-${i}`]
  const text = aResponse(content[1] ?? '', consultation)
    .replaceAll(buyerSiret, buyers[i] ?? '')
    .replaceAll('Couverture Exemple SARL', content[0] ?? '')
    .replaceAll('90000012600012', content[2] ?? '')
  const key = `cle-du-locataire-${i}`
  const response = await sender.sent('dume-response', text, { key })
  const refused = [`CONSTAT-${i}-CONFIDENTIEL`]
  const wrong = text.replace('ESPD-EDMv4.1.0', refused[0] ?? '')
  const refusal = problemIn(await sender.deposit('dume-response', wrong)).receipt as Receipt
  await sender.sent('notice', notice.replaceAll(buyerSiret, buyers[i] ?? ''))
  known.ids.push(response.id, refusal.id)
  known.consultations.push(consultation)
  known.keys.push(key)
  const { subscriptions } = (await sender.ask('/v1/subscriptions')).json<{ subscriptions: { id: string }[] }>()
  known.ids.push(...subscriptions.map(({ id }) => id))
  return { sender, response, refusal, key, content, refused }
}

/** Values of other tenants. Ids are in the public log by design; what they stand for is not. */
function forbiddenFor({ mandates, sends }: Asker, withIds: boolean): readonly string[] {
  return tenants.flatMap(({ content, refused, response, refusal }, i) => {
    const ofResponse = mandates.includes(i) ? [] : [...content, ...(withIds ? [response.id, response.leaf] : [])]
    const ofRefusal = sends === i ? [] : [...refused, ...(withIds ? [refusal.id, refusal.leaf] : [])]
    return [...ofResponse, ...ofRefusal]
  })
}

/** What anybody might send: as indexes, so that a counter-example can be read and shrunk. */
const asking = fc.record({
  who: fc.nat(),
  route: fc.nat(),
  id: fc.nat(),
  cursor: fc.option(fc.nat()),
  key: fc.nat(),
  scopes: fc.subarray([...scopes], { minLength: scopes.length - 3 }),
  body: fc.constantFrom('award', 'response', 'outcome', 'stream', 'nothing'),
  query: fc.constantFrom('', '?dryRun=true', '?limit=500', '?kinds=dume-response', '?limit=1&kinds=outcome'),
  hints: fc.boolean(),
  shape: fc.constantFrom('plain', 'upper', 'encoded', 'dots', 'spaced'),
})

const pick = <T>(all: readonly T[], i: number): T => all[i % all.length] ?? raise()

function raise(): never {
  throw new Error('nothing to pick from')
}

function shaped(id: string, shape: string): string {
  if (shape === 'upper') return id.toUpperCase()
  if (shape === 'encoded') return Buffer.from(id).toString('hex').replaceAll(/../g, '%$&')
  if (shape === 'dots') return `x/../${id}`
  return shape === 'spaced' ? `${id}%20` : encodeURIComponent(id)
}

/** Bodies are the asker's own: what it is told about them is not another's. */
function bodyOf(kind: string, own: number | undefined): string | undefined {
  const buyer = buyers[own ?? 0] ?? ''
  if (kind === 'award') return anAward({ id: `P-${Math.floor(Math.random() * 1e6)}`, buyer })
  if (kind === 'response') return aResponse(`PROPRE-${Math.random()}`).replaceAll(buyerSiret, buyer)
  if (kind === 'outcome') return JSON.stringify({ result: 'integrated', url: 'https://ailleurs.example/1' })
  return kind === 'stream' ? `${anAward({ id: 'S-1', buyer })}\n${anAward({ id: 'S-2', buyer })}` : undefined
}

test('every secret is seen by whoever has a right to it, asked for and pushed: the searches below look for what is there', async () => {
  for (const [i, { sender, response, content, refusal, refused }] of tenants.entries()) {
    for (const { party } of askers.filter(({ mandates }) => mandates.includes(i))) {
      const text = (await party.ask(`/v1/documents/${response.id}/content`)).text
      for (const value of content) expect(text).toContain(value)
      expect((await party.ask(`/v1/documents/${response.id}/receipt`)).text).toContain(content[2])
      expect((await party.ask(`/v1/documents/${response.id}/evidence`)).status).toBe(200)
      expect((await party.ask(`/v1/documents/${response.id}/timeline`)).text).toContain(response.id)
    }
    expect((await sender.ask(`/v1/documents/${refusal.id}/receipt`)).text).toContain(refused[0])
  }
  const pushedTo = (id: string): string =>
    receiver.pushes
      .filter(({ path }) => path.endsWith(`/${id}`))
      .map(({ body }) => body)
      .join('\n')
  await vi.waitFor(
    () => {
      for (const { party, mandates } of askers.filter(({ sends }) => sends === undefined))
        for (const i of mandates) expect(pushedTo(party.id)).toContain(tenants[i]?.response.id)
    },
    { timeout: 20_000 },
  )
})

test('one’s own idempotency key and bytes, used by another account, answer nothing of the first one’s receipt', async () => {
  for (const [i, { sender, response, key }] of tenants.entries()) {
    const bytes = (await sender.ask(`/v1/documents/${response.id}/content`)).bytes
    const again = await sender.deposit('dume-response', bytes, { key })
    expect([again.status, again.json<Receipt>().id]).toEqual([200, response.id])
    for (const { party, mandates } of askers) {
      if (party.id === sender.id) continue
      const answer = await party.deposit('dume-response', bytes, { key })
      expect(answer.status).toBe(mandates.includes(i) ? 201 : 403)
      for (const value of [response.id, response.leaf]) expect(answer.text).not.toContain(value)
    }
  }
})

test('property: whoever asks, with whatever rights, key, cursor or id, on every route, gets nothing of another tenant’s confidential documents', async () => {
  const routes = await documentedRoutes(hub)
  const statuses = new Map<number, number>()
  const answered = new Set<string>()
  await fc.assert(
    fc.asyncProperty(asking, async (asked) => {
      const asker = pick(askers, asked.who)
      const route = pick(routes, asked.route)
      const [method = '', path = ''] = route.split(' ')
      const id = path.includes('/consultations/') ? pick(known.consultations, asked.id) : pick(known.ids, asked.id)
      const account = await hub.hub.accounts.find(asker.party.id)
      if (!account) throw new Error('no account')
      const { token } = await hub.hub.tokens.issue(account.id, asked.scopes)
      const cursor = asked.cursor === null ? '' : `after=${encodeURIComponent(pick(known.cursors, asked.cursor))}`
      const query = path === '/v1/feed' ? `${asked.query || '?limit=500'}&${cursor}` : asked.query
      const hints = asked.hints ? { 'hub-consultation': pick(known.consultations, asked.id) } : {}
      const body = method === 'get' ? undefined : bodyOf(asked.body, asker.mandates[0])
      const answer = await speakAs(hub, { ...asker.party, token }).ask(
        `${path.replace('{id}', shaped(id, asked.shape)).replace('{*}', 'entries/000.p/1')}${query}`,
        {
          method: method.toUpperCase(),
          headers: { 'idempotency-key': pick(known.keys, asked.key), ...hints },
          ...(body === undefined ? {} : { body }),
        },
      )
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
      if (answer.status < 300) answered.add(`${route} ${asker.party.id}`)
      expect(answer.status, `${route} ${answer.text.slice(0, 300)}`).toBeLessThan(500)
      const bytes = answer.bytes.toString('latin1')
      for (const value of forbiddenFor(asker, !path.startsWith('/log/'))) {
        expect(bytes.includes(value), `${asker.party.id} got ${value} from ${route}`).toBe(false)
      }
    }),
    { numRuns: 1_000, seed: 20261130, interruptAfterTimeLimit: 45_000 },
  )
  // A property that only ever met refusals would prove nothing.
  expect(statuses.get(200) ?? 0).toBeGreaterThan(50)
  expect(answered.size).toBeGreaterThan(40)
}, 60_000)

test('webhooks brought an account nothing of a tenant that it does not act for; the bus, the metrics and the log nothing of what a response says', async () => {
  const secretsOf = (asker: Asker): readonly string[] => forbiddenFor(asker, true)
  for (const asker of askers)
    for (const { path, body } of receiver.pushes)
      if (path.endsWith(`/${asker.party.id}`)) for (const value of secretsOf(asker)) expect(body).not.toContain(value)
  const size = Number((await ask(hub, '/log/checkpoint')).text.split('\n')[1])
  const tile = await ask(hub, `/log/tile/entries/000${size < 256 ? `.p/${size}` : ''}`)
  const seenByAll = [...onBus, (await ask(hub, '/metrics')).text, tile.bytes.toString('latin1')].join('\n')
  for (const { content, refused } of tenants)
    for (const value of [...content, ...refused]) expect(seenByAll).not.toContain(value)
  expect(onBus.join('\n')).toContain(tenants[0]?.response.id)
})
