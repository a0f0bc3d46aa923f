import { readConfig, serve, wire } from '@socle/gateway'
import type { MortalPlan } from './mortal-plan.ts'

/**
 * A replica that dies by SIGKILL at one step: inside the ledger's transaction the first time that it gets there, in the
 * flow the first time after it was told "arm". It ends with the process that started it. Settings come from its
 * environment, as those of every replica.
 */
const plan = JSON.parse(process.argv[2] ?? '{}') as MortalPlan
let armed = false
let carried = false
process.on('disconnect', () => process.exit(1))
process.on('message', () => {
  armed = true
  process.send?.('armed')
})
const hub = await wire(readConfig(process.env), {
  ...(plan.killAt ? { killAt: plan.killAt } : {}),
  at(point) {
    // The relay passes its two points with nothing to carry, too: they count once it has carried something.
    const idle = (point === 'published' || point === 'relay-moved') && !carried
    if (armed && point === plan.at && !idle) process.kill(process.pid, 'SIGKILL')
  },
})
await serve({
  ...hub,
  bus: {
    ...hub.bus,
    async publish(messages) {
      await hub.bus.publish(messages)
      carried ||= armed
    },
  },
})
