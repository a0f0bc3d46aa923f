import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { examine, openPacks } from '@socle/mappings'
import { defaultPacksFolder, packsIn } from '@socle/gateway'
import { rules } from '@socle/schemas'
import { expect, test } from 'vitest'
import { chosenSeed } from '../support/seed.ts'
import { type Random, mutate, randomFrom } from './mutate.ts'

const seed = chosenSeed()
const count = 10_000
/** Documents above this size are left to the suite of samples: ten thousand of them would take an hour. */
const largestSeed = 60_000

const own = join(import.meta.dirname, '../../../schemas/examples/documents')
const shared = join(import.meta.dirname, '../../../../shared/data')

function documents(): readonly Uint8Array[] {
  if (!existsSync(shared)) process.stderr.write('no ../shared/data: mutants of our own documents only\n')
  const folders = existsSync(shared) ? [own, shared] : [own]
  return folders
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(xml|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => statSync(path).size <= largestSeed)
    .sort()
    .map((path) => readFileSync(path))
}

test(`${count} mutants (seed ${seed}) give typed findings, in bounded time and memory`, () => {
  process.stderr.write(`corpus: SOCLE_SEED=${seed}\n`)
  const packs = openPacks(packsIn(defaultPacksFolder))
  const official = [packs.sdk('1.13')?.texts, packs.sdk('1.15')?.texts]
  const isKnown = (rule: string): boolean =>
    Object.hasOwn(rules, rule) || official.some((texts) => texts?.textOf(rule, 'en') !== undefined)
  const seeds = documents()
  const random: Random = randomFrom(seed)
  let slowest = { ms: 0, how: '' }
  let accepted = 0
  for (let i = 0; i < count; i += 1) {
    const { how, bytes } = mutate(seeds[random(seeds.length)] ?? new Uint8Array(), random)
    const start = performance.now()
    const { verdict, findings, records } = examine(bytes, { now: new Date('2026-06-01T12:00:00Z'), packs })
    const ms = performance.now() - start
    if (i > 500 && ms > slowest.ms) slowest = { ms, how }
    if (verdict === 'accepted') accepted += 1
    const place = `mutant ${i}: ${how}`
    const unknown = findings.filter(({ rule }) => rule === 'FORMAT-INTERNAL' || !isKnown(rule))
    expect(unknown, place).toEqual([])
    if (verdict === 'refused' && records.length <= 1) {
      expect(
        findings.some(({ severity }) => severity === 'reject'),
        place,
      ).toBe(true)
    }
    for (const { message } of findings) if (message.fr === '' || message.en === '') expect.fail(place)
  }
  process.stderr.write(`corpus: ${accepted} accepted, slowest ${slowest.ms.toFixed(0)} ms (${slowest.how})\n`)
  // Limits, not speed: the largest document that the limits admit takes a few seconds.
  expect(slowest.ms).toBeLessThan(10_000)
  expect(process.memoryUsage().rss).toBeLessThan(1_500 * 1024 * 1024)
}, 600_000)
