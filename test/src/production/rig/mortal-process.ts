import { readConfig, serve, wire } from '@socle/gateway'
import type { MortalPlan } from './mortal-plan.ts'

/**
 * A replica that dies by SIGKILL at one step: inside the ledger's transaction the first time that it gets there, in the
 * flow the first time after it was told "arm". It ends with the process that started it. Settings come from its
 * environment, as those of every replica.
 */
const plan = JSON.parse(process.argv[2] ?? '{}') as MortalPlan
let armed = false
process.on('disconnect', () => process.exit(1))
process.on('message', () => {
  armed = true
  process.send?.('armed')
})
const hub = await wire(readConfig(process.env), {
  ...(plan.killAt ? { killAt: plan.killAt } : {}),
  at(point) {
    if (armed && point === plan.at) process.kill(process.pid, 'SIGKILL')
  },
})
await serve(hub)
