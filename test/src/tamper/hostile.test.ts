import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Report, verifyPath } from '@socle/gateway'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mutate, randomFrom } from '../corpus/mutate.ts'
import { chosenSeed } from '../support/seed.ts'
import { copyOf, type EveryKind, writeEveryKind } from './hostile-files.ts'

const seed = chosenSeed()
console.info(`hostile seed: ${seed}`)
const mutants = 50
/** Milliseconds for one verification of a few hundred entries: fifty times what it takes here. */
const patience = 10_000

let root: string
let every: EveryKind
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'socle-hostile-'))
  every = await writeEveryKind(root)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** What a report never is: a stack, a screen of its own, or without end. */
function expectCalm(report: Report, how: string): void {
  expect(['proved', 'not-proved', 'unusable'], how).toContain(report.verdict)
  for (const text of [report.text('fr'), report.text('en')]) {
    expect(text, how).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m)
    expect(text, how).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
    expect(text.length, how).toBeLessThan(1_000_000)
  }
  for (const { detail } of report.checks) expect(detail ?? '', how).not.toMatch(/undefined|\[object|call stack/)
}

async function verifyChanged(directory: string, file: string, bytes: Uint8Array, how: string): Promise<Report> {
  writeFileSync(join(directory, file), bytes)
  const begun = performance.now()
  const report = await verifyPath(directory)
  expect(performance.now() - begun, how).toBeLessThan(patience)
  expectCalm(report, how)
  return report
}

/** Files that decide: not one byte of them may be another. */
const strict = [
  'log/checkpoint',
  'log/tile/0/000',
  'log/tile/0/001.p/44',
  'log/tile/1/000.p/1',
  'log/tile/entries/000',
  'log/tile/entries/001.p/44',
  'documents/piece-17.xml',
  'receipts/piece-17.json',
]
/** Files with places that say nothing: white space, a text around a certificate, a README, the status of a token. */
const loose = ['log.vkey', 'seal-ca.pem', 'tsa-ca.pem', 'checkpoint.tsr', 'evidence/piece-0.asice']

describe('a mutated file of an export', () => {
  test.each([...strict, ...loose])('%s is reported, never a crash nor a wait', async (file) => {
    const directory = copyOf(every.small, join(root, 'broken', file.replaceAll('/', '-')))
    const original = readFileSync(join(directory, file))
    const random = randomFrom(seed)
    for (let n = 0; n < mutants; n += 1) {
      const { how, bytes } = mutate(original, random)
      const report = await verifyChanged(directory, file, bytes, `${file}, mutant ${n}: ${how}`)
      if (strict.includes(file) && !Buffer.from(bytes).equals(original))
        expect(report.verdict, `${file}, mutant ${n}: ${how}`).not.toBe('proved')
    }
    expect((await verifyChanged(directory, file, original, 'as it was')).verdict).toBe('proved')
  })

  test('timestamps.ndjson too, line by line', async () => {
    const directory = copyOf(every.dated, join(root, 'broken', 'dated'))
    const file = 'timestamps.ndjson'
    const original = readFileSync(join(directory, file))
    expect(original.toString().split('\n').length).toBe(3)
    const random = randomFrom(seed)
    for (let n = 0; n < mutants; n += 1) {
      const { how, bytes } = mutate(original, random)
      await verifyChanged(directory, file, bytes, `${file}, mutant ${n}: ${how}`)
    }
    const hostile = [
      `${'['.repeat(130_000)}\n`,
      `{"index":256,"salt":"","checkpoint":"","token":"","envelope":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}\n`,
      '\n'.repeat(1_000_000),
      'x'.repeat(10_000_000),
      '{"index":1e308,"salt":"","checkpoint":"","token":"","envelope":{}}\n',
      '{"__proto__":{"index":256}}\n',
    ]
    for (const text of hostile) {
      const report = await verifyChanged(directory, file, Buffer.from(text), text.slice(0, 40))
      expect(report.verdict, text.slice(0, 40)).toBe('not-proved')
    }
    expect((await verifyChanged(directory, file, original, 'as it was')).verdict).toBe('proved')
  })

  test('and whatever is given as an earlier checkpoint', async () => {
    const from = join(root, 'earlier')
    const originals = ['log/checkpoint', 'receipts/piece-17.json'].map((file) => readFileSync(join(every.small, file)))
    const random = randomFrom(seed)
    for (const original of originals) {
      for (let n = 0; n < mutants / 2; n += 1) {
        const { how, bytes } = mutate(original, random)
        writeFileSync(from, bytes)
        writeFileSync(`${from}.tsr`, mutate(readFileSync(join(every.small, 'checkpoint.tsr')), random).bytes)
        expectCalm(await verifyPath(join(every.small, 'log'), { from, trust: every.small }), `mutant ${n}: ${how}`)
        expectCalm(await verifyPath(from, { trust: every.small }), `alone, mutant ${n}: ${how}`)
      }
    }
  })
})

test('names that command a terminal are shown, not obeyed', async () => {
  const directory = copyOf(every.small, join(root, 'names'))
  writeFileSync(join(directory, 'documents', '\u001b[2J\u001b[1;32mPROUVÉ\r\n.xml'), 'x')
  writeFileSync(join(directory, 'documents', '\u202elmx.txt'), 'x')
  const report = await verifyPath(directory)
  expect(report.verdict).toBe('not-proved')
  expectCalm(report, 'names')
  expect(report.text('fr')).toContain(String.raw`documents/\u{1b}[2J\u{1b}[1;32mPROUVÉ\u{d}\u{a}.xml`)
})
