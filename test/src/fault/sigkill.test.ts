import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseTrust, type Trust } from '@socle/schemas'
import { afterAll, expect, test } from 'vitest'
import { checkLog } from './checker.ts'
import { createHistory, type History, type Sent } from './history.ts'
import { runToDeath, startChild } from './hub-child.ts'
import { startLoad } from './load.ts'
import { createRandom, type Random } from '../support/random.ts'
import { chosenSeed } from '../support/seed.ts'
import { createSender, inParallel, type Sender } from './sender.ts'

const rounds = 50
const olderReplayed = 50
const directory = await mkdtemp(join(tmpdir(), 'socle-sigkill-'))
afterAll(async () => await rm(directory, { recursive: true, force: true }))

/** Acknowledged documents get their receipt again, to the byte; the others are sent again and must end recorded, once. */
async function settle(sender: Sender, history: History, acknowledged: readonly Sent[], width: number): Promise<number> {
  const open = history.unacknowledged()
  await inParallel(acknowledged, width, async (sent) => {
    const answer = await sender.deposit(sent.key, sent.body)
    if (answer.status !== 200) history.faults.push(`${sent.key}: acknowledged, then answered ${answer.status}`)
    history.take(sent, answer)
  })
  await inParallel(open, width, async (sent) => {
    history.take(sent, await sender.deposit(sent.key, sent.body))
    const again = await sender.deposit(sent.key, sent.body)
    if (again.status !== 200) history.faults.push(`${sent.key}: answered ${again.status} once recorded`)
    history.take(sent, again)
  })
  return acknowledged.length + open.length
}

function sample(random: Random, sent: readonly Sent[], count: number): Sent[] {
  return Array.from({ length: Math.min(count, sent.length) }, () => random.pick(sent)).filter(
    (one) => one !== undefined,
  )
}

async function readTrustOf(hub: string): Promise<Trust> {
  const text = async (name: string): Promise<string> => await readFile(join(hub, 'keys/trust', name), 'utf8')
  return parseTrust({ logVkey: await text('log.vkey'), sealCa: await text('seal-ca.pem') })
}

test(`a hub killed ${rounds} times under load loses nothing that it acknowledged and records nothing twice`, async () => {
  const seed = chosenSeed()
  const random = createRandom(seed)
  const history = createHistory()
  const data = join(directory, 'hub')
  const started = Date.now()
  let replays = 0
  let fresh: readonly Sent[] = []
  for (let round = 0; round <= rounds; round++) {
    if (random.next() < 0.2) await runToDeath({ directory: data }, random.between(50, 700))
    await using child = await startChild({ directory: data })
    const senders = random.between(8, 17)
    const sender = createSender(child.url, child.tokens['profil-a'], senders)
    const before = history.acknowledged()
    replays += await settle(sender, history, [...fresh, ...sample(random, before, olderReplayed)], senders)
    expect(history.unacknowledged(), `round ${round}, seed ${seed}`).toEqual([])
    expect(history.faults, `round ${round}, seed ${seed}`).toEqual([])
    if (round < rounds) {
      const known = new Set(history.all)
      const load = startLoad(sender, history, random, senders)
      expect(await load.firstAnswer, `round ${round}, seed ${seed}: nothing was acknowledged`).toBe(true)
      await sleep(random.between(50, 401))
      expect(await child.kill()).toEqual({ code: null, signal: 'SIGKILL' })
      await load.over
      fresh = history.acknowledged().filter((sent) => !known.has(sent))
    } else expect(await child.stop()).toEqual({ code: 0, signal: null })
    sender.close()
  }
  const acknowledged = history.acknowledged().length
  const verdict = checkLog(join(data, 'ledger.sqlite'), history.all, await readTrustOf(data))
  const count = (word: string): number => verdict.faults.filter((fault) => fault.includes(word)).length
  console.log(
    `sigkill: ${rounds} rounds in ${Math.round((Date.now() - started) / 1_000)} s, ${acknowledged} acknowledged, ` +
      `${replays} replays, seed ${seed}, lost ${count('lost')}, twice ${count('twice')}`,
  )
  expect(verdict.faults).toEqual([])
  expect(verdict.documents).toBe(history.all.length)
  expect(acknowledged).toBeGreaterThanOrEqual(rounds)
})

test('the same account finds out a store that acknowledges from memory', async () => {
  const history = createHistory()
  const data = join(directory, 'forgets')
  {
    await using child = await startChild({ directory: data, forgets: true })
    const sender = createSender(child.url, child.tokens['profil-a'], 1)
    for (let i = 0; i < 3; i++) {
      const sent = history.next()
      history.take(sent, await sender.deposit(sent.key, sent.body))
    }
    sender.close()
    await child.kill()
  }
  expect(history.faults).toEqual([])
  const trust = await readTrustOf(data)
  expect(checkLog(join(data, 'ledger.sqlite'), history.all, trust).faults).toContain('key-2026-00000000: lost')
  await using child = await startChild({ directory: data })
  const sender = createSender(child.url, child.tokens['profil-a'], 1)
  await settle(sender, history, history.acknowledged(), 1)
  sender.close()
  const forgotten = history.all.map(({ key }) => `${key}: acknowledged, then answered 201`)
  expect(history.faults).toEqual(expect.arrayContaining(forgotten))
})
