import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { openCursorFile } from './cursor-file.ts'
import { openDirectory } from './durable-file.ts'
import { openSeen } from './seen.ts'

const root = await mkdtemp(join(tmpdir(), 'connector-seen-'))
afterAll(async () => await rm(root, { recursive: true, force: true }))

test('an event is known from its mark on, over restarts, and each source counts alone', async () => {
  const path = join(root, 'a', 'seen.json')
  const a = 'urn:socle:sandbox'
  const seen = await openSeen(path)
  expect(seen.has({ source: a, hubseq: 0 })).toBe(false)
  await seen.mark({ source: a, hubseq: 4 })
  const again = await openSeen(path)
  expect([3, 4, 5].map((hubseq) => again.has({ source: a, hubseq }))).toEqual([true, true, false])
  expect(again.has({ source: 'urn:socle:production', hubseq: 3 })).toBe(false)
  await again.mark({ source: a, hubseq: 2 })
  expect((await openSeen(path)).has({ source: a, hubseq: 4 })).toBe(true)
  await again.clear()
  expect((await openSeen(path)).has({ source: a, hubseq: 0 })).toBe(false)
})

test('whatever is repeated, and wherever a crash falls, each event is handled once and in order', async () => {
  let run = 0
  const deliveries = fc.array(fc.record({ back: fc.nat({ max: 5 }), crash: fc.boolean() }), { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(deliveries, async (deliveries) => {
      const path = join(root, `run-${(run += 1)}`)
      let seen = await openSeen(path)
      const handled: number[] = []
      let highest = -1
      for (const { back, crash } of deliveries) {
        const hubseq = Math.max(0, highest + 1 - back)
        if (crash) seen = await openSeen(path)
        if (seen.has({ source: 's', hubseq })) continue
        handled.push(hubseq)
        await seen.mark({ source: 's', hubseq })
        highest = Math.max(highest, hubseq)
      }
      expect(handled).toEqual(handled.map((_, i) => i))
    }),
    { numRuns: 25 },
  )
})

test('a cursor is there after a restart, whole, and gone once cleared', async () => {
  const path = join(root, 'c', 'cursor')
  const file = await openCursorFile(path)
  expect(await file.read()).toBeUndefined()
  await file.write('MS5hYmMuMTI')
  await file.write('MS5hYmMuMTM')
  expect(await (await openCursorFile(path)).read()).toBe('MS5hYmMuMTM')
  expect(await readdir(join(root, 'c'))).toEqual(['cursor'])
  await file.clear()
  expect(await file.read()).toBeUndefined()
})

test.each(['', 'MS5hYmM\n', 'socle-cursor/v1 \n', 'socle-cursor/v1 a b\n', '{"a":"x"}'])(
  'a damaged file is not taken for the start of the log: %j',
  async (text) => {
    const path = join(root, 'damaged')
    await writeFile(path, text)
    await expect((await openCursorFile(path)).read()).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    await expect(openSeen(path)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  },
)

test('opening a directory sweeps what a crash left half-written and nothing else', async () => {
  const place = join(root, 'swept')
  await openDirectory(place)
  await writeFile(join(place, 'cursor'), 'kept')
  await writeFile(join(place, 'cursor.1234.tmp'), 'half')
  await openDirectory(place)
  expect(await readdir(place)).toEqual(['cursor'])
})
