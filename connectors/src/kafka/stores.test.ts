import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aRecord, topic } from '../testing/records.ts'
import { openPark } from './park.ts'
import { openProgressFiles } from './progress-files.ts'
import { createTurns } from './turns.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'socle-consumer-'))
})
afterEach(async () => await rm(root, { recursive: true, force: true }))

describe('progress', () => {
  const place = { topic, partition: 3 }

  test('is what was moved last, also after a restart, for each partition', async () => {
    const files = await openProgressFiles(root, 'group')
    expect(files.of(place)).toBeUndefined()
    await files.move(place, { next: 5, last: 12, source: '//hub' })
    await files.move({ topic, partition: 4 }, { next: 1, last: 2, gapAccepted: true })
    for (const seen of [files, await openProgressFiles(root, 'group')]) {
      expect(seen.of(place)).toEqual({ next: 5, last: 12, source: '//hub' })
      expect(seen.of({ topic, partition: 4 })).toEqual({ next: 1, last: 2, gapAccepted: true })
      expect(seen.of({ topic, partition: 5 })).toBeUndefined()
    }
  })

  test('belongs to one group', async () => {
    await openProgressFiles(root, 'group')
    await expect(openProgressFiles(root, 'other')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })

  test.each(['', '{', '[]', '{"next":-1}', '{"next":"5"}', '{"next":5,"last":1.5}'])(
    'that is damaged is not taken for none: %j',
    async (text) => {
      await (await openProgressFiles(root, 'group')).move(place, { next: 5 })
      await writeFile(join(root, `${topic}.3.json`), text)
      await expect(openProgressFiles(root, 'group')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
    },
  )
})

describe('the park', () => {
  const limits = { parkedEvents: 3, parkedBytes: 100_000 }
  const ofB = aRecord(3, 2, { consultation: 'B' })

  test('keeps each consultation in order, also after a restart, byte for byte', async () => {
    const park = await openPark(root, limits)
    await park.add('A', aRecord(1, -1, { consultation: 'A' }), 'first')
    await park.add('B', ofB, 'other')
    await park.add('A', aRecord(2, 1, { consultation: 'A' }), 'follows')
    for (const seen of [park, await openPark(root, limits)]) {
      expect(seen.consultations()).toEqual(['A', 'B'])
      expect(seen.of('A').map(({ record, reason }) => [record.headers['hub-seq'], reason])).toEqual([
        ['1', 'first'],
        ['2', 'follows'],
      ])
      expect(seen.of('B')[0]?.record).toEqual(ofB)
    }
  })

  test('parks the same record once, and one that only has the same offset beside it', async () => {
    const park = await openPark(root, limits)
    await park.add('A', aRecord(1, -1, { offset: 0 }), 'crash')
    await park.add('A', aRecord(1, -1, { offset: 0 }), 'again')
    expect(park.of('A')).toHaveLength(1)
    await park.add('A', aRecord(9, -1, { offset: 0 }), 'topic made again')
    expect(park.of('A')).toHaveLength(2)
  })

  test('is full by number or by bytes, and has room again after a removal', async () => {
    const park = await openPark(root, limits)
    expect(park.hasRoom(aRecord(1, -1, { value: 'x'.repeat(100_001) }))).toBe(false)
    for (const n of [1, 2, 3]) await park.add('A', aRecord(n, n - 1), 'no')
    expect(park.hasRoom(aRecord(4, 3))).toBe(false)
    const [first] = park.of('A')
    if (first) await park.remove(first)
    expect(park.hasRoom(aRecord(4, 3))).toBe(true)
    expect(await readdir(root)).toHaveLength(2)
    expect((await openPark(root, limits)).of('A')).toHaveLength(2)
  })

  test('that is damaged is not taken for empty', async () => {
    await (await openPark(root, limits)).add('A', ofB, 'no')
    const [name = ''] = await readdir(root)
    await writeFile(join(root, name), '{"consultation":"A"}')
    await expect(openPark(root, limits)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
  })
})

test('turns: one at a time for a key, in the order given, also after a failure; other keys at once', async () => {
  const turns = createTurns()
  const log: string[] = []
  const work = (name: string, ms: number) => async () => {
    log.push(`${name}>`)
    await new Promise((resolve) => setTimeout(resolve, ms))
    log.push(`<${name}`)
    if (name === 'a1') throw new Error('a1')
  }
  const failed = turns('a', work('a1', 20))
  await Promise.all([expect(failed).rejects.toThrow('a1'), turns('a', work('a2', 1)), turns('b', work('b1', 1))])
  expect(log).toEqual(['a1>', 'b1>', '<b1', '<a1', 'a2>', '<a2'])
})
