import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, readConfig } from '@socle/gateway'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ComposeProject, ComposeService } from '../deploy/compose.ts'
import { buildJudge, judge, type Judgement, repository } from '../deploy/judge.ts'
import { maySkip } from '../interop/tools.ts'

const file = join(repository, 'deploy/compose.yaml')
const text = readFileSync(file, 'utf8')
const tool = buildJudge()

/** What the hub has by itself: the file repeats it, and must not differ. */
const plainTime = readConfig({}).servers.time

let work: string
let variables: string
let project: ComposeProject
let services: readonly (readonly [string, ComposeService])[]

describe.skipIf(maySkip(tool))('the compose file', () => {
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'socle-compose-'))
    variables = join(work, 'env')
    const drawn = spawnSync('sh', [join(repository, 'deploy/compose/env.sh')], { encoding: 'utf8' })
    expect(drawn.status).toBe(0)
    writeFileSync(variables, drawn.stdout)
    const judged: Judgement<ComposeProject> = judge(tool, 'compose', file, variables)
    expect(judged.findings).toEqual([])
    project = judged.read
    services = Object.entries(project.services)
  })
  afterAll(() => rmSync(work, { recursive: true, force: true }))

  /** Judges a changed copy, or the file with other variables. */
  function findings(change: (text: string) => string, values = readFileSync(variables, 'utf8')): string {
    const [changed, given] = [join(work, 'compose.yaml'), join(work, 'changed-env')]
    writeFileSync(changed, change(text))
    writeFileSync(given, values)
    return judge(tool, 'compose', changed, given).findings.join('\n')
  }

  test('is read by Compose’s own loader, which finds what is missing or astray', () => {
    expect(findings((same) => same, '')).toContain('required variable')
    expect(findings((it) => it.replace('networks: [bus]', 'networks: [buss]'))).toContain('buss')
    expect(findings((it) => it.replace('read_only: true', 'readonly: true'))).toContain('readonly')
    expect(findings((it) => it.replace('service_completed_successfully', 'service_done'))).toContain('condition')
  })

  test('gives every process of the hub settings that the hub accepts', () => {
    const ours = services.filter(([, { environment = {} }]) => 'HUB_ENVIRONMENT' in environment)
    expect(ours.map(([name]) => name).sort()).toEqual(['gateway-1', 'gateway-2', 'migrate', 'topics'])
    for (const [name, { environment = {} }] of ours) {
      const { servers } = readConfig(environment as Record<string, string>)
      expect(servers.kafka?.brokers).toHaveLength(3)
      expect(servers.redisUrl).toMatch(/^redis:/)
      expect(servers.postgres?.migrationUrl !== undefined, name).toBe(name === 'migrate')
    }
  })

  test('is a production hub by its variables alone, and stays the sandbox without them', () => {
    const given = [
      'HUB_ENVIRONMENT=production',
      'HUB_TSA_URLS=https://tsa.example/tsr, http://tsa-2.example/',
      'HUB_TSA_POLICIES=0.4.0.2023.1.1',
      'HUB_TSA_OUTAGE=7200',
    ]
    const changed = join(work, 'production-env')
    writeFileSync(changed, `${readFileSync(variables, 'utf8')}${given.join('\n')}\n`)
    const { findings: none, read } = judge<ComposeProject>(tool, 'compose', file, changed)
    expect(none).toEqual([])
    const configOf = ({ services: all }: ComposeProject, name: string): Config =>
      readConfig(all[name]?.environment as Record<string, string>)
    for (const name of ['gateway-1', 'gateway-2', 'migrate', 'topics']) {
      const { environment, logOrigin, servers } = configOf(read, name)
      expect([environment, logOrigin]).toEqual(['production', 'socle.invalid/production/2026h2'])
      expect(servers.time.authorities.map(({ url }) => url)).toEqual([
        'https://tsa.example/tsr',
        'http://tsa-2.example/',
      ])
      expect(servers.time).toMatchObject({ outageMs: 7_200_000, urgentOutageMs: 7_200_000 })
    }
    expect(configOf(project, 'gateway-1')).toMatchObject({ environment: 'sandbox', servers: { time: plainTime } })
    // The authorities are outside.
    expect(Object.keys(read.services['gateway-1']?.networks ?? {})).toContain('edge')
    expect(read.networks['edge']?.internal ?? false).toBe(false)
  })

  test('ties every service down, with a bound on its memory and a version', () => {
    for (const [name, service] of services) {
      expect(service.cap_drop, name).toEqual(['ALL'])
      expect(service.security_opt, name).toEqual(['no-new-privileges:true'])
      expect(Number(service.deploy?.resources.limits?.memory), name).toBeGreaterThan(2 ** 27)
      expect(service.image, name).toMatch(/:\d+\.\d+/)
    }
    const writable = services.filter(([, service]) => service.read_only !== true).map(([name]) => name)
    expect(writable).toEqual(['kafka-1', 'kafka-2', 'kafka-3'])
  })

  test('opens one port, on the loopback, and leaves the servers no way out', () => {
    const open = services.filter(([, { ports = [] }]) => ports.length > 0)
    expect(open.map(([name]) => name)).toEqual(['balancer'])
    expect(open[0]?.[1].ports).toMatchObject([{ host_ip: '127.0.0.1', published: '8080' }])
    for (const name of ['postgres', 'redis', 'kafka-1', 'kafka-2', 'kafka-3'])
      for (const network of Object.keys(project.services[name]?.networks ?? {}))
        expect(project.networks[network]?.internal, name).toBe(true)
  })

  test('lets the gateways wait for the schema, and not for Kafka nor Redis', () => {
    for (const name of ['gateway-1', 'gateway-2'])
      expect(project.services[name]?.depends_on).toMatchObject({
        migrate: { condition: 'service_completed_successfully' },
        postgres: { condition: 'service_healthy' },
      })
    expect(Object.keys(project.services['gateway-1']?.depends_on ?? {}).sort()).toEqual(['migrate', 'postgres'])
  })

  test('draws every password anew and holds none', () => {
    const names = [...text.matchAll(/\$\{(\w+):\?/g)].map(([, name = '']) => name)
    const drawn = readFileSync(variables, 'utf8')
    for (const name of new Set(names)) expect(drawn).toMatch(new RegExp(`^${name}=[\\w-]{20,}$`, 'm'))
    const values = new Set(drawn.split('\n').map((line) => line.slice(line.indexOf('=') + 1)))
    let found = 0
    for (const [name, { environment = {} }] of services)
      for (const [variable, value] of Object.entries(environment)) {
        const inUrl = URL.canParse(value ?? '') ? new URL(value ?? '').password : ''
        const password = variable.includes('PASSWORD') ? (value ?? '') : decodeURIComponent(inUrl)
        if (password === '') continue
        found++
        expect(values.has(password), `${name} ${variable}`).toBe(true)
      }
    expect(found).toBeGreaterThan(10)
  })

  test('names files that are there', () => {
    for (const { file: named } of Object.values(project.configs))
      expect(readFileSync(named.startsWith('/') ? named : join(repository, named), 'utf8')).not.toBe('')
  })
})
