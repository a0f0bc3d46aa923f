import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aChain, aRecord } from '../testing/records.ts'
import { judgeRecord, type Progress } from './chain.ts'
import type { KafkaRecord } from './record.ts'

interface Read {
  readonly handled: readonly number[]
  readonly stoppedBy: string | undefined
}

/** Reads records in order until one must not be taken. */
function read(records: readonly KafkaRecord[]): Read {
  let progress: Progress | undefined
  const handled: number[] = []
  for (const record of records) {
    const judged = judgeRecord(progress, record)
    if (!('after' in judged)) return { handled, stoppedBy: judged.is }
    if (judged.is !== 'repeated') handled.push(judged.sequence)
    progress = judged.after
  }
  return { handled, stoppedBy: undefined }
}

const growing = fc
  .uniqueArray(fc.nat({ max: 100_000 }), { minLength: 3, maxLength: 40 })
  .map((numbers) => numbers.toSorted((a, b) => a - b))
/** The offsets that records get when they are written in this order. */
const written = (records: readonly KafkaRecord[]): KafkaRecord[] =>
  records.map((record, offset) => ({ ...record, offset }))

describe('the rule of hub-seq and hub-prev', () => {
  test('property: however often parts of a partition are sent again, each event is handled once and in order', () => {
    const again = fc.array(fc.tuple(fc.nat(39), fc.nat(39)), { maxLength: 6 })
    fc.assert(
      fc.property(growing, again, (numbers, repeats) => {
        const chain = aChain(numbers)
        // After a crash the hub sends again what follows an older position: from any point on, up to any later one.
        const sent = repeats.reduce<readonly KafkaRecord[]>((so, [from, length]) => {
          const start = from % so.length
          const end = Math.min(so.length, start + 1 + length)
          return [...so.slice(0, end), ...so.slice(start, end), ...so.slice(end)]
        }, chain)
        expect(read(written(sent))).toEqual({ handled: numbers, stoppedBy: undefined })
      }),
      { numRuns: 300, seed: 20261124 },
    )
  })

  test('property: whatever is missing between two records is detected before anything after it is handled', () => {
    const holes = fc.uniqueArray(fc.nat(37), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(growing, holes, fc.boolean(), (numbers, missing, repeated) => {
        const chain = aChain(numbers)
        // Never the first, which says where the reading starts, nor the last, which nothing follows yet.
        const lost = new Set(missing.map((at) => 1 + (at % (numbers.length - 2))))
        const left = chain.filter((_, at) => !lost.has(at))
        const sent = repeated ? left.flatMap((record) => [record, record]) : left
        const { handled, stoppedBy } = read(written(sent))
        expect(stoppedBy).toBe('loss')
        expect(handled).toEqual(numbers.slice(0, Math.min(...lost)))
      }),
      { numRuns: 300, seed: 20261124 },
    )
  })

  test('takes the first record it ever sees as the start, and says whether older ones are gone', () => {
    expect(judgeRecord(undefined, aRecord(4, -1))).toMatchObject({ is: 'start', complete: true })
    expect(judgeRecord(undefined, aRecord(4, 2))).toMatchObject({ is: 'start', complete: false })
  })

  test('names both ends of a gap', () => {
    expect(judgeRecord({ next: 3, last: 2 }, aRecord(9, 7))).toEqual({
      is: 'loss',
      sequence: 9,
      expected: 2,
      previous: 7,
    })
  })

  test('takes a gap once that was accepted, and is strict again afterwards', () => {
    const accepted = judgeRecord({ next: 3, last: 2, gapAccepted: true }, aRecord(9, 7, { offset: 3 }))
    expect(accepted).toEqual({ is: 'next', sequence: 9, after: { next: 4, last: 9, source: 'urn:socle:sandbox' } })
    expect(judgeRecord((accepted as { after: Progress }).after, aRecord(12, 11)).is).toBe('loss')
    const repeated = judgeRecord({ next: 3, last: 2, gapAccepted: true }, aRecord(1, 0, { offset: 3 }))
    expect(repeated).toEqual({ is: 'repeated', after: { next: 4, last: 2, gapAccepted: true } })
  })

  test('does not take the numbers of another log for repetitions', () => {
    const progress = { next: 9, last: 800, source: '//hub/2026h1' }
    const other = aRecord(0, -1, { headers: { ce_source: '//hub/2026h2' } })
    expect(judgeRecord(progress, other)).toEqual({
      is: 'other-log',
      expected: '//hub/2026h1',
      source: '//hub/2026h2',
    })
    expect(judgeRecord({ ...progress, gapAccepted: true }, other)).toMatchObject({ is: 'next', sequence: 0 })
  })

  test.each([
    ['no number', { 'hub-seq': '' }],
    ['no integer', { 'hub-seq': '1.0' }],
    ['a number beyond exact integers', { 'hub-seq': '9007199254740993' }],
    ['no previous number', { 'hub-prev': '' }],
    ['a previous number below -1', { 'hub-prev': '-2' }],
    ['a previous number that is its own', { 'hub-prev': '5' }],
  ])('knows a record with %s as none of a hub', (_, headers) => {
    expect(judgeRecord({ next: 5, last: 4 }, aRecord(5, 4, { headers })).is).toBe('foreign')
  })
})
