import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '@socle/gateway'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { buildJudge, judge, type Judgement, repository } from '../deploy/judge.ts'
import { environmentOf, type KubernetesObject, type PodSpec } from '../deploy/kubernetes.ts'
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

  const { store: _, ...withoutStore } = least
  test.each([
    ['one replica, which no rolling upgrade survives', { ...least, replicas: 1 }, 'replicas'],
    ['no store', withoutStore, 'secretName'],
    ['the tag latest', { ...least, image: { ...least.image, tag: 'latest' } }, 'tag'],
    ['an address with its password', { ...least, settings: { HUB_STORE_URL: 'postgres://a:b@c/d' } }, 'HUB_STORE_URL'],
    ['a value that nothing reads', { ...least, replicaCount: 5 }, 'replicaCount'],
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
