import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { grantMandate, readConfig, scopes, wire } from '@socle/gateway'
import { parseTrust } from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Gateway, prepareGateway } from '../demo/hub-program.ts'
import { anAward, buyerSiret } from '../support/award.ts'
import { freePort } from '../support/free-port.ts'
import { checkLog } from './checker.ts'
import type { Sent } from './history.ts'
import { createSender, type Sender } from './sender.ts'

/** Small accounts, each with one document at a time and a pause between two. */
const smallAccounts = 24
const pauseMs = 150
/** Documents that the flood has under way at a time: more than may wait and be in hand together. */
const floodWidth = 600
const runMs = 5_000

const directory = await mkdtemp(join(tmpdir(), 'socle-flood-'))
const port = await freePort()
const settings = { HUB_DATA: directory, HUB_PORT: String(port), HUB_TIMESTAMP_EVERY: '60' }
let gateway: Gateway
let small: readonly Sender[]
let flood: Sender

beforeAll(async () => {
  const hub = await wire(readConfig({ ...settings, HUB_LOG_LEVEL: 'silent' }))
  const open = async (id: string, connections: number): Promise<Sender> => {
    await hub.accounts.create({ id, name: id, scopes })
    const notBefore = hub.clock()
    const notAfter = new Date(notBefore.getTime() + 3_600_000)
    await grantMandate(hub, { account: id, buyer: buyerSiret, notBefore, notAfter })
    const account = await hub.accounts.find(id)
    if (!account) throw new Error(`no account ${id}`)
    const { token } = await hub.tokens.issue(account.id, scopes)
    return createSender(`http://127.0.0.1:${port}`, token, connections)
  }
  small = await Promise.all(Array.from({ length: smallAccounts }, async (_, i) => await open(`petit-${i}`, 1)))
  flood = await open('inonde', floodWidth)
  await hub.close()
  gateway = prepareGateway(settings)
  await gateway.start()
})
afterAll(async () => {
  for (const sender of [...small, flood]) sender.close()
  await gateway.kill()
  await rm(directory, { recursive: true, force: true })
})

/** A contract with so many modifications that it is judged in a thread. Its id is to be filled in. */
const longAward = ((): string => {
  const file = JSON.parse(anAward({ id: 'ID' })) as {
    marches: { marche: { modifications: { modification: Readonly<Record<string, unknown>> }[] }[] }
  }
  const [marche] = file.marches.marche
  const [first] = marche?.modifications ?? []
  if (!marche || !first) throw new Error('the example has no modification')
  marche.modifications = Array.from({ length: 120 }, (_, i) => ({ modification: { ...first.modification, id: i + 1 } }))
  return JSON.stringify(file)
})()

const all: Sent[] = []
function next(): Sent {
  const id = `F-${all.length}`
  const sent = { key: `key-${id}`, id, body: Buffer.from(longAward.replace('"ID"', `"${id}"`)), created: 0 }
  all.push({ ...sent, receipt: undefined })
  return all.at(-1) as Sent
}

interface Run {
  /** Milliseconds of each acknowledged deposit, the shortest first. */
  readonly times: readonly number[]
  readonly refused: number
}

/** One account's documents, `width` at a time, for as long as `going` says. */
async function send(sender: Sender, width: number, pause: number, going: () => boolean): Promise<Run> {
  const times: number[] = []
  let refused = 0
  const one = async (): Promise<void> => {
    await sleep(Math.random() * pause)
    while (going()) {
      const sent = next()
      const start = performance.now()
      const { status, headers, body } = await sender.deposit(sent.key, sent.body)
      if (status === 201) {
        times.push(performance.now() - start)
        sent.created++
        sent.receipt = body
      } else {
        refused++
        if ((status !== 429 && status !== 503) || !(Number(headers['retry-after']) > 0))
          throw new Error(`answered ${status} ${body.toString('utf8')}`)
      }
      await sleep(pause)
    }
  }
  await Promise.all(Array.from({ length: width }, one))
  return { times: times.sort((a, b) => a - b), refused }
}

async function runSmall(): Promise<Run> {
  const end = performance.now() + runMs
  const runs = await Promise.all(
    small.map(async (sender) => await send(sender, 1, pauseMs, () => performance.now() < end)),
  )
  return {
    times: runs.flatMap(({ times }) => times).sort((a, b) => a - b),
    refused: runs.reduce((sum, run) => sum + run.refused, 0),
  }
}

const percentile = ({ times }: Run, part: number): number => Math.round(times[Math.floor(times.length * part)] ?? 0)
const told = (name: string, run: Run): string =>
  `${name}: ${run.times.length} acknowledged, ${run.refused} refused, p50 ${percentile(run, 0.5)} ms, p99 ${percentile(run, 0.99)} ms`

describe('one account that floods the hub', () => {
  test('is refused its surplus with a delay; the small ones keep their success and their time; nothing acknowledged is lost', async () => {
    // Warm-up: threads and compiled rules.
    const warm = performance.now() + 2_000
    await send(flood, 8, 1, () => performance.now() < warm)
    const alone = await runSmall()
    let flooding = true
    const flooded = send(flood, floodWidth, 100, () => flooding)
    await sleep(2_000)
    const beside = await runSmall()
    flooding = false
    const surplus = await flooded
    console.log(
      [told('small, alone', alone), told('small, beside the flood', beside), told('flood', surplus)].join('\n'),
    )
    expect(alone.refused).toBe(0)
    expect(beside.refused).toBe(0)
    expect(surplus.refused).toBeGreaterThan(surplus.times.length / 10)
    // Nearly as much as alone (the flood's sender shares the machine), and nobody small waits as long as half of the flood.
    expect(beside.times.length).toBeGreaterThan(alone.times.length * 0.4)
    expect(percentile(beside, 0.99)).toBeLessThan(percentile(surplus, 0.5))
    await gateway.stop()
    const text = async (name: string): Promise<string> => await readFile(join(directory, 'keys/trust', name), 'utf8')
    const trust = parseTrust({ logVkey: await text('log.vkey'), sealCa: await text('seal-ca.pem') })
    const acknowledged = all.filter(({ receipt }) => receipt !== undefined)
    const { documents, faults } = checkLog(join(directory, 'ledger.sqlite'), acknowledged, trust)
    expect(faults).toEqual([])
    expect(documents).toBe(acknowledged.length)
  }, 120_000)
})
