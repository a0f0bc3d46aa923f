import type { Gateway } from './gateway.ts'

export interface Health {
  readonly status: string
  readonly missing?: { readonly from: number; readonly to: number }
  readonly log: { readonly size: number; readonly published: number }
}

/** What a gateway says of itself. */
export async function healthOf({ port }: Gateway): Promise<Health> {
  const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { headers: { connection: 'close' } })
  return (await answer.json()) as Health
}

/** All of them stopped in order. */
export async function stopAll(gateways: readonly Gateway[]): Promise<void> {
  await Promise.all(gateways.map(async (gateway) => await gateway.stop()))
}

/** All of them again, serving. */
export async function startAll(gateways: readonly Gateway[]): Promise<void> {
  for (const gateway of gateways) gateway.start()
  await Promise.all(gateways.map(async (gateway) => await gateway.ready()))
}
