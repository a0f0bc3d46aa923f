import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { examine } from '@socle/mappings'
import type { Finding } from '@socle/schemas'
import { describe, expect, test } from 'vitest'

/** Documents that nobody on this project wrote, beside the repository where there are some. */
const samples = join(import.meta.dirname, '../../../../shared/data')
const here = existsSync(samples)
if (!here) process.stdout.write(`SKIPPED: ${samples} is not there, so no document of other people is judged\n`)

const socle = join(import.meta.dirname, '../../../gateway/bin/socle.mjs')
const now = new Date('2026-11-24T12:00:00Z')

interface Line {
  readonly file: string
  readonly format: string
  readonly version: string | null
  readonly verdict: string
  readonly findings: readonly Finding[]
}

function validate(...names: readonly string[]): readonly Line[] {
  const files = names.map((name) => join(samples, name))
  const { stdout, status } = spawnSync(process.execPath, [socle, 'validate', '--json', ...files], {
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 2 ** 28,
  })
  expect([0, 1]).toContain(status)
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

const filesUnder = (): readonly string[] =>
  readdirSync(samples, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()

/** The place after which a cut changes nothing: the end of the root element or of the outermost value. */
function endOf(bytes: Buffer): number {
  return Math.max(bytes.lastIndexOf('>'), bytes.lastIndexOf('}'), bytes.lastIndexOf(']'))
}

/** Numbers from a seed, from 0 to 1: the same places at each run. */
function* seeded(seed: number): Generator<number> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    yield state / 2 ** 32
  }
}

describe.skipIf(!here)('documents of other people', () => {
  test('contract notices of subtype 16 are accepted, the largest of them too', () => {
    const names = ['maximal', 'maximal_100_lots', 'multilingual', 'cumbria', 'open_accel', 'nego_accel']
    const lines = validate(...names.map((name) => `eforms/notices/cn_24_${name}.xml`))
    expect(lines.map(({ verdict, format }) => `${format} ${verdict}`)).toEqual(names.map(() => 'eforms accepted'))
  })

  test('e-DUME responses of three versions are accepted under their own version', () => {
    const names = ['v2.1.1/BASIC-ESPDResponse-2.1.1', 'v3.3.0/ESPD-Response', 'v4.1.0/ESPD-Response']
    const lines = validate(...names.map((name) => `espd/${name}.xml`))
    expect(lines.map(({ format, version, verdict }) => `${format} ${version ?? ''} ${verdict}`)).toEqual([
      'espd-response 2.1.1 accepted',
      'espd-response 3.3.0 accepted',
      'espd-response 4.1.0 accepted',
    ])
  })

  test('award data in a version that never lived is refused, and says which version to write', () => {
    for (const { verdict, version, findings } of validate(
      'decp/dead-v2.0.0/json/mar-basique.json',
      'decp/dead-v2.0.0/json/paquet.json',
    )) {
      expect(verdict).toBe('refused')
      expect(version).toBe('2.0.0')
      const [first] = findings
      expect(first?.rule).toBe('DECP-VERSION-2-0-0')
      expect(first?.message.fr).toContain('2.0.4')
    }
  })

  test('a file of several contracts is judged record by record', () => {
    const name = 'decp/v2.0/json/marches_concessions.json'
    const [line] = validate(name)
    const file = JSON.parse(readFileSync(join(samples, name), 'utf8')) as { marches: Record<string, unknown[]> }
    const count = Object.values(file.marches).flat().length
    const { records } = examine(readFileSync(join(samples, name)), { now })
    expect(records).toHaveLength(count)
    const places = (line?.findings ?? []).map(({ record }) => record)
    expect(places.length).toBeGreaterThan(0)
    for (const place of places) {
      expect(place).toBeGreaterThanOrEqual(0)
      expect(place).toBeLessThan(count)
    }
    const refused = new Set(
      (line?.findings ?? []).flatMap(({ severity, record }) => (severity === 'reject' ? [record] : [])),
    )
    for (const { index, canonical } of records)
      expect(canonical === undefined, `record ${index}`).toBe(refused.has(index))
  })

  test('every file is judged within two seconds, accepted or refused with a reason in both languages', () => {
    const files = filesUnder()
    expect(files.length).toBeGreaterThan(100)
    for (const file of files) {
      const bytes = readFileSync(file)
      const started = performance.now()
      const { verdict, findings } = examine(bytes, { now })
      expect(performance.now() - started, file).toBeLessThan(2_000)
      expect(verdict, file).toBe(findings.some(({ severity }) => severity === 'reject') ? 'refused' : 'accepted')
      for (const { rule, message, source } of findings) {
        expect(rule, file).not.toBe('FORMAT-INTERNAL')
        expect([message.fr, message.en, source], file).not.toContain('')
      }
    }
  })

  test('every file cut short anywhere is refused', () => {
    const fractions = seeded(20_261_124)
    for (const file of filesUnder()) {
      const bytes = readFileSync(file)
      const end = endOf(bytes)
      if (end < 1) continue
      for (let i = 0; i < 5; i++) {
        const at = Math.floor((fractions.next().value as number) * end)
        const { verdict, findings } = examine(bytes.subarray(0, at), { now })
        expect(verdict, `${file} cut at ${at}`).toBe('refused')
        expect(findings.filter(({ severity }) => severity === 'reject').length, `${file} cut at ${at}`).toBeGreaterThan(
          0,
        )
      }
    }
  })
})
