import { generateKeyPairSync } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openKeys, readConfig } from '@socle/gateway'
import { makeWitnessKey } from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { buildJudge, judge, type Judgement, repository } from '../deploy/judge.ts'
import { type Container, environmentOf, type KubernetesObject, type PodSpec } from '../deploy/kubernetes.ts'
import { maySkip } from '../interop/tools.ts'

const chart = join(repository, 'deploy/chart')
const tool = buildJudge()

const least = {
  image: { repository: 'registry.example/socle' },
  publicUrl: 'https://hub.example',
  logOrigin: 'socle.example/sandbox/2026h2',
  store: { secretName: 'socle-store' },
  keys: { secretName: 'socle-keys' },
  kafka: { brokers: ['kafka-1.example:9093', 'kafka-2.example:9093'] },
}
const fingerprint = 'ab'.repeat(32)
const time = { urls: ['https://tsa.example/tsr', 'http://tsa-2.example:3161/'], policies: ['0.4.0.2023.1.1'] }
const production = { ...least, environment: 'production', logOrigin: 'socle.example/production/2026h2', time }
const hiddenTime = { secretName: 'socle-time', policies: time.policies }
const digest = `sha256:${'0'.repeat(64)}`
const within = (namespace: string): object => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
})
const everything = {
  ...least,
  image: { ...least.image, digest, pullSecrets: ['registry'] },
  settings: { HUB_RATE: '50', HUB_LOG_LEVEL: 'warn' },
  kafka: { ...least.kafka, caSecretName: 'kafka-ca', sasl: { mechanism: 'scram-sha-512', secretName: 'kafka-user' } },
  redis: { secretName: 'socle-redis' },
  ingress: {
    enabled: true,
    className: 'nginx',
    host: 'hub.example',
    tlsSecretName: 'hub-tls',
    annotations: { a: 'b' },
  },
  networkPolicy: {
    ingressController: [within('ingress')],
    prometheus: [within('monitoring')],
    postgres: { port: 5432, to: [{ ipBlock: { cidr: '10.1.0.0/16' } }] },
  },
  monitoring: { serviceMonitor: { enabled: true }, rules: { enabled: true, labels: { release: 'prometheus' } } },
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  tolerations: [{ key: 'hub', operator: 'Exists' }],
}

let work: string
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'socle-chart-'))
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

function rendered(values: object, from = chart): Judgement<readonly KubernetesObject[]> {
  const file = join(work, 'values.yaml')
  writeFileSync(file, stringify(values))
  return judge(tool, 'chart', from, file)
}

function podsOf(objects: readonly KubernetesObject[]): readonly (readonly [string, PodSpec])[] {
  return objects.flatMap(({ metadata, spec }) => (spec?.template ? [[metadata.name, spec.template.spec] as const] : []))
}

/** Files that a pod does not start without. */
function requiredKeys(objects: readonly KubernetesObject[]): readonly string[] {
  const [[, pod] = []] = podsOf(objects)
  const sources = pod?.volumes.flatMap(({ projected }) => projected?.sources ?? []) ?? []
  const required = sources.filter(({ secret }) => secret.optional !== true)
  return required.flatMap(({ secret }) => secret.items.map(({ path }) => path)).sort()
}

/** What the hub itself asks for when there is nothing. */
function keysOfProduction(): readonly string[] {
  try {
    openKeys(join(work, 'no-keys'), { environment: 'production', origin: production.logOrigin, now: new Date() })
  } catch (error) {
    return [...String(error).matchAll(/^([\w./-]+): the /gm)].map(([, file = '']) => file).sort()
  }
  throw new Error('keys were made in production')
}

/** Ways out to the port that only an authority of these tests has. */
function timeRules(objects: readonly KubernetesObject[]): NonNullable<NonNullable<KubernetesObject['spec']>['egress']> {
  return policyOf(objects)?.egress?.filter(({ ports }) => ports.some(({ port }) => port === 3161)) ?? []
}

function policyOf(objects: readonly KubernetesObject[]): KubernetesObject['spec'] {
  return objects.find(({ kind }) => kind === 'NetworkPolicy')?.spec
}

describe.skipIf(maySkip(tool))('the chart', () => {
  test('is rendered and linted by Helm, and every object is one of the Kubernetes API', () => {
    const few = rendered(least)
    expect(few.findings).toEqual([])
    expect(few.read.map(({ kind }) => kind).sort()).toEqual(
      ['Deployment', 'Job', 'Job', 'NetworkPolicy', 'PodDisruptionBudget', 'Service', 'ServiceAccount'].sort(),
    )
    const all = rendered(everything)
    expect(all.findings).toEqual([])
    const more = all.read.map(({ kind }) => kind)
    expect(more).toEqual(expect.arrayContaining(['Ingress', 'ServiceMonitor', 'PrometheusRule']))
  })

  test.each([
    ['least', least],
    ['everything', everything],
    ['production', production],
    ['hidden', { ...production, time: hiddenTime, networkPolicy: { time: { ports: [443] } } }],
  ])('gives every process settings that the hub accepts (%s)', (_, values) => {
    const pods = podsOf(rendered(values).read)
    expect(pods.map(([name]) => name).sort()).toEqual(['socle', 'socle-migrate', 'socle-topics'])
    for (const [name, { containers }] of pods)
      for (const container of containers) {
        const config = readConfig(environmentOf(container))
        expect(config.servers.kafka?.brokers, name).toEqual(least.kafka.brokers)
        expect(config.servers.postgres?.migrationUrl !== undefined, name).toBe(name === 'socle-migrate')
      }
  })

  test('asks of a production hub the keys that it reads, and tells it every outside authority', () => {
    const anchors = [fingerprint, fingerprint.toUpperCase()]
    const { read, findings } = rendered({ ...production, time: { ...time, anchors, tlsCaSecretName: 'tsa-tls' } })
    expect(findings).toEqual([])
    const [, pod] = podsOf(read).find(([name]) => name === 'socle') ?? []
    const { environment, servers } = readConfig(environmentOf(pod?.containers[0] as Container))
    expect(environment).toBe('production')
    expect(servers.time).toMatchObject({
      authorities: time.urls.map((url) => ({ url, anchor: fingerprint })),
      policies: time.policies,
      tlsCaFile: '/etc/socle/time/ca.crt',
    })
    expect(requiredKeys(read)).toEqual(keysOfProduction())
    expect(requiredKeys(rendered(least).read)).toContain('tsa.pem')
  })

  test('runs nothing as root, writes nothing in the image, holds no token and no secret', () => {
    const { read } = rendered(everything)
    expect(read.map(({ kind }) => kind)).not.toContain('Secret')
    for (const [name, pod] of podsOf(read)) {
      expect(pod.automountServiceAccountToken, name).toBe(false)
      expect(pod.securityContext, name).toMatchObject({ runAsNonRoot: true, runAsUser: 10_001 })
      for (const { image, securityContext, volumeMounts } of pod.containers) {
        expect(image).toBe(`registry.example/socle:0.1.0@${digest}`)
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        })
        const volumes = pod.volumes.map(({ name }) => name)
        expect(volumes).toEqual(expect.arrayContaining(volumeMounts.map(({ name }) => name)))
      }
    }
  })

  test('lets every pod out to its servers only, and in only who was named', () => {
    const objects = rendered(everything).read
    const policy = policyOf(objects)
    const outPorts = policy?.egress?.flatMap(({ ports }) => ports.map(({ port }) => port))
    expect([...new Set(outPorts)].sort((a, b) => a - b)).toEqual([53, 443, 5432, 6379, 9092])
    expect(policy?.ingress?.flatMap(({ from = [] }) => from)).toHaveLength(2)
    const wanted = policy?.podSelector?.matchLabels ?? {}
    expect(Object.keys(wanted)).toHaveLength(2)
    const templates = objects.flatMap(({ spec }) => spec?.template ?? [])
    for (const { metadata } of templates) expect(metadata.labels).toMatchObject(wanted)
    expect(policyOf(rendered(least).read)?.ingress).toEqual([])
  })

  test('lets pods out to the ports of the authorities, to public addresses unless others are named', () => {
    const [ofTime, ...others] = timeRules(rendered(production).read)
    expect(ofTime?.ports.map(({ port }) => port)).toEqual([443, 3161])
    expect(JSON.stringify(ofTime?.to)).toContain('192.168.0.0/16')
    expect(others).toEqual([])
    expect(timeRules(rendered(least).read)).toEqual([])
    const to = [{ ipBlock: { cidr: '10.2.0.1/32' } }]
    const hidden = { ...production, time: hiddenTime, networkPolicy: { time: { ports: [3161], to } } }
    expect(timeRules(rendered(hidden).read)).toEqual([{ ports: [{ port: 3161, protocol: 'TCP' }], to }])
  })

  test('changes the schema before the replicas, and gives a replica the time it needs to stop', () => {
    const objects = rendered(least).read
    const hookOf = (name: string): string | undefined =>
      objects.find(({ metadata }) => metadata.name === name)?.metadata.annotations?.['helm.sh/hook']
    expect(hookOf('socle-migrate')).toBe('pre-install,pre-upgrade')
    expect(hookOf('socle-topics')).toBe('post-install,post-upgrade')
    const [, pod] = podsOf(objects).find(([name]) => name === 'socle') ?? []
    // 5 s before SIGTERM and the 20 s of `socle serve`.
    expect(pod?.terminationGracePeriodSeconds).toBeGreaterThan(25)
  })

  test('carries the alerts of deploy/monitoring', () => {
    const rule = rendered(everything).read.find(({ kind }) => kind === 'PrometheusRule')
    expect(JSON.stringify(rule?.spec?.groups)).toContain('SocleRelayStuck')
  })

  test('tells replicas their witnesses, and lets them out there', () => {
    const { publicKey } = generateKeyPairSync('ed25519')
    const list = [{ url: 'https://witness.example:8443/prefix', vkey: makeWitnessKey('witness.example/w1', publicKey) }]
    const { read, findings } = rendered({ ...least, witnesses: { list, mode: 'receipt', quorum: 1 } })
    expect(findings).toEqual([])
    const [, pod] = podsOf(read).find(([name]) => name === 'socle') ?? []
    const { servers } = readConfig(environmentOf(pod?.containers[0] as Container))
    expect(servers.watch).toMatchObject({ mode: 'receipt', quorum: 1, witnesses: list })
    const ports = policyOf(read)?.egress?.flatMap((rule) => rule.ports.map(({ port }) => port))
    expect(ports).toContain(8443)
  })

  const { store: _, ...withoutStore } = least
  test.each([
    ['one replica, which no rolling upgrade survives', { ...least, replicas: 1 }, 'replicas'],
    ['no store', withoutStore, 'secretName'],
    ['the tag latest', { ...least, image: { ...least.image, tag: 'latest' } }, 'tag'],
    ['an address with its password', { ...least, settings: { HUB_STORE_URL: 'postgres://a:b@c/d' } }, 'HUB_STORE_URL'],
    ['a value that nothing reads', { ...least, replicaCount: 5 }, 'replicaCount'],
    ['an address of an authority among the settings', { ...least, settings: { HUB_TSA_URLS: 'http://a' } }, 'HUB_TSA'],
    ['production without an outside clock', { ...production, time: {} }, 'time.urls'],
    ['production that takes any policy', { ...production, time: { urls: time.urls } }, 'time.policies'],
    ['an authority with its password', { ...production, time: { ...time, urls: ['https://a:b@c/d'] } }, '@'],
    ['two sources of addresses', { ...production, time: { ...time, ...hiddenTime } }, 'one of them'],
    ['one anchor for two authorities', { ...production, time: { ...time, anchors: [fingerprint] } }, 'time.anchors'],
    ['hidden authorities behind a closed port', { ...production, time: hiddenTime }, 'networkPolicy.time.ports'],
    ['receipts that wait for nobody', { ...least, witnesses: { mode: 'receipt' } }, 'witnesses.list'],
    ['more witnesses than there are', { ...least, witnesses: { quorum: 1 } }, 'witnesses.quorum'],
    ['a broker without its port', { ...least, kafka: { brokers: ['kafka.example'] } }, 'brokers'],
  ])('refuses %s', (_, values, named) => {
    expect(rendered(values).findings.join('\n')).toContain(named)
  })

  test('its judge finds a field that Kubernetes does not know', () => {
    const broken = join(work, 'broken')
    cpSync(chart, broken, { recursive: true, dereference: true })
    const file = join(broken, 'templates/deployment.yaml')
    writeFileSync(file, readFileSync(file, 'utf8').replace('terminationGracePeriodSeconds', 'terminationGraceSeconds'))
    expect(rendered(least, broken).findings.join('\n')).toContain('terminationGraceSeconds')
  })
})
