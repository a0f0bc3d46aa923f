import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { createStreamExaminer } from '@socle/mappings'
import type { Finding } from '@socle/schemas'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contractStream } from '../bench/contract-stream.ts'
import { aContract, type Json } from './base.ts'

const socle = join(import.meta.dirname, '../../../gateway/bin/socle.mjs')
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'socle-decp-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

interface Report {
  readonly format: string
  readonly version: string | null
  readonly verdict: string
  readonly findings: readonly Finding[]
  readonly records: { readonly read: number; readonly accepted: number; readonly refused: number }
  readonly rules: Readonly<Record<string, number>>
}

function validate(
  name: string,
  bytes: Uint8Array | string,
  ...options: string[]
): { status: number | null; lines: string[] } {
  const file = join(folder, name)
  writeFileSync(file, bytes)
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [socle, 'validate', '--stream', '--json', ...options, file],
    {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    },
  )
  expect(stderr).toBe('')
  return { status, lines: stdout.trimEnd().split('\n') }
}

const reportOf = (lines: readonly string[]): Report => JSON.parse(lines.at(-1) ?? '') as Report
const contract = (n: number, change: Json = {}): string => JSON.stringify({ ...aContract(), id: `C-${n}`, ...change })

/** Thousands of records, so that several batches run at once; every tenth has a fault, some break the stream. */
function mixed(count: number): string {
  return Array.from({ length: count }, (_, n) => {
    if (n % 10 === 3) return contract(n, { montant: 0 })
    if (n % 100 === 7) return contract(n).replace('du gymnase', 'du "gymnase"')
    return contract(n % 50 === 9 ? n - 1 : n)
  }).join(',\n')
}

describe('socle validate --stream', () => {
  test('finds on two cores what one thread finds, in the order of the records', () => {
    const bytes = Buffer.from(`{"marches":{"marche":[${mixed(2_000)}]}}`)
    const { status, lines } = validate('mixed.json', bytes)
    const report = reportOf(lines)
    const examiner = createStreamExaminer({ now: new Date() })
    const alone = [...examiner.push(bytes), ...examiner.end()]
    const told = alone.flatMap(({ findings }) => findings)
    expect(status).toBe(1)
    expect(report.records).toEqual({
      read: 2_000,
      accepted: alone.filter(({ verdict }) => verdict === 'accepted').length,
      refused: alone.filter(({ verdict }) => verdict === 'refused').length,
    })
    const counts: Record<string, number> = {}
    for (const { rule } of told) counts[rule] = (counts[rule] ?? 0) + 1
    expect(report.rules).toEqual(counts)
    expect(report.rules['DECP-MINIMUM']).toBe(200)
    expect(report.rules['DECP-DUPLICATE-RECORD']).toBeGreaterThan(20)
    const places = report.findings.filter(({ rule }) => rule === 'DECP-MINIMUM').map(({ record }) => record ?? -1)
    expect(places).toEqual([...places].sort((a, b) => a - b))
  })

  test('packed by gzip, it is the same', () => {
    const bytes = Buffer.concat([...contractStream(600_000)])
    const [plain, packed] = [validate('a.json', bytes), validate('a.json.gz', gzipSync(bytes))]
    const { records, verdict } = reportOf(plain.lines)
    expect(verdict).toBe('accepted')
    expect([plain.status, packed.status]).toEqual([0, 0])
    expect(reportOf(packed.lines).records).toEqual(records)
  })

  test('with --records, each record has its line before that of the file', () => {
    const { lines } = validate(
      'lines.ndjson',
      [contract(1), contract(2, { montant: 0 }), contract(3)].join('\n'),
      '--records',
    )
    expect(lines).toHaveLength(4)
    const [, second] = lines.map((line) => JSON.parse(line) as { index: number; verdict: string; findings: Finding[] })
    expect(second).toMatchObject({ index: 1, verdict: 'refused', findings: [{ rule: 'DECP-MINIMUM', record: 1 }] })
  })

  test('a file cut short is refused, and its records are judged', () => {
    const whole = `[${mixed(40)}]`
    const { status, lines } = validate('cut.json', whole.slice(0, -50))
    const report = reportOf(lines)
    expect(status).toBe(1)
    expect(report.records.read).toBe(39)
    expect(report.rules['STREAM-CUT']).toBe(1)
  })

  test('damaged gzip, a bomb and an empty file are refused by name', () => {
    const bytes = gzipSync(Buffer.concat([...contractStream(300_000)]))
    expect(Object.keys(reportOf(validate('d.gz', bytes.subarray(0, -9)).lines).rules)).toContain('STREAM-COMPRESSION')
    expect(Object.keys(reportOf(validate('b.gz', gzipSync(Buffer.alloc(20_000_000, 0x20))).lines).rules)).toEqual([
      'STREAM-LIMIT',
    ])
    expect(reportOf(validate('e.json', '').lines).findings.map(({ rule }) => rule)).toEqual(['DECP-NO-RECORD'])
  })

  test('memory does not grow with the file', () => {
    const peaks = [20_000_000, 60_000_000].map((size) => {
      const file = join(folder, `${size}.json`)
      writeFileSync(file, Buffer.concat([...contractStream(size)]))
      const shown = `process.on('exit', () => process.stderr.write(String(process.resourceUsage().maxRSS)))`
      const preload = join(folder, 'peak.mjs')
      writeFileSync(preload, shown)
      const { stderr } = spawnSync(
        process.execPath,
        ['--import', preload, socle, 'validate', '--stream', '--json', file],
        {
          encoding: 'utf8',
        },
      )
      rmSync(file)
      return Number(stderr) / 1024
    })
    const [small = 0, large = 0] = peaks
    expect(small).toBeGreaterThan(10)
    expect(large).toBeLessThan(300)
    expect(large - small).toBeLessThan(60)
  })
})
