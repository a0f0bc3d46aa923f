import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { repository } from '../deploy/judge.ts'
import { findProgram } from '../deploy/program.ts'
import { maySkip } from '../interop/tools.ts'
import { freePorts } from '../servers/ports.ts'

const haproxy = findProgram('haproxy', '-v', 'haproxy')

interface Gateway {
  readonly server: Server
  ready: boolean
  /** Headers of the last request that was not about its health. */
  headers: Readonly<Record<string, unknown>>
}

/** Stands for a gateway: what is tested is where the real balancer, on our file, leads. */
async function gateway(name: string, port: number): Promise<Gateway> {
  const state: Gateway = {
    ready: true,
    headers: {},
    server: createServer((request, response: ServerResponse) => {
      if (request.url === '/health/ready') return response.writeHead(state.ready ? 200 : 503).end()
      state.headers = request.headers
      return response.end(name)
    }),
  }
  state.server.listen(port, '127.0.0.1')
  await once(state.server, 'listening')
  return state
}

describe.skipIf(maySkip(haproxy))('the balancer', () => {
  let url: string
  let one: Gateway
  let two: Gateway
  let balancer: ReturnType<typeof spawn>

  beforeAll(async () => {
    const [listen = 0, first = 0, second = 0] = await freePorts(3)
    one = await gateway('one', first)
    two = await gateway('two', second)
    url = `http://127.0.0.1:${listen}`
    const env = {
      PATH: process.env['PATH'],
      LISTEN: `127.0.0.1:${listen}`,
      GATEWAY_1: `127.0.0.1:${first}`,
      GATEWAY_2: `127.0.0.1:${second}`,
      RESOLVER: '127.0.0.1:53',
    }
    const command = haproxy.ready ? haproxy.command : ''
    balancer = spawn(command, ['-db', '-f', join(repository, 'deploy/compose/haproxy.cfg')], { env, stdio: 'ignore' })
    await until(async () => (await answersOf(2)).size > 0)
  })
  afterAll(async () => {
    const ended = once(balancer, 'exit')
    balancer.kill('SIGTERM')
    await ended
    for (const { server } of [one, two]) server.close()
  })

  async function answersOf(requests: number): Promise<ReadonlySet<string>> {
    const seen = new Set<string>()
    for (let request = 0; request < requests; request++) {
      const answer = await fetch(`${url}/v1/rules`).catch(() => undefined)
      if (answer?.ok) seen.add(await answer.text())
    }
    return seen
  }

  test('leads to both gateways, and away from the one that is not ready', async () => {
    await until(async () => (await answersOf(10)).size === 2)
    one.ready = false
    await until(async () => {
      const seen = await answersOf(10)
      return seen.size === 1 && seen.has('two')
    })
    one.ready = true
    await until(async () => (await answersOf(10)).size === 2)
  })

  test('hides /metrics, and lets nobody speak of a client certificate', async () => {
    for (const path of ['/metrics', '/metrics?a=b', '/%6Detrics'])
      expect((await fetch(`${url}${path}`)).status, path).toBe(404)
    two.ready = false
    await until(async () => !(await answersOf(10)).has('two'))
    await fetch(`${url}/v1/feed`, {
      headers: { 'Client-Cert': ':AAAA:', 'Client-Cert-Chain': ':AAAA:', 'X-Kept': 'yes' },
    })
    expect(one.headers['x-kept']).toBe('yes')
    expect(one.headers['client-cert']).toBeUndefined()
    expect(one.headers['client-cert-chain']).toBeUndefined()
  })
})

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 12_000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('the balancer did not get there within 12 s')
    await sleep(100)
  }
}
