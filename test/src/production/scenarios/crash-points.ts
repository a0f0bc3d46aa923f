import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '../../servers/ports.ts'
import { anAwardOf } from '../load/documents.ts'
import { createSender, type Deposit } from '../load/sender.ts'
import { type Gateway, startGateway } from '../rig/gateway.ts'
import type { MortalPlan } from '../rig/mortal-plan.ts'
import type { Rig } from '../rig/rig.ts'
import { type Scenario, toHold } from '../rig/scenario.ts'

/** Steps of a deposit, and whether a replica that dies there has recorded it: then the retry gets the receipt of it. */
const steps: readonly (MortalPlan & { readonly kept: boolean })[] = [
  { at: 'received', kept: false },
  { at: 'validated', kept: false },
  { at: 'sealed', kept: false },
  { killAt: 'head-locked', kept: false },
  { killAt: 'entries-inserted', kept: false },
  { killAt: 'checkpoint-signed', kept: false },
  { killAt: 'head-moved', kept: false },
  { killAt: 'committed', kept: true },
  { at: 'recorded', kept: true },
]

/** Steps of the loops; the replica that dies there holds their leases. */
const loops: readonly (MortalPlan & { readonly lease: string })[] = [
  { at: 'published', lease: 'relay' },
  { at: 'relay-moved', lease: 'relay' },
  { at: 'delivered', lease: 'webhooks' },
]

export const crashPoints: Scenario = {
  fault: 'F2',
  what: `a gateway SIGKILLed at each of ${steps.length + loops.length} steps`,
  options: { gateways: 1 },
  async act(rig) {
    for (let i = 0; i < steps.length; i += 2)
      await Promise.all(steps.slice(i, i + 2).map(async (step) => await dieDepositing(rig, step)))
    for (const step of loops) await dieInLoop(rig, step)
    return { loads: [], seen: 'kept after the commit only, each once after the retry' }
  },
  // What was published before the cursor moved must come again.
  felt: ({ repeated }) => repeated > 0,
}

let number = 0

function aDeposit({ accounts }: Rig): Deposit {
  const { id: account, token } = accounts.senders[0] ?? { id: '', token: '' }
  return { account, token, key: `step-${number}`, document: anAwardOf(number++, 'consultation-0') }
}

async function dieDepositing(rig: Rig, { kept, ...step }: MortalPlan & { readonly kept: boolean }): Promise<void> {
  const name = step.at ?? step.killAt ?? ''
  await using mortal = await startMortal(rig, step)
  const direct = createSender(`http://127.0.0.1:${mortal.gateway.port}`, name, 1, rig.history)
  const balanced = createSender(rig.balancer.url, 'retry', 1, rig.history)
  const deposit = aDeposit(rig)
  const first = await direct.attempt(deposit)
  if (first.type !== 'info') throw new Error(`${name}: answered ${first.status} by a replica that was to die`)
  await toDie(mortal.gateway)
  const retried = await balanced.attempt(deposit)
  if (retried.status !== (kept ? 200 : 201)) throw new Error(`${name}: the retry was answered ${retried.status}`)
  await Promise.all([direct.close(), balanced.close()])
}

/** The replica that is to die comes first and takes the leases; the other one takes the deposit, and then the loop. */
async function dieInLoop(rig: Rig, { lease, ...step }: (typeof loops)[number]): Promise<void> {
  const [other] = rig.gateways
  await rig.caughtUp()
  await other?.stop()
  await using mortal = await startMortal(rig, step)
  // Ready is not enough: the one that died before it may hold the lease still, and the other one would win it.
  await toHold(join(rig.directory, `${mortal.gateway.name}.log`), lease)
  other?.start()
  await other?.ready()
  const balanced = createSender(rig.balancer.url, 'loop', 1, rig.history)
  if (!(await balanced.settle(aDeposit(rig), Date.now() + 10_000))) throw new Error('not recorded')
  await toDie(mortal.gateway)
  await balanced.close()
}

/** @throws when it lives on for a minute, or ends otherwise */
async function toDie(gateway: Gateway): Promise<void> {
  const end = await Promise.race([gateway.ended(), sleep(60_000, undefined, { ref: false })])
  if (end?.signal === 'SIGKILL') return
  throw new Error(`${gateway.name} ${end ? `ended by ${end.signal}` : 'did not come to its step'}`)
}

async function startMortal(rig: Rig, step: MortalPlan): Promise<AsyncDisposable & { readonly gateway: Gateway }> {
  const [port = 0] = await freePorts(1)
  const { directory, env } = rig
  const gateway = startGateway({ name: `mortal-${step.at ?? step.killAt}`, port, directory, env, mortal: step })
  await gateway.ready()
  if (step.at) {
    gateway.tell('arm')
    await gateway.said()
  }
  return { gateway, [Symbol.asyncDispose]: async () => void (await gateway.kill()) }
}
