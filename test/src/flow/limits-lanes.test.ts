import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anAward, buyerSiret } from '../support/award.ts'
import { startHub, type TestHub } from '../support/hub.ts'
import { aResponse } from './documents.ts'
import { type Answer, join, type Party, problemIn } from './party.ts'

let hub: TestHub
let flood: Party
let bidder: Party
beforeAll(async () => {
  hub = await startHub()
  flood = await join(hub, 'inonde', { buyers: [buyerSiret] })
  bidder = await join(hub, 'candidats', { buyers: [buyerSiret] })
  // Threads and compiled rules.
  for (const n of [1, 2, 3]) await bidder.sent('dume-response', aResponse(`CHAUD-${n}`, 'PROCEDURE-CHAUDE'))
}, 120_000)
afterAll(async () => await hub[Symbol.asyncDispose]())

/** A contract with so many modifications that it is judged in a thread. */
function aLongAward(id: string): string {
  const file = JSON.parse(anAward({ id })) as { marches: { marche: { modifications: unknown[] }[] } }
  const [marche] = file.marches.marche
  const { modification } = (marche?.modifications[0] ?? {}) as { modification: object }
  const modifications = Array.from({ length: 400 }, (_, i) => ({ modification: { ...modification, id: i + 1 } }))
  return JSON.stringify({ marches: { marche: [{ ...marche, modifications }] } })
}

/** Fewer than may wait. Within an account, without a lane, a response would come after all of them but those in hand. */
const flooding = 380
const inHand = 16

test('e-DUME responses pass a flood of awards, even those of the account that floods', async () => {
  const order: string[] = []
  const noted = async (name: string, answer: Promise<Answer>): Promise<number> => {
    const { status } = await answer
    order.push(name)
    return status
  }
  const awards = Array.from({ length: flooding }, async (_, i) =>
    noted('award', flood.deposit('award', aLongAward(`L-${i}`))),
  )
  await sleep(100)
  const responses = [flood, bidder].flatMap((party) =>
    Array.from({ length: 6 }, async (_, i) =>
      noted('response', party.deposit('dume-response', aResponse(`URGENT-${party.id}-${i}`, 'PROCEDURE-URGENTE'))),
    ),
  )
  expect(await Promise.all(responses)).toEqual(Array.from({ length: 12 }, () => 201))
  // How many awards get through beside twelve of them hangs on the machine; without a lane not one comes before the last.
  const sixth = order.flatMap((name, at) => (name === 'response' ? [at] : []))[5] ?? order.length
  const before = order.slice(0, sixth).filter((name) => name === 'award').length
  expect(before).toBeLessThan(flooding - 2 * inHand)
  expect(new Set(await Promise.all(awards))).toEqual(new Set([201]))
  console.log(`6 of 12 responses were recorded when ${before} of ${flooding} awards before them were`)
}, 60_000)

/** Keeps the event loop from its other work for most of the time. */
async function blockTheLoop(eachMs: number, until: AbortSignal): Promise<void> {
  while (!until.aborted) {
    const end = performance.now() + eachMs
    while (performance.now() < end);
    await sleep(0)
  }
}

test('an event loop that is late again and again takes no award in, but e-DUME responses; then awards again', async () => {
  const done = new AbortController()
  const blocked = blockTheLoop(550, done.signal)
  await sleep(5_000)
  const refused = await bidder.deposit('award', anAward({ id: 'TARD-1' }))
  const taken = await bidder.deposit('dume-response', aResponse('REPONSE-TARD', 'PROCEDURE-TARD'))
  done.abort()
  await blocked
  expect(problemIn(refused)).toMatchObject({ status: 503, code: 'OVERLOADED' })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(taken.status).toBe(201)
  await sleep(500)
  expect((await bidder.deposit('award', anAward({ id: 'TARD-1' }))).status).toBe(201)
}, 60_000)
