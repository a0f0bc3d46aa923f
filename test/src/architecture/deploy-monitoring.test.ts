import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { repository } from '../deploy/judge.ts'
import { metricsIn } from '../deploy/metrics.ts'
import { findProgram } from '../deploy/program.ts'
import { maySkip } from '../interop/tools.ts'
import { startHub, type TestHub } from '../support/hub.ts'

const folder = join(repository, 'deploy/monitoring')
const read = (name: string): string => readFileSync(join(folder, name), 'utf8')

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary: string; readonly runbook: string }
}
interface Panel {
  readonly title: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets: readonly { readonly expr: string }[]
}

const rules = (parse(read('alerts.yaml')) as { groups: readonly { rules: readonly Rule[] }[] }).groups.flatMap(
  ({ rules }) => rules,
)
const { panels } = JSON.parse(read('dashboard.json')) as { panels: readonly Panel[] }
const expressions: readonly (readonly [string, string])[] = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
]

describe('alerts and dashboard', () => {
  let hub: TestHub
  let exposed: string
  let routes: readonly string[]
  beforeAll(async () => {
    hub = await startHub()
    const { paths } = (await (await fetch(`${hub.url}/openapi.json`)).json()) as { paths: Record<string, unknown> }
    routes = Object.keys(paths).map((path) => path.replaceAll(/\{(\w+)\}/g, ':$1'))
    exposed = await (await fetch(`${hub.url}/metrics`)).text()
  })
  afterAll(async () => await hub[Symbol.asyncDispose]())

  /** What Prometheus calls the series of a hub, with their labels; asked of the hub itself. */
  function labelsOf(name: string): readonly string[] | undefined {
    const family = exposed.includes(`# TYPE ${name} `) ? name : name.replace(/_(?:bucket|count|sum)$/, '')
    if (!exposed.includes(`# TYPE ${family} `)) return undefined
    const metric = hub.hub.events.registry.getSingleMetric(family) as { readonly labelNames?: readonly string[] }
    return [...(metric.labelNames ?? []), ...(name.endsWith('_bucket') ? ['le'] : []), 'instance', 'job']
  }

  test.each(expressions)('%s asks for series and labels that a hub has', (_, expression) => {
    const uses = metricsIn(expression)
    if (!expression.includes('node_filesystem')) expect(uses.length).toBeGreaterThan(0)
    for (const { name, matchers } of uses) {
      const labels = labelsOf(name)
      expect(labels, name).toBeDefined()
      for (const { label, operator, value } of matchers) {
        expect(labels, `${name}{${label}}`).toContain(label)
        if (label !== 'route') continue
        const wanted = value.includes('(') ? new RegExp(`^(?:${value})$`) : undefined
        const found = routes.filter((route) => (wanted ? wanted.test(route) : route === value))
        expect(found.length, `${operator} ${value}`).toBeGreaterThanOrEqual(wanted ? 4 : 1)
      }
    }
  })

  test('every failure that an alert waits for is one that the hub tells', () => {
    const sources = readdirSync(join(repository, 'gateway/src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
      .map((path) => readFileSync(join(repository, 'gateway/src', path), 'utf8'))
      .join('\n')
    const awaited = expressions.flatMap(([, expression]) =>
      metricsIn(expression).flatMap(({ matchers }) =>
        matchers.flatMap(({ label, value }) => (label === 'what' ? value.split('|') : [])),
      ),
    )
    expect(awaited.length).toBeGreaterThan(3)
    expect(awaited.filter((what) => !new RegExp(`failed\\(\\s*'${what}'`).test(sources))).toEqual([])
  })

  test('the check sees a metric that is not there', () => {
    expect(metricsIn('sum(rate(socle_nothing_total{what="x"}[5m]))')).toMatchObject([{ name: 'socle_nothing_total' }])
    expect(labelsOf('socle_nothing_total')).toBeUndefined()
    expect(labelsOf('socle_documents_total')).not.toContain('account')
  })

  test('every alert leads to a runbook that is there', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
    for (const { alert, labels, annotations } of rules) {
      expect(['page', 'ticket'], alert).toContain(labels.severity)
      expect(existsSync(join(repository, 'deploy/runbooks', annotations.runbook)), alert).toBe(true)
    }
  })

  test('no panel of the dashboard lies on another', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true)
  })
})

const promtool = findProgram('promtool', '--version', 'prometheus')

describe.skipIf(maySkip(promtool))('promtool', () => {
  let work: string
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'socle-alerts-'))
  })
  afterAll(() => rmSync(work, { recursive: true, force: true }))

  function says(...parameters: readonly string[]): { readonly status: number | null; readonly text: string } {
    const command = promtool.ready ? promtool.command : ''
    const { status, stdout, stderr } = spawnSync(command, parameters, { cwd: work, encoding: 'utf8' })
    return { status, text: `${stdout}${stderr}` }
  }

  test('reads the rules, and each alert fires when it should and only then', () => {
    cpSync(folder, work, { recursive: true })
    expect(says('check', 'rules', 'alerts.yaml')).toMatchObject({ status: 0 })
    expect(says('test', 'rules', 'alerts.test.yaml')).toMatchObject({ status: 0 })
    const tested = read('alerts.test.yaml')
    expect(rules.map(({ alert }) => alert).filter((alert) => !tested.includes(`"${alert}"`))).toEqual([])
  })

  test('finds a rule that no longer fires', () => {
    writeFileSync(join(work, 'alerts.yaml'), read('alerts.yaml').replaceAll('== 0', '== 1'))
    const { status, text } = says('test', 'rules', 'alerts.test.yaml')
    expect(status).toBe(1)
    expect(text).toContain('FAILED')
  })
})
