import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isReady } from './balancer.ts'
import { type Child, startChild } from './child.ts'
import type { MortalPlan } from './mortal-plan.ts'

/** One replica: `socle serve` as it is run, on a port of its own. */
export interface Gateway extends Child {
  readonly name: string
  readonly port: number
  /** Resolves when it says that it is ready. @throws when it ends before, or after 30 s */
  ready(): Promise<void>
}

const readyMs = 30_000

export interface GatewayPlan {
  readonly name: string
  readonly port: number
  readonly directory: string
  /** Settings of every replica. */
  readonly env: Readonly<Record<string, string>>
  /** Dies there; absent: the command as it is run. */
  readonly mortal?: MortalPlan
}

export function startGateway({ name, port, directory, env, mortal }: GatewayPlan): Gateway {
  const own = { HUB_PORT: String(port), HUB_DATA: join(directory, name) }
  const log = join(directory, `${name}.log`)
  const program = mortal
    ? { module: 'production/rig/mortal-process', parameters: [JSON.stringify(mortal)] }
    : { module: 'fault/socle-process', parameters: ['serve'] }
  const child = startChild({ ...program, env: { ...env, ...own }, log })
  return Object.assign(child, {
    name,
    port,
    async ready() {
      const end = Date.now() + readyMs
      while (!(await isReady(port))) {
        if (!child.running) throw new Error(`${name} ended before it was ready: see ${log}`)
        if (Date.now() > end) throw new Error(`${name} was not ready within 30 s: see ${log}`)
        await sleep(50)
      }
    },
  })
}
