import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '../../servers/ports.ts'
import { anAward } from '../../support/award.ts'
import { type Gateway, startGateway } from '../rig/gateway.ts'
import type { Rig } from '../rig/rig.ts'
import type { Scenario } from '../rig/scenario.ts'

/** Beyond what a gateway has open when its limit is set, and how many strangers want in. */
const spareDescriptors = 8
const strangers = 60

const lockedMs = 5_000

const bodies = 10
const bodyBytes = 8_000_000

/** One replica after the other, or all of them at once, has nothing left of what it needs; then it has again. */
export const exhausted: Scenario = {
  fault: 'F30',
  what: 'no descriptors left, no free connection to the store, little memory for large bodies',
  options: { gateways: 2, env: { HUB_STORE_POOL: '2' } },
  async act(rig) {
    const senders = rig.load({ senders: 8 })
    await senders.more(20)
    const seen = [await noDescriptors(rig, senders), await noConnections(rig), await littleMemory(rig)]
    await senders.more(20)
    return { loads: [senders], seen: seen.join('; ') }
  },
  felt: ({ unclear }) => Object.keys(unclear).some((why) => why.includes('STORE_UNAVAILABLE')),
}

/** The soft limit: it can be raised again by anybody, up to the hard one. */
function setLimit(pid: number, limit: string): void {
  execFileSync('prlimit', ['--pid', String(pid), `--nofile=${limit}:`])
}

const limitOf = (pid: number): string =>
  /Max open files\s+(\d+)/.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1] ?? '1024'

async function noDescriptors({ gateways: [gateway] }: Rig, senders: { more(count: number): Promise<void> }) {
  if (!gateway) throw new Error('no gateway')
  const before = readdirSync(`/proc/${gateway.pid}/fd`).length
  const usual = limitOf(gateway.pid)
  setLimit(gateway.pid, String(before + spareDescriptors))
  const sockets = Array.from({ length: strangers }, () => knock(gateway.port))
  await senders.more(20)
  const sentHome = sockets.filter((socket) => socket.closed).length
  if (sentHome < strangers / 2) throw new Error(`${sentHome} of ${strangers} strangers were sent home`)
  for (const socket of sockets) socket.destroy()
  setLimit(gateway.pid, usual)
  await gateway.ready()
  if (!gateway.running) throw new Error('it died')
  return `${spareDescriptors} descriptors left: ${sentHome} of ${strangers} strangers sent home, 20 acknowledged`
}

function knock(port: number): Socket {
  const socket = connect({ host: '127.0.0.1', port }).resume()
  socket.on('error', () => undefined)
  return socket
}

/** Whoever reads documents waits, and holds his connection: with two of them, soon everybody waits. */
async function noConnections({ servers: { postgres }, database, gateways }: Rig): Promise<string> {
  const lock = `begin; lock table documents in access exclusive mode; select pg_sleep(${lockedMs / 1_000}); commit`
  await postgres.query(lock, database)
  const from = Date.now()
  await Promise.all(gateways.map(async (gateway) => await gateway.ready()))
  return `a table locked for ${lockedMs / 1_000} s, ready ${Date.now() - from} ms later`
}

/** A replica of its own, and documents that nobody wants recorded: `dryRun` judges them and keeps nothing. */
async function littleMemory(rig: Rig): Promise<string> {
  const [port = 0] = await freePorts(1)
  const { directory, env } = rig
  const small = startGateway({
    name: 'small',
    port,
    directory,
    env: { ...env, NODE_OPTIONS: '--max-old-space-size=128' },
  })
  try {
    await small.ready()
    const body = largeAward()
    const answers = await Promise.all(Array.from({ length: bodies }, async () => await rehearse(rig, small, body)))
    await sleep(500)
    const died = !small.running
    if (died) small.start()
    await small.ready()
    return `${bodies} bodies of 8 MB at once in 128 MB: ${tally(answers)}, ${died ? 'it died and was started again' : 'alive'}`
  } finally {
    await small.stop()
  }
}

function largeAward(): string {
  const text = anAward()
  const [one = ''] = /(?<="marche": \[)[\s\S]*(?=\n {2}\],\n {2}"contrat)/.exec(text) ?? []
  const copies = Math.floor(bodyBytes / one.length)
  return text.replace(one, () => Array.from({ length: copies }, () => one).join(','))
}

async function rehearse({ accounts }: Rig, { port }: Gateway, body: string): Promise<string> {
  const headers = { authorization: `Bearer ${accounts.senders[0]?.token ?? ''}`, 'content-type': 'application/json' }
  const url = `http://127.0.0.1:${port}/v1/awards?dryRun=true`
  try {
    const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(60_000) })
    const { code } = (await answer.json()) as { readonly code?: string }
    return code === undefined ? String(answer.status) : `${answer.status} ${code}`
  } catch {
    return 'broken'
  }
}

function tally(words: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].map(([word, count]) => `${count} × ${word}`).join(', ')
}
